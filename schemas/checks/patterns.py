"""Searches with untrusted patterns, in bounded time."""

import re
from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

from .ecma_patterns import PatternError, Translation, Translator
from .limits import OutOfTimeError, current_check

LONGEST_PATTERN = 5000
"""Characters."""

_MOST_STEPS = 1_000_000
"""States times characters. The linear engine takes about 15 million a second at its worst."""


def pattern_problem(pattern: str) -> str:
    """Return why the text is not a usable regular expression, or ""."""
    try:
        compiled_pattern(pattern)
    except PatternError as error:
        return str(error)
    return ""


def occurs(pattern: str, text: str) -> bool:
    """Return whether the pattern occurs in the text, or raise OutOfTimeError."""
    check = current_check()
    check.tick()
    engine, translation = compiled_pattern(pattern)
    light = translation.size * len(text) <= _MOST_STEPS
    if engine is not None and light and _has_no_surrogates(text):
        return _fits(engine, text)
    answer = None
    if translation.backtracking is not None:
        answer = check.process.search(translation.backtracking, text)
    if answer is None:
        raise OutOfTimeError
    return answer


@lru_cache(maxsize=256)
def compiled_pattern(pattern: str) -> tuple[SchemaValidator | None, Translation]:
    """Return the pattern for both engines, or raise PatternError."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"it has more than {LONGEST_PATTERN} characters")
    translation = Translator(pattern).translate()
    engine = _linear(translation.linear) if translation.linear is not None else None
    if engine is None:
        if translation.backtracking is None:
            raise PatternError("neither engine supports it")
        _compile(translation.backtracking)
    return engine, translation


def _linear(pattern: str) -> SchemaValidator | None:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except (SchemaError, UnicodeError):
        return None


def _compile(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(error.msg) from error
    except (RecursionError, OverflowError) as error:
        raise PatternError("it is nested too deeply") from error


def _fits(engine: SchemaValidator, text: str) -> bool:
    try:
        engine.validate_python(text)
    except ValidationError:
        return False
    return True


def _has_no_surrogates(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
