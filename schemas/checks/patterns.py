"""Searches with untrusted patterns, in bounded time."""

import re
from collections.abc import Callable
from functools import lru_cache

import jsonschema_rs
from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

from .ecma_patterns import PatternError, Translation, Translator
from .limits import OutOfTimeError, current_check

LONGEST_PATTERN = 5000
"""Characters."""

_MOST_STEPS = 5_000_000
"""States times characters. The linear engine takes about 15 million a second at its worst."""

_MOST_STEPS_BACK = 20_000
_BACKTRACKING = jsonschema_rs.FancyRegexOptions(backtrack_limit=_MOST_STEPS_BACK)

_MOST_LOOKS = 500_000_000
"""States times characters that look-arounds may pass in one search: about 0.2 s.

The engine does not count these steps, holds the interpreter's lock, and cannot be stopped.
"""

Search = Callable[[str], bool]
"""Returns whether a pattern occurs in a text, or raises OutOfTimeError."""


def pattern_problem(pattern: str) -> str:
    """Return why the text is not a usable regular expression, or ""."""
    try:
        compiled_pattern(pattern)
    except PatternError as error:
        return str(error)
    return ""


def occurs(pattern: str, text: str) -> bool:
    """Return whether the pattern occurs in the text, or raise OutOfTimeError."""
    current_check().tick()
    search, translation = compiled_pattern(pattern)
    steps = max(1, translation.size) * len(text)
    if translation.linear is None:
        # Each position and each step back can look at the rest of the text.
        if steps * (len(text) + _MOST_STEPS_BACK) > _MOST_LOOKS:
            raise OutOfTimeError
    elif steps > _MOST_STEPS:
        raise OutOfTimeError
    # No engine knows lone surrogates, and JSON from outside has none.
    return search(text.encode(errors="replace").decode())


@lru_cache(maxsize=256)
def compiled_pattern(pattern: str) -> tuple[Search, Translation]:
    """Return a search for the pattern, and its translation, or raise PatternError."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"it has more than {LONGEST_PATTERN} characters")
    translation = Translator(pattern).translate()
    search = None if translation.linear is None else _linear(translation.linear)
    search = search or _backtracking(translation.backtracking)
    if search is None:
        raise PatternError(_reason(pattern))
    return search, translation


def _reason(pattern: str) -> str:
    """Return why no engine accepts a pattern; Python's own has the clearest words."""
    try:
        re.compile(pattern)
    except re.error as error:
        return error.msg
    except (RecursionError, OverflowError):
        return "it is nested too deeply"
    return "it is too large, or no engine supports it"


def _linear(pattern: str) -> Search | None:
    try:
        engine = SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except (SchemaError, UnicodeError):
        return None

    def search(text: str) -> bool:
        try:
            engine.validate_python(text)
        except ValidationError:
            return False
        return True

    return search


def _backtracking(pattern: str) -> Search | None:
    """Return a search for a pattern with look-around or back-references."""
    try:
        engine = jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, pattern_options=_BACKTRACKING
        )
    except (jsonschema_rs.ValidationError, ValueError):
        return None

    def search(text: str) -> bool:
        kinds = [error.kind for error in engine.iter_errors(text)]
        if any(not isinstance(kind, jsonschema_rs.ValidationErrorKind.Pattern) for kind in kinds):
            raise OutOfTimeError
        return not kinds

    return search
