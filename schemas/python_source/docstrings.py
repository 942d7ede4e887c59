"""Docstrings in Google, NumPy or reST style.

Docstrings are untrusted: each line is scanned once, with patterns that cannot backtrack.
"""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_ARGUMENTS = {
    *("args", "arguments", "params", "parameters", "attributes", "fields"),
    *("keyword args", "keyword arguments", "other parameters", "other params"),
}
_OTHER = {
    *("returns", "return", "yields", "yield", "raises", "raise", "warns", "warnings", "receives"),
    *("example", "examples", "note", "notes", "see also", "references", "todo", "methods"),
}
_FIELD_OF_ARGUMENT = {"param", "parameter", "arg", "argument", "key", "keyword", "ivar", "cvar"}
_OTHER_FIELDS = {"return", "returns", "rtype", "raise", "raises", "yield", "yields", "meta"}

_FIELD = re.compile(r"[:@](\w+)([^:]*):(.*)")
_DASHES = re.compile(r"[-=]{3,}\s*")
_WORD = re.compile(r"\*{0,2}(\w+)")


@dataclass
class Docstring:
    """A parsed docstring."""

    text: str = ""
    """The text before and between the sections."""

    descriptions: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    """Types as written, without "optional"."""


def read_docstring(docstring: str | None) -> Docstring:
    """Parse a docstring; anything in an unknown style becomes text."""
    if not docstring:
        return Docstring()
    return _Reader(inspect.cleandoc(docstring).splitlines()).read()


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._section = "text"
        self._text: list[str] = []
        self._indent: int | None = None
        self._names: list[str] = []
        self._parts: dict[str, list[str]] = {}
        self._types: dict[str, str] = {}

    def read(self) -> Docstring:
        for line, below in zip(self._lines, (*self._lines[1:], ""), strict=True):
            if not (_DASHES.fullmatch(line) and self._section != "text"):
                self._take(line, below)
        joined = {name: " ".join(filter(None, parts)) for name, parts in self._parts.items()}
        descriptions = {name: text for name, text in joined.items() if text}
        types = {name: kind for name, kind in self._types.items() if kind}
        return Docstring("\n".join(self._text).strip(), descriptions, types)

    def _take(self, line: str, below: str) -> None:
        if self._is_header(line, below) or self._is_field(line):
            return
        take = {"text": self._text.append, "google": self._google, "numpy": self._numpy}
        take.get(self._section, self._rest)(line)

    def _is_header(self, line: str, below: str) -> bool:
        style = "numpy" if _DASHES.fullmatch(below) else "google" if line.endswith(":") else ""
        title = line.rstrip().removesuffix(":").lower()
        if not style or title not in _ARGUMENTS | _OTHER:
            return False
        self._section = style if title in _ARGUMENTS else "other"
        self._names, self._indent = [], None
        return True

    def _is_field(self, line: str) -> bool:
        found = _FIELD.match(line)
        kind = found[1] if found else ""
        if not found or kind not in _FIELD_OF_ARGUMENT | _OTHER_FIELDS | {"type"}:
            return False
        words = found[2].split()
        self._section, self._names = "rest", []
        if words and kind == "type":
            self._types[words[-1]] = found[3].strip()
        elif words and kind in _FIELD_OF_ARGUMENT:
            self._start(words[-1:], " ".join(words[:-1]), found[3])
        return True

    def _start(self, names: list[str], kind: str, text: str) -> None:
        self._names = [name.strip().lstrip("*") for name in names]
        for name in self._names:
            self._parts[name] = [text.strip()]
            self._types[name] = _plain_type(kind) or self._types.get(name, "")

    def _google(self, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        if line.strip() and not indent:
            self._section = "text"
            self._text.append(line)
            return
        if self._indent is None and line.strip():
            self._indent = indent
        if line.strip() and indent <= (self._indent or 0) and self._is_entry(line.strip()):
            return
        self._more(line)

    def _is_entry(self, line: str) -> bool:
        found = _WORD.match(line)
        rest = line[found.end() :].lstrip() if found else ""
        end = rest.find("):") if rest.startswith("(") else -1
        if found and end > 0:
            self._start([found[1]], rest[1:end], rest[end + 2 :])
        elif found and rest.startswith(":"):
            self._start([found[1]], "", rest[1:])
        else:
            return False
        return True

    def _numpy(self, line: str) -> None:
        if line.strip() and not line[0].isspace():
            names, _, kind = line.partition(":")
            self._start(names.split(","), kind, "")
        else:
            self._more(line)

    def _rest(self, line: str) -> None:
        if not line.strip():
            self._names = []
        self._more(line)

    def _more(self, line: str) -> None:
        for name in self._names:
            self._parts[name].append(line.strip())


def _plain_type(text: str) -> str:
    kept = [part for part in text.split(", ") if not part.startswith(("optional", "default"))]
    return ", ".join(kept).strip()
