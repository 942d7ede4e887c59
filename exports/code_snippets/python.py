"""Code in Python, with httpx and with requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any, Self

from .inline_images import EmbeddedPicture, extract_pictures
from .literals import PYTHON, Code
from .notes import TEXT_ALONE, note
from .quoting import f_string, python_text
from .snippet import Images, Snippet
from .targets import ACCOUNT_VARIABLE, AnswerFormat, Target

TIMEOUT = 130
"""Seconds: the API itself gives up after about 120 (wire.md 3.5)."""

LINES = '''\
def lines(response):
    """Yield each line as it arrives. U+2028 in text does not end a line."""
    pending = b""
    for data in response.iter_bytes():
        *whole, pending = (pending + data).split(b"\\n")
        yield from whole'''

_IN_EVENT = """\
event = line[5:].strip() if line.startswith(b"data:") else b""
if not event or event == b"[DONE]":
    continue
chunk = json.loads(event)"""
_IN_LINE = "chunk = json.loads(line)"

_DOCUMENTED_FAULT = """\
if errors := chunk.get("errors"):
    raise RuntimeError(errors)"""
_ENGINE_FAULT = """\
if error := chunk.get("error"):
    raise RuntimeError(error)"""

_CHUNK_TEXTS = {
    AnswerFormat.NATIVE: 'text = chunk.get("response")',
    AnswerFormat.NEWER: """\
if choices := chunk.get("choices"):
    text = choices[0]["delta"].get("content")
else:
    text = chunk.get("response")""",
    AnswerFormat.CHAT: """\
choices = chunk["choices"]
text = choices[0]["delta"].get("content") if choices else None""",
    AnswerFormat.COMPLETION: """\
choices = chunk["choices"]
text = choices[0]["text"] if choices else None""",
    AnswerFormat.OLLAMA_CHAT: 'text = chunk["message"]["content"]',
    AnswerFormat.OLLAMA_PROMPT: 'text = chunk["response"]',
}
# A failure can have status 200 (wire.md 1.2).
_SUCCEEDED = """\
answer = response.json()
if not answer["success"]:
    raise RuntimeError(answer["errors"])"""
_PRINTED = """\
if text is not None:
    print(text, end="", flush=True)"""

_RESULTS = {
    AnswerFormat.NATIVE: '["result"]',
    AnswerFormat.NEWER: '["result"]',
    AnswerFormat.CHAT: '["choices"][0]["message"]',
    AnswerFormat.COMPLETION: '["choices"][0]["text"]',
    AnswerFormat.OLLAMA_CHAT: '["message"]',
    AnswerFormat.OLLAMA_PROMPT: '["response"]',
}


@dataclass(frozen=True, slots=True)
class Program:
    """A Python program: its settings and imports follow from what it sends."""

    target: Target
    images: Images
    body: dict[str, Any]
    """The body, with a variable for each picture."""

    pictures: Sequence[EmbeddedPicture]

    @classmethod
    def of(cls, target: Target, images: Images) -> Self:
        """Return the program for a target, its pictures extracted from the body."""
        body, pictures = extract_pictures(target.body, lambda picture: f"picture_{picture.number}")
        return cls(target, images, PYTHON.shallow(body), pictures)

    def code(self, imported: str, *blocks: str, parses: bool = False) -> str:
        """Return the complete code: imports, settings, pictures and the blocks.

        `parses` is whether the blocks use `json`.
        """
        settings = [f'{variable_of(name)} = os.environ["{name}"]' for name in self._variables]
        pictures = [self._definition(picture) for picture in self.pictures]
        parts = ["\n".join(part) for part in (settings, pictures) if part]
        imports = "\n".join(self._imports(parses=parses))
        return "\n\n".join(filter(None, [imports, imported, *parts, *blocks])) + "\n"

    @property
    def files(self) -> dict[str, bytes]:
        """The picture files next to the code."""
        if self.images == "inline":
            return {}
        return {picture.file_name: picture.data for picture in self.pictures}

    @property
    def _variables(self) -> list[str]:
        account = None if self.target.address.after is None else ACCOUNT_VARIABLE
        return [name for name in (account, self.target.key_variable) if name]

    def _imports(self, *, parses: bool) -> Iterator[str]:
        if self.files:
            yield "import base64"
        # An entry that is code parses a JSON document that is too deep to write out.
        if parses or any(isinstance(value, Code) for value in self.body.values()):
            yield "import json"
        if self._variables:
            yield "import os"
        if self.files:
            yield "from pathlib import Path"

    def _definition(self, picture: EmbeddedPicture) -> str:
        if self.images == "inline":
            written = picture.literal(python_text)
        else:
            read = f'Path("{picture.file_name}").read_bytes()'
            head = f"{python_text(picture.head)} + " if picture.head else ""
            written = f"{head}base64.b64encode({read}).decode()"
        return f"picture_{picture.number} = {written}"


def httpx_snippet(target: Target, images: Images) -> Snippet:
    """Return the code with httpx."""
    program = Program.of(target, images)
    arguments = _arguments(program)
    if target.streams:
        call = PYTHON.block("with httpx.stream(", [("", "POST"), *arguments], ") as response:")
        refusal = _refusal("response.is_error", "response.read().decode()")
        streaming = (
            f"{call}\n{in_block(refusal)}\n{in_block(printing(target, 'lines(response)'))}\nprint()"
        )
        code = program.code("import httpx", f"\n{LINES}", f"\n{streaming}", parses=True)
    else:
        call = PYTHON.block("response = httpx.post(", arguments, ")")
        code = program.code("import httpx", f"{call}\n{_whole(target, 'response.is_error')}")
    return _HTTPX.snippet(program, code)


def requests_snippet(target: Target, images: Images) -> Snippet:
    """Return the code with requests."""
    program = Program.of(target, images)
    arguments = _arguments(program)
    if target.streams:
        streamed = [*arguments, ("stream=", Code("True"))]
        call = PYTHON.block("with requests.post(", streamed, ") as response:")
        refusal = _refusal("not response.ok", "response.text")
        printed = printing(target, "response.iter_lines()")
        streaming = f"{call}\n{in_block(refusal)}\n{in_block(printed)}\nprint()"
        code = program.code("import requests", streaming, parses=True)
    else:
        call = PYTHON.block("response = requests.post(", arguments, ")")
        code = program.code("import requests", f"{call}\n{_whole(target, 'not response.ok')}")
    return _REQUESTS.snippet(program, code)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of Python snippet."""

    name: str
    title: str
    file_name: str
    package: str
    """The package to install."""

    def snippet(self, program: Program, code: str, *more: str) -> Snippet:
        """Return the snippet of a program; `more` is sentences for its note."""
        target = program.target
        alone = [TEXT_ALONE] if target.streams and target.body.get("tools") else []
        return Snippet(
            self.name,
            self.title,
            "python",
            self.file_name,
            code,
            f"pip install {self.package}",
            note(target, program.files, *alone, *more),
            program.files,
        )


