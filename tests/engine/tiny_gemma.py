"""A Gemma 3 with random weights and a vision part, small enough to be created when a test starts.

It has Gemma 3's own architecture throughout (sliding and global attention, SigLIP, 256 tokens per
picture, its template and special tokens), so an engine treats it like the real one. Its output is
noise, which is good test data: control characters, partial characters, empty deltas.
"""

from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np

NAME = "gemma-3-tiny"
CONTEXT = 8192
WIDTH, LAYERS, HEADS, KV_HEADS, HEAD, INNER = 64, 6, 4, 2, 32, 128
SEES, EYE, PATCH, POOL = 896, 32, 14, 4

SPECIAL = (
    *("<pad>", "<eos>", "<bos>", "<unk>"),
    *("<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>"),
)
WORDS = (
    "▁a ▁the ▁and ▁of ▁to ▁in ▁is ▁word ▁picture ▁color ▁red ▁green ▁blue ▁answer ▁tool ▁name"
    " ▁number ▁yes ▁no ▁one ▁two ▁three e t o n i s r h l d u m w c f g y p b v k er on th he in"
    ' user model system \n \n\n {" ": "} ▁{ ▁} [ ] : , . ! ? 0 1 2 3 4 5 6 7 8 9'
)

TEMPLATE = """\
{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}
{%- if messages[0]['content'] is string -%}
{%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
{%- else -%}
{%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
{%- endif -%}
{%- set loop_messages = messages[1:] -%}
{%- else -%}
{%- set first_user_prefix = "" -%}
{%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
{{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
{%- endif -%}
{%- if (message['role'] == 'assistant') -%}
{%- set role = "model" -%}
{%- else -%}
{%- set role = message['role'] -%}
{%- endif -%}
{{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
{%- if message['content'] is string -%}
{{ message['content'] | trim }}
{%- elif message['content'] is iterable -%}
{%- for item in message['content'] -%}
{%- if item['type'] == 'image' -%}
{{ '<start_of_image>' }}
{%- elif item['type'] == 'text' -%}
{{ item['text'] | trim }}
{%- endif -%}
{%- endfor -%}
{%- else -%}
{{ raise_exception("Invalid content type") }}
{%- endif -%}
{{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<start_of_turn>model\n' }}
{%- endif -%}
"""
"""Gemma 3's own rules: system text before the first turn, strict alternation (wire.md 8.1)."""

TOOL_TEMPLATE = """\
{{ bos_token }}{%- if tools -%}<start_of_turn>user
You may call one of these functions by writing {"name": ..., "parameters": {...}}:
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}<end_of_turn>
{% endif -%}
{%- for message in messages -%}
{%- if message.role == 'assistant' and message.tool_calls -%}
<start_of_turn>model
{%- for call in message.tool_calls %}
{"name": "{{ call.function.name }}", "parameters": {{ call.function.arguments | tojson }}}
{%- endfor %}<end_of_turn>
{% elif message.role == 'tool' -%}
<start_of_turn>user
{{ message.content }}<end_of_turn>
{% else -%}
<start_of_turn>{{ 'model' if message.role == 'assistant' else 'user' }}
{{ message.content }}<end_of_turn>
{% endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
<start_of_turn>model
{% endif -%}
"""
"""A template with tools in bare JSON: the engine finds calls even in noise."""


class TinyGemma(NamedTuple):
    """The paths of the two files."""

    text: Path
    vision: Path


def write_tiny_gemma(folder: Path) -> TinyGemma:
    """Write both files, identical every time."""
    files = TinyGemma(folder / f"{NAME}.gguf", folder / f"mmproj-{NAME}.gguf")
    _write_text(files.text)
    _write_vision(files.vision)
    return files


class _Weights:
    """A file of weights drawn from one seed."""

    def __init__(self, path: Path, architecture: str, seed: int) -> None:
        self.writer = gguf.GGUFWriter(path, architecture)
        self._random = np.random.default_rng(seed)

    def draw(self, name: str, *shape: int, scale: float = 1.0, exact: bool = False) -> None:
        values = self._random.standard_normal(shape) * scale / np.sqrt(shape[-1])
        self.writer.add_tensor(name, values.astype(np.float32 if exact else np.float16))

    def fill(self, name: str, size: int, value: float = 0.0) -> None:
        self.writer.add_tensor(name, np.full(size, value, np.float32))

    def save(self) -> None:
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


