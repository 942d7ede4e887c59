"""Code in JavaScript, with fetch."""

from collections.abc import Iterator, Sequence
from typing import Any

from .inline_images import EmbeddedPicture, extract_pictures
from .literals import JAVASCRIPT, JSON, Code
from .notes import TEXT_ALONE, note
from .quoting import javascript_text, raw_template, template
from .snippet import Images, Snippet
from .targets import ACCOUNT_VARIABLE, AnswerFormat, Target

_LARGEST_INTEGER = 2**53

_REFUSAL = "if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);"

_EVENTS = """\
let pending = "";
for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (pending + text).split("\\n");
  pending = lines.pop();
  for (const line of lines) {
    const data = line.startsWith("data:") ? line.slice(5).trim() : "";
    if (data === "" || data === "[DONE]") continue;
    const chunk = JSON.parse(data);
    FAULT
    process.stdout.write(String(TEXT ?? ""));
  }
}
console.log();"""

_LINES = """\
let pending = "";
for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (pending + text).split("\\n");
  pending = lines.pop();
  for (const line of lines) {
    const chunk = JSON.parse(line);
    FAULT
    process.stdout.write(TEXT);
  }
}
console.log();"""

_DOCUMENTED_FAULT = "if (chunk.errors?.length) throw new Error(JSON.stringify(chunk.errors));"
_ENGINE_FAULT = "if (chunk.error) throw new Error(JSON.stringify(chunk.error));"

# A failure can have status 200 (wire.md 1.2).
_SUCCEEDED = "if (!answer.success) throw new Error(JSON.stringify(answer.errors));"

_CHUNK_TEXTS = {
    AnswerFormat.NATIVE: "chunk.response",
    AnswerFormat.NEWER: "chunk.choices?.[0]?.delta?.content ?? chunk.response",
    AnswerFormat.CHAT: "chunk.choices[0]?.delta.content",
    AnswerFormat.COMPLETION: "chunk.choices[0]?.text",
    AnswerFormat.OLLAMA_CHAT: "chunk.message.content",
    AnswerFormat.OLLAMA_PROMPT: "chunk.response",
}

_RESULTS = {
    AnswerFormat.NATIVE: "result",
    AnswerFormat.NEWER: "result",
    AnswerFormat.CHAT: "choices[0].message",
    AnswerFormat.COMPLETION: "choices[0].text",
    AnswerFormat.OLLAMA_CHAT: "message",
    AnswerFormat.OLLAMA_PROMPT: "response",
}


def javascript_snippet(target: Target, images: Images) -> Snippet:
    """Return a module for Node 18 or newer."""
    exact = not rounds(target.body)
    body, pictures = extract_pictures(target.body, variable_of) if exact else (target.body, [])
    files = {each.file_name: each.data for each in pictures if images == "file"}
    code = "\n\n".join(_parts(target, body, pictures, images)) + "\n"
    more = "Run it with Node 18 or newer."
    if target.key_variable:
        more += " A web page must not contain a token; call the API from your own server instead."
    if target.streams and target.body.get("tools"):
        more = f"{TEXT_ALONE} {more}"
    if not exact:
        more += " The body is a string, because JavaScript would round its large numbers."
    sentences = note(target, files, more)
    name = "javascript"
    return Snippet(name, "JavaScript", name, "ask.mjs", code, note=sentences, files=files)


def rounds(value: Any) -> bool:
    """Return whether JavaScript would change a number: its own are exact up to 2**53."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, int | float) and abs(item) > _LARGEST_INTEGER:
            return True
    return False


def variable_of(picture: EmbeddedPicture) -> str:
    """Return the name of the constant for a picture."""
    return f"picture{picture.number}"


def inline_picture(picture: EmbeddedPicture) -> str:
    """Return the definition of the constant with the picture."""
    return f"const {variable_of(picture)} = {picture.literal(javascript_text)};"


def _parts(
    target: Target, body: dict[str, Any], pictures: Sequence[EmbeddedPicture], images: Images
) -> Iterator[str]:
    if pictures and images == "file":
        yield 'import { readFile } from "node:fs/promises";'
    account = None if target.address.after is None else ACCOUNT_VARIABLE
    if variables := [name for name in (account, target.key_variable) if name]:
        yield f"const {{ {', '.join(variables)} }} = process.env;"
    if pictures:
        yield "\n".join(
            inline_picture(each) if images == "inline" else _read_picture(each) for each in pictures
        )
    yield f"{_call(target, body)}\n{_REFUSAL}"
    if not target.streams:
        yield "\n".join(_whole(target))
    else:
        ollama = target.answers in (AnswerFormat.OLLAMA_CHAT, AnswerFormat.OLLAMA_PROMPT)
        fault = _DOCUMENTED_FAULT if target.is_documented else _ENGINE_FAULT
        loop = (_LINES if ollama else _EVENTS).replace("FAULT", fault)
        yield loop.replace("TEXT", _CHUNK_TEXTS[target.answers])


def _whole(target: Target) -> Iterator[str]:
    yield "const answer = await response.json();"
    if target.is_documented:
        yield _SUCCEEDED
    yield f"console.dir(answer.{_RESULTS[target.answers]}, {{ depth: null }});"


def _read_picture(picture: EmbeddedPicture) -> str:
    read = f'await readFile("{picture.file_name}", "base64")'
    written = f"{javascript_text(picture.head)} + ({read})" if picture.head else read
    return f"const {variable_of(picture)} = {written};"


def _call(target: Target, body: dict[str, Any]) -> str:
    headers: dict[str, Any] = {"Content-Type": "application/json"}
    if target.key_variable:
        headers["Authorization"] = Code(template("Bearer ", target.key_variable, ""))
    if target.gateway_id:
        headers["cf-aig-gateway-id"] = target.gateway_id
    options = {"method": "POST", "headers": headers, "body": Code(_body(body))}
    entries = [(JAVASCRIPT.key(name), value) for name, value in options.items()]
    call = JAVASCRIPT.block("const response = await fetch(url, {", entries, "});")
    return f"const url = {_address(target)};\n{call}"


def _body(body: dict[str, Any]) -> str:
    if rounds(body):
        return raw_template(JSON.spread(JSON.shallow(body)))
    return f"JSON.stringify({JAVASCRIPT.spread(JAVASCRIPT.shallow(body), '  ')})"


def _address(target: Target) -> str:
    before, after = target.address
    if after is None:
        return javascript_text(before)
    return template(before, ACCOUNT_VARIABLE, after)
