"""JSON values as literals of a programming language, laid out as if by hand."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from workers_ai.json_text import DEEPEST_TEXT
from workers_ai.json_values import nesting

from .quoting import in_here_document, javascript_text, json_text, python_text, raw_template

WIDTH = 96
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_LONGEST_LINE_OF_TEXT = 60
_MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Code:
    """An expression among the values, written verbatim."""

    text: str


class Lines(NamedTuple):
    """How a multi-line string is composed of one literal per line."""

    start: str
    between: str
    end: str
    keeps_ends: bool
    """Whether the literals include the line feeds."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How one language writes values."""

    null: str
    true: str
    false: str
    step: str
    """The indentation per level."""

    space: str
    """The padding inside the braces of a one-line object."""

    comma: str
    """The trailing comma of a multi-line list or object, if any."""

    text: Callable[[str], str]
    key: Callable[[str], str]
    deep: Callable[[str], str]
    """Turns a JSON document into an expression, for values too deep to write out."""

    lines: Lines | None = None
    """None if multi-line strings stay on one line."""

    def scalar(self, value: Any) -> str:
        """Return the literal of a string, a number, true, false or null."""
        if isinstance(value, Code):
            return value.text
        if isinstance(value, str):
            return self.text(value)
        if value is None:
            return self.null
        if isinstance(value, bool):
            return self.true if value else self.false
        return json.dumps(value)

    def written(self, value: Any, indent: str = "", *, used: int = 0) -> str:
        """Return a value as a literal, on one line if it fits after `used` columns.

        `indent` is the indentation of its first line.
        """
        flat = self._flat(value, WIDTH - len(indent) - used)
        if flat is not None:
            return flat
        if isinstance(value, dict):
            return self.spread(value, indent)
        if isinstance(value, list):
            return self.block("[", [("", each) for each in value], "]", indent)
        if isinstance(value, str) and self.lines and _has_lines(value):
            return self._joined(self.lines, value, indent)
        return self.scalar(value)

    def spread(self, value: dict[str, Any], indent: str = "") -> str:
        """Return an object with one entry per line."""
        return self.block("{", [(self.key(k), item) for k, item in value.items()], "}", indent)

    def block(
        self, start: str, entries: Sequence[tuple[str, Any]], end: str, indent: str = ""
    ) -> str:
        """Return named entries between two brackets, one per line."""
        if not entries:
            return start + end
        inner = indent + self.step
        lines = [
            f"{inner}{name}{self.written(value, inner, used=len(name) + 1)}"
            for name, value in entries
        ]
        return f"{start}\n" + ",\n".join(lines) + f"{self.comma}\n{indent}{end}"

    def call(
        self, start: str, entries: Sequence[tuple[str, Any]], end: str, indent: str = ""
    ) -> str:
        """Return entries as `block` does, but on one line if they fit."""
        flat = self._flat_items(start, entries, end, WIDTH - len(indent))
        return self.block(start, entries, end, indent) if flat is None else flat

    def shallow(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with entries that are too deep replaced by expressions."""
        return {name: self._shallow(value) for name, value in body.items()}

    def _shallow(self, value: Any) -> Any:
        if nesting(value) <= DEEPEST_TEXT:
            return value
        return Code(self.deep(json.dumps(value)))

    def _flat(self, value: Any, room: int) -> str | None:
        """Return a value on one line; None if it is longer than `room`."""
        if isinstance(value, dict):
            items = ((self.key(name), item) for name, item in value.items())
            return self._flat_items(f"{{{self.space}", items, f"{self.space}}}", room)
        if isinstance(value, list):
            return self._flat_items("[", (("", item) for item in value), "]", room)
        if isinstance(value, str) and (len(value) > room or (self.lines and _has_lines(value))):
            return None
        literal = self.scalar(value)
        return literal if len(literal) <= room else None

    def _flat_items(
        self, start: str, items: Iterable[tuple[str, Any]], end: str, room: int
    ) -> str | None:
        parts: list[str] = []
        left = room - len(start) - len(end)
        for name, item in items:
            written = self._flat(item, left - len(name))
            if written is None:
                return None
            parts.append(name + written)
            left -= len(parts[-1]) + 2
        return f"{start}{', '.join(parts)}{end}" if parts else f"{start.strip()}{end.strip()}"

    def _joined(self, lines: Lines, text: str, indent: str) -> str:
        pieces = text.split("\n")
        if lines.keeps_ends:
            pieces = [f"{piece}\n" for piece in pieces[:-1]] + pieces[-1:]
        inner = f"\n{indent}{self.step}"
        written = f"{lines.between}{inner}".join(
            self.text(piece) for piece in pieces if piece or not lines.keeps_ends
        )
        return f"{lines.start}{inner}{written}{lines.between}\n{indent}{lines.end}"


def _has_lines(text: str) -> bool:
    lines = text.rstrip("\n").count("\n")
    return len(text) > _LONGEST_LINE_OF_TEXT and 0 < lines < _MOST_LINES


def _python_key(name: str) -> str:
    return f"{python_text(name)}: "


def _javascript_key(name: str) -> str:
    if name == "__proto__":
        return '["__proto__"]: '
    return f"{name if _IDENTIFIER.fullmatch(name) else javascript_text(name)}: "


def _json_key(name: str) -> str:
    return f"{json_text(name)}: "


PYTHON = Notation(
    null="None",
    true="True",
    false="False",
    step="    ",
    space="",
    comma=",",
    text=python_text,
    key=_python_key,
    deep=lambda document: f'json.loads(r"""{document}""")',
    lines=Lines("(", "", ")", keeps_ends=True),
)

JAVASCRIPT = Notation(
    null="null",
    true="true",
    false="false",
    step="  ",
    space=" ",
    comma=",",
    text=javascript_text,
    key=_javascript_key,
    deep=lambda document: f"JSON.parse({raw_template(document)})",
    lines=Lines("[", ",", '].join("\\n")', keeps_ends=False),
)

JSON = Notation(
    null="null",
    true="true",
    false="false",
    step="  ",
    space=" ",
    comma="",
    text=json_text,
    key=_json_key,
    deep=str,
)

HERE_DOCUMENT = replace(
    JSON,
    text=lambda text: in_here_document(json_text(text)),
    key=lambda name: in_here_document(_json_key(name)),
    deep=in_here_document,
)
"""JSON in a here-document in which the shell expands commands."""
