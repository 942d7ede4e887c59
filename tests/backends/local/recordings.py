"""Engines' answers, byte for byte or in shape, each with its version and source.

*recorded*: bytes of that very version. *shaped*: written after the source or the documentation.
"""

from typing import Any, NamedTuple

from backends.local.engine_table import EngineKind
from tests.wire_server import Answer, as_json


class Recording(NamedTuple):
    """One answer and the expected reading of it."""

    kind: EngineKind
    source: str
    body: bytes
    text: str
    finish: str
    tokens: tuple[int, int] | None
    """Tokens of prompt and completion."""

    @property
    def answer(self) -> Answer:
        ollama = self.kind == "ollama"
        return Answer((self.body,), 200, {"Content-Type": NDJSON if ollama else EVENTS})


NDJSON = "application/x-ndjson"
EVENTS = "text/event-stream"


def sse(*events: Any, done: bool = True) -> bytes:
    sent = [event if isinstance(event, bytes) else b"data: " + as_json(event) for event in events]
    return b"".join(event + b"\n\n" for event in (*sent, *([b"data: [DONE]"] if done else [])))


def ndjson(*values: Any) -> bytes:
    return b"".join(as_json(value) + b"\n" for value in values)


_LLAMA = {
    "created": 1795389298,
    "id": "chatcmpl-q2z5",
    "model": "gemma-3-tiny",
    "system_fingerprint": "b0-unknown",
    "object": "chat.completion.chunk",
}


def llama(delta: Any, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"finish_reason": finish, "index": 0, "delta": delta}], **_LLAMA}


_LLAMA_USAGE = {
    "choices": [],
    **_LLAMA,
    "usage": {
        "completion_tokens": 6,
        "prompt_tokens": 29,
        "total_tokens": 35,
        "prompt_tokens_details": {"cached_tokens": 1},
    },
    "timings": {"cache_n": 1, "prompt_n": 28, "predicted_per_second": 4492.36},
}


def vllm(delta: Any, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {
        "id": "chatcmpl-7d1",
        "object": "chat.completion.chunk",
        "created": 1795389298,
        "model": "google/gemma-3-12b-it",
        "choices": [choice],
    }


def ollama(said: Any, **more: Any) -> dict[str, Any]:
    made = {"model": "gemma3:4b", "created_at": "2026-10-01T10:00:00.1Z"}
    return {**made, "message": {"role": "assistant", **said}, "done": False, **more}


OLLAMA_DONE = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 4883583458,
    "load_duration": 1334875,
    "prompt_eval_count": 26,
    "prompt_eval_duration": 342546000,
    "eval_count": 282,
    "eval_duration": 4535599000,
}