_HTTPX = Kind("python", "Python (httpx)", "ask.py", "httpx")
_REQUESTS = Kind("python-requests", "Python (requests)", "ask_requests.py", "requests")


def printing(target: Target, lines: str) -> str:
    """Return the loop that prints the text of a stream from its lines."""
    ollama = target.answers in (AnswerFormat.OLLAMA_CHAT, AnswerFormat.OLLAMA_PROMPT)
    steps = (
        _IN_LINE if ollama else _IN_EVENT,
        _DOCUMENTED_FAULT if target.is_documented else _ENGINE_FAULT,
        _CHUNK_TEXTS[target.answers],
        _PRINTED,
    )
    return f"for line in {lines}:\n{in_block(chr(10).join(steps))}"


def address(target: Target) -> Code:
    """Return the address as a Python expression."""
    before, after = target.address
    if after is None:
        return Code(python_text(before))
    return Code(f_string(before, variable_of(ACCOUNT_VARIABLE), after))


def variable_of(name: str) -> str:
    """Return the Python variable for an environment variable, such as `api_token`."""
    return "_".join(name.lower().split("_")[-2:])


def _arguments(program: Program) -> list[tuple[str, Any]]:
    target = program.target
    headers: dict[str, Any] = {}
    if target.key_variable:
        variable = variable_of(target.key_variable)
        headers["Authorization"] = Code(f_string("Bearer ", variable, ""))
    if target.gateway_id:
        headers["cf-aig-gateway-id"] = target.gateway_id
    return [
        ("", address(target)),
        *([("headers=", headers)] if headers else []),
        ("json=", program.body),
        ("timeout=", TIMEOUT),
    ]


def _whole(target: Target, failed: str) -> str:
    refusal = _refusal(failed, "response.text")
    result = _RESULTS[target.answers]
    if not target.is_documented:
        return f"{refusal}\nprint(response.json(){result})"
    return f"{refusal}\n{_SUCCEEDED}\nprint(answer{result})"


def _refusal(failed: str, text: str) -> str:
    message = f'f"HTTP {{response.status_code}}: {{{text}}}"'
    return f"if {failed}:\n    raise RuntimeError({message})"


def in_block(block: str) -> str:
    """Return the lines, indented as a block."""
    return indent(block, "    ")
