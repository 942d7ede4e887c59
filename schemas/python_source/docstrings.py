"""Docstrings in Google, NumPy or reST style."""

import inspect
from dataclasses import dataclass, field

import docstring_parser

LONGEST_DOCSTRING = 100_000
"""Characters; the rest is left out."""


@dataclass
class Docstring:
    """A parsed docstring."""

    text: str = ""
    """The text before the sections."""

    descriptions: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    """Types as written, without "optional"."""


def read_docstring(docstring: str | None) -> Docstring:
    """Parse a docstring; anything in an unknown style becomes text."""
    text = inspect.cleandoc(docstring or "").strip()[:LONGEST_DOCSTRING]
    try:
        parsed = docstring_parser.parse(text)
    except docstring_parser.ParseError:
        return Docstring(text)
    if not parsed.meta:
        return Docstring(text)
    found = Docstring((parsed.description or "").strip())
    for parameter in parsed.params:
        for name in parameter.arg_name.split(","):
            plain = name.strip().lstrip("*")
            if parameter.description:
                found.descriptions[plain] = " ".join(parameter.description.split())
            if parameter.type_name:
                found.types[plain] = parameter.type_name.strip()
    return found