STREAMS = {
    "llama-server": Recording(
        "llama-server",
        "recorded: llama.cpp's server in xllamacpp 2026.10.11549",
        sse(
            llama({"role": "assistant", "content": None}),
            llama({"content": " chan"}),
            b":",
            llama({"content": "ge \u2028“ü🙂”"}),
            llama({}, "length"),
            _LLAMA_USAGE,
        ),
        " change \u2028“ü🙂”",
        "length",
        (29, 6),
    ),
    "llama-server, raw": Recording(
        "llama-server",
        "recorded: llama.cpp's server in xllamacpp 2026.10.11549, /v1/completions",
        sse(
            {"choices": [{"text": " of", "index": 0, "logprobs": None, "finish_reason": None}]},
            {"choices": [{"text": "e", "index": 0, "logprobs": None, "finish_reason": None}]},
            {
                "choices": [{"text": "", "index": 0, "logprobs": None, "finish_reason": "length"}],
                "object": "text_completion",
                "usage": {"completion_tokens": 4, "prompt_tokens": 8, "total_tokens": 12},
            },
        ),
        " ofe",
        "length",
        (8, 4),
    ),
    "vllm": Recording(
        "vllm",
        "recorded: vLLM 0.32.0; the last text and finish_reason share an event",
        sse(
            vllm({"role": "assistant", "content": ""}),
            vllm({"content": "Hello"}),
            vllm({"content": " there"}, "stop"),
            {
                "id": "chatcmpl-7d1",
                "object": "chat.completion.chunk",
                "choices": [],
                "usage": {"prompt_tokens": 11, "total_tokens": 13, "completion_tokens": 2},
            },
        ),
        "Hello there",
        "done",
        (11, 2),
    ),
    "vllm, thinking": Recording(
        "vllm",
        "shaped: vLLM 0.33's source, with a reasoning parser",
        sse(
            vllm({"role": "assistant", "content": ""}),
            vllm({"reasoning_content": "Let me see."}),
            vllm({"reasoning": "Yes."}),
            vllm({"content": "Hello"}, "stop"),
        ),
        "Hello",
        "done",
        None,
    ),
    "transformers serve": Recording(
        "openai",
        "recorded: transformers 5.23.0; usage in the last event, no [DONE]",
        sse(
            {"choices": [{"delta": {"role": "assistant"}, "index": 0}]},
            {"choices": [{"delta": {"content": "Hi"}, "index": 0}]},
            {
                "choices": [{"delta": {}, "finish_reason": "stop", "index": 0}],
                "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
            },
            done=False,
        ),
        "Hi",
        "done",
        (5, 1),
    ),
    "llama-cpp-python": Recording(
        "openai",
        "recorded: llama-cpp-python 0.3.36; [DONE] and never a usage",
        sse(
            {"choices": [{"delta": {"role": "assistant"}, "index": 0, "finish_reason": None}]},
            {"choices": [{"delta": {"content": "Hi"}, "index": 0, "finish_reason": None}]},
            {"choices": [{"delta": {}, "index": 0, "finish_reason": "length"}]},
        ),
        "Hi",
        "length",
        None,
    ),
    "lm-studio": Recording(
        "lm-studio",
        "shaped: LM Studio 0.4's documentation",
        sse(
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Rain"}}]},
            {"choices": [{"index": 0, "delta": {"content": "!"}, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        ),
        "Rain!",
        "done",
        None,
    ),
    "ollama": Recording(
        "ollama",
        "shaped: Ollama 0.33.2's source and documentation, /api/chat",
        ndjson(
            ollama({"content": "The"}),
            ollama({"content": "", "thinking": "Hm."}),
            ollama({"content": " sky \u2028“ü🙂”"}),
            ollama({"content": ""}, **OLLAMA_DONE),
        ),
        "The sky \u2028“ü🙂”",
        "done",
        (26, 282),
    ),
    "ollama, raw": Recording(
        "ollama",
        "shaped: Ollama 0.33.2's source and documentation, /api/generate",
        ndjson(
            {"model": "gemma3:4b", "response": "The", "done": False},
            {"model": "gemma3:4b", "response": " sky", "done": False},
            {**OLLAMA_DONE, "response": "", "done_reason": "length", "context": [1, 2]},
        ),
        "The sky",
        "length",
        (26, 282),
    ),
}

CALL = {"name": "add", "arguments": {"a": 1, "b": 2}}

TOOL_STREAMS = {
    "llama-server": Recording(
        "llama-server",
        "recorded: llama.cpp's server in xllamacpp 2026.10.11549, a template with tools",
        sse(
            llama(
                {
                    "tool_calls": [
                        {
                            "index": 0,
                            "id": "XDGe",
                            "type": "function",
                            "function": {"name": "add", "arguments": "{"},
                        }
                    ]
                }
            ),
            llama({"tool_calls": [{"index": 0, "function": {"arguments": '"a": 1, '}}]}),
            llama({"tool_calls": [{"index": 0, "function": {"arguments": '"b": 2}'}}]}),
            llama({}, "tool_calls"),
        ),
        "",
        "done",
        None,
    ),
    "vllm": Recording(
        "vllm",
        "recorded: vLLM 0.32.0; later deltas have a name that is null",
        sse(
            vllm(
                {
                    "tool_calls": [
                        {
                            "index": 0,
                            "id": "chatcmpl-tool-1",
                            "type": "function",
                            "function": {"name": "add", "arguments": '{"a": 1'},
                        }
                    ]
                }
            ),
            vllm(
                {"tool_calls": [{"index": 0, "function": {"name": None, "arguments": ', "b": 2}'}}]}
            ),
            vllm({"content": ""}, "tool_calls"),
        ),
        "",
        "done",
        None,
    ),
    "ollama": Recording(
        "ollama",
        "shaped: Ollama 0.33.2's source; calls come whole",
        ndjson(
            ollama({"content": "", "tool_calls": [{"function": {"index": 0, **CALL}}]}),
            ollama({"content": ""}, **OLLAMA_DONE),
        ),
        "",
        "done",
        (26, 282),
    ),
}

WHOLE = {
    "llama-server": Recording(
        "llama-server",
        "recorded: llama.cpp's server in xllamacpp 2026.10.11549",
        as_json(
            {
                "choices": [
                    {
                        "finish_reason": "stop",
                        "index": 0,
                        "message": {"role": "assistant", "content": "ü🙂"},
                    }
                ],
                "object": "chat.completion",
                "usage": {"completion_tokens": 13, "prompt_tokens": 35, "total_tokens": 48},
                "timings": {},
            }
        ),
        "ü🙂",
        "done",
        (35, 13),
    ),
    "vllm, parsed": Recording(
        "vllm",
        "shaped: servers that parse JSON themselves",
        as_json({"choices": [{"message": {"content": {"a": [1]}}, "finish_reason": "length"}]}),
        '{"a":[1]}',
        "length",
        None,
    ),
    "ollama": Recording(
        "ollama",
        "shaped: Ollama 0.33.2's source and documentation",
        as_json(ollama({"content": "Blue."}, **OLLAMA_DONE)),
        "Blue.",
        "done",
        (26, 282),
    ),
}

REFUSALS: dict[str, tuple[EngineKind, int, bytes, str, int | None]] = {
    "llama-server, window": (
        "llama-server",
        400,
        as_json(
            {
                "error": {
                    "code": 400,
                    "message": "request (12014 tokens) exceeds the available context size"
                    " (2048 tokens), try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 12014,
                    "n_ctx": 2048,
                }
            }
        ),
        "ContextWindowError",
        5021,
    ),
    "vllm, window": (
        "vllm",
        400,
        as_json(
            {
                "error": {
                    "message": "This model's maximum context length is 2048 tokens. However, you"
                    " requested 3000 tokens.",
                    "type": "BadRequestError",
                    "param": "input_tokens",
                    "code": 400,
                }
            }
        ),
        "ContextWindowError",
        5021,
    ),
    "llama-cpp-python, window": (
        "openai",
        400,
        as_json(
            {
                "error": {
                    "message": "This model's maximum context length is 512 tokens",
                    "type": "invalid_request_error",
                    "param": "messages",
                    "code": "context_length_exceeded",
                }
            }
        ),
        "ContextWindowError",
        5021,
    ),
    "ollama, window": (
        "ollama",
        400,
        as_json(
            {
                "error": "the prompt is longer than the context length currently available to the"
                " model; shorten the prompt"
            }
        ),
        "ContextWindowError",
        5021,
    ),
    "llama-server, key": (
        "llama-server",
        401,
        as_json(
            {
                "error": {
                    "message": "Invalid API Key",
                    "type": "authentication_error",
                    "code": 401,
                }
            }
        ),
        "AuthenticationError",
        10000,
    ),
    "vllm, key": (
        "vllm",
        401,
        as_json({"error": "Unauthorized"}),
        "AuthenticationError",
        10000,
    ),
    "vllm, model": (
        "vllm",
        404,
        as_json(
            {
                "error": {
                    "message": "The model `gemma` does not exist.",
                    "type": "NotFoundError",
                    "param": "model",
                    "code": 404,
                }
            }
        ),
        "ModelUnavailableError",
        5007,
    ),
    "ollama, model": (
        "ollama",
        404,
        as_json({"error": "model 'gemma3:12b' not found"}),
        "ModelUnavailableError",
        5007,
    ),
    "transformers serve, model": (
        "openai",
        400,
        as_json({"detail": "Server is pinned to google/gemma-3-4b-it"}),
        "ModelUnavailableError",
        5007,
    ),
    "llama-server, loading": (
        "llama-server",
        503,
        as_json({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}),
        "RateLimitError",
        3040,
    ),
    "ollama, busy": (
        "ollama",
        503,
        as_json({"error": "server busy, please try again.  maximum pending requests exceeded"}),
        "RateLimitError",
        3040,
    ),
    "llama-server, picture": (
        "llama-server",
        400,
        as_json(
            {
                "error": {
                    "code": 400,
                    "message": "Failed to load image or audio file",
                    "type": "invalid_request_error",
                }
            }
        ),
        "APIStatusError",
        5004,
    ),
    "ollama, picture": (
        "ollama",
        400,
        as_json({"error": "invalid image input"}),
        "APIStatusError",
        5004,
    ),
    "ollama, tools": (
        "ollama",
        400,
        as_json({"error": "registry.ollama.ai/library/gemma3:12b does not support tools"}),
        "APIStatusError",
        8007,
    ),
    "llama-server, roles": (
        "llama-server",
        400,
        as_json(
            {
                "error": {
                    "code": 400,
                    "message": "Jinja Exception: Conversation roles must alternate user/assistant",
                    "type": "invalid_request_error",
                }
            }
        ),
        "APIStatusError",
        8007,
    ),
    "older vllm": (
        "vllm",
        400,
        as_json(
            {
                "object": "error",
                "message": "max_tokens must be at least 1, got 0.",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            }
        ),
        "APIStatusError",
        8007,
    ),
    "fastapi list": (
        "openai",
        422,
        as_json({"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs are not permitted"}]}),
        "APIStatusError",
        8007,
    ),
    "plain text": ("openai", 500, b"Internal Server Error", "APIStatusError", 8007),
    "too many": ("openai", 429, as_json({"error": "slow down"}), "RateLimitError", 3021),
}
"""Name: kind, status, body, class of the error, documented code."""