def _write_text(path: Path) -> None:
    weights = _Weights(path, "gemma3", seed=3)
    writer = weights.writer
    writer.add_name(NAME)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_sliding_window(512)
    size = _write_vocabulary(writer)
    weights.draw("token_embd.weight", size, WIDTH)
    # A separate head: with the embedding as head, random weights repeat one token forever.
    weights.draw("output.weight", size, WIDTH, scale=3.0)
    weights.fill("output_norm.weight", WIDTH, 1.0)
    for layer in range(LAYERS):
        _draw_layer(weights, f"blk.{layer}")
    weights.save()


def _draw_layer(weights: _Weights, name: str) -> None:
    for norm in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"):
        weights.fill(f"{name}.{norm}.weight", WIDTH, 1.0)
    for norm in ("attn_q_norm", "attn_k_norm"):
        weights.fill(f"{name}.{norm}.weight", HEAD, 1.0)
    weights.draw(f"{name}.attn_q.weight", HEADS * HEAD, WIDTH)
    weights.draw(f"{name}.attn_k.weight", KV_HEADS * HEAD, WIDTH)
    weights.draw(f"{name}.attn_v.weight", KV_HEADS * HEAD, WIDTH)
    weights.draw(f"{name}.attn_output.weight", WIDTH, HEADS * HEAD)
    weights.draw(f"{name}.ffn_gate.weight", INNER, WIDTH)
    weights.draw(f"{name}.ffn_up.weight", INNER, WIDTH)
    weights.draw(f"{name}.ffn_down.weight", WIDTH, INNER)


def _write_vocabulary(writer: gguf.GGUFWriter) -> int:
    pieces = [piece for piece in WORDS.split(" ") if piece]
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *pieces]
    kind = gguf.TokenType
    types = [kind.CONTROL] * len(SPECIAL) + [kind.BYTE] * 256
    types += [kind.NORMAL] * (len(tokens) - len(types))
    types[SPECIAL.index("<unk>")] = kind.UNKNOWN
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(number) for number in range(len(tokens))])
    writer.add_token_types(types)
    writer.add_pad_token_id(SPECIAL.index("<pad>"))
    writer.add_eos_token_id(SPECIAL.index("<eos>"))
    writer.add_bos_token_id(SPECIAL.index("<bos>"))
    writer.add_unk_token_id(SPECIAL.index("<unk>"))
    writer.add_eot_token_id(SPECIAL.index("<end_of_turn>"))
    writer.add_add_bos_token(value=True)
    writer.add_add_space_prefix(value=False)
    writer.add_chat_template(TEMPLATE)
    return len(tokens)


def _write_vision(path: Path) -> None:
    weights = _Weights(path, "clip", seed=4)
    writer = weights.writer
    writer.add_clip_projector_type("gemma3")
    writer.add_clip_has_vision_encoder(value=True)
    writer.add_vision_image_size(SEES)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_embedding_length(EYE)
    writer.add_vision_feed_forward_length(2 * EYE)
    writer.add_vision_block_count(1)
    writer.add_vision_head_count(2)
    writer.add_vision_attention_layernorm_eps(1e-6)
    writer.add_vision_projection_dim(WIDTH)
    writer.add_vision_projector_scale_factor(POOL)
    writer.add_vision_use_gelu(value=True)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    _draw_eye(weights)
    weights.save()


def _draw_eye(weights: _Weights) -> None:
    weights.draw("v.patch_embd.weight", EYE, 3, PATCH, PATCH)
    weights.fill("v.patch_embd.bias", EYE)
    # It is added to 32-bit floats; the engine's addition accepts no other type.
    weights.draw("v.position_embd.weight", (SEES // PATCH) ** 2, EYE, exact=True)
    for norm in ("v.blk.0.ln1", "v.blk.0.ln2", "v.post_ln"):
        weights.fill(f"{norm}.weight", EYE, 1.0)
        weights.fill(f"{norm}.bias", EYE)
    for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
        weights.draw(f"v.blk.0.{part}.weight", EYE, EYE)
        weights.fill(f"v.blk.0.{part}.bias", EYE)
    weights.draw("v.blk.0.ffn_up.weight", 2 * EYE, EYE)
    weights.fill("v.blk.0.ffn_up.bias", 2 * EYE)
    weights.draw("v.blk.0.ffn_down.weight", EYE, 2 * EYE)
    weights.fill("v.blk.0.ffn_down.bias", EYE)
    weights.draw("mm.input_projection.weight", EYE, WIDTH)
    weights.fill("mm.soft_emb_norm.weight", EYE, 1.0)
