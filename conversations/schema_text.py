"""The schema for an answer, as a person has written it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas import GuidedAnswer, check_schema, read_guided_answer
from workers_ai import Fault, Finish, InvalidRequestError
from workers_ai.json_text import JSONTextError, read_json

from .settings import Settings

LONGEST_SCHEMA = 200_000
"""Characters."""


@dataclass(frozen=True)
class SchemaText:
    """A parsed schema draft."""

    value: Any = None
    """The decoded JSON; None if the text is not JSON."""

    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=64)
def read_schema(text: str) -> SchemaText:
    """Parse a schema draft: its JSON value, and what keeps it from being sent."""
    try:
        value = read_json(text)
    except JSONTextError as error:
        return SchemaText(faults=(Fault("", error.message),))
    if not isinstance(value, dict):
        return SchemaText(value, (Fault("", "`guided_json` must be a JSON object"),))
    return SchemaText(value, check_schema(value))


@lru_cache(maxsize=4096)
def judge_answer(text: str, schema: str, finish: Finish) -> GuidedAnswer:
    """Check an answer that has ended against the schema of its request."""
    return read_guided_answer(text, read_schema(schema).value, finish)


def guided_json(settings: Settings) -> dict[str, Any]:
    """Return the schema to send, or raise `InvalidRequestError`."""
    read = read_schema(settings.schema)
    if read.faults:
        first = read.faults[0]
        raise InvalidRequestError([Fault(first.path, f"The schema: {first.message}")])
    value: dict[str, Any] = read.value
    return value
