"""Code for a Cloudflare Worker, in TypeScript."""

from typing import Any

from workers_ai import PARAMETERS, ChatRequest, Message, Part, PromptRequest
from workers_ai.backend import GEMMA

from .inline_images import EmbeddedPicture, extract_pictures
from .javascript import inline_picture, rounds, variable_of
from .literals import JAVASCRIPT
from .quoting import javascript_text
from .snippet import Images, Snippet
from .targets import Target

_START = """\
export interface Env {
  AI: Ai;
}

export default {
  async fetch(request, env): Promise<Response> {
"""

_STREAMED = """\
    return new Response(STREAM, {
      headers: { "content-type": "text/event-stream" },
    });"""

_END = """
  },
} satisfies ExportedHandler<Env>;
"""

_LOOSE = (
    "    // A plain string: the types for the model's name allow fewer inputs than the API does.\n"
)
_TYPED = frozenset({"prompt", "messages", "guided_json", *PARAMETERS})
_BINDING = 'Set the binding in wrangler.jsonc: "ai": { "binding": "AI" }.'
_ROUNDED = "JavaScript rounds its large numbers."


def worker_snippet(
    target: Target, request: ChatRequest | PromptRequest, images: Images, warning: str = ""
) -> Snippet:
    """Return the Worker. It forwards a stream as it arrives, anything else as JSON."""
    body, pictures = extract_pictures(target.body, variable_of)
    files = {f"{each.stem}.ts": _module(each) for each in pictures if images == "file"}
    constants = [
        inline_picture(each)
        if images == "inline"
        else f'import {variable_of(each)} from "./{each.stem}";'
        for each in pictures
    ]
    code = "\n".join([*constants, "", ""]) if constants else ""
    code += _code(target, body, is_typed=_is_typed(target, request))
    sentences = [warning, _BINDING, _ROUNDED if rounds(target.body) else ""]
    sentences.append(f"Put {', '.join(files)} next to it." if files else "")
    return Snippet(
        "worker",
        "Worker",
        "typescript",
        "worker.ts",
        code,
        "npm create cloudflare@latest",
        " ".join(filter(None, sentences)),
        files,
    )


def _code(target: Target, body: dict[str, Any], *, is_typed: bool) -> str:
    model = javascript_text(target.model)
    inputs = JAVASCRIPT.spread(JAVASCRIPT.shallow(body), "    ")
    options = ""
    if target.gateway_id:
        options = f", {JAVASCRIPT.written({'gateway': {'id': target.gateway_id}}, '    ')}"
    called = f"await env.AI.run({model if is_typed else 'model'}, {inputs}{options})"
    if target.streams:
        stream = "stream" if is_typed else "stream as unknown as ReadableStream"
        steps = f"    const stream = {called};\n\n{_STREAMED.replace('STREAM', stream)}"
    else:
        steps = f"    const answer = {called};\n\n    return Response.json(answer);"
    named = "" if is_typed else f"{_LOOSE}    const model: string = {model};\n"
    return f"{_START}{named}{steps}{_END}"


def _is_typed(target: Target, request: ChatRequest | PromptRequest) -> bool:
    """Return whether the types of the documented model accept the request unchanged."""
    if target.model != GEMMA or not target.body.keys() <= _TYPED:
        return False
    return isinstance(request, PromptRequest) or all(map(_is_typed_message, request.messages))


def _is_typed_message(message: Message) -> bool:
    places = [part.image_url for part in message.parts if part.image_url]
    models = (message, *message.parts, *places)
    return not isinstance(message.content, Part) and not any(each.model_extra for each in models)


def _module(picture: EmbeddedPicture) -> bytes:
    return f"export default {picture.literal(javascript_text)};\n".encode()
