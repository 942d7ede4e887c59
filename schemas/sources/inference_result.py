"""The result of reading a schema source: a schema with notes, or a refusal."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from workers_ai import Fault, WorkersAIError

SchemaSource = Literal["json schema", "example json", "python", "csv"]
SCHEMA_SOURCES: tuple[SchemaSource, ...] = get_args(SchemaSource)
"""What a schema can be made from."""


@dataclass(frozen=True)
class InferredSchema:
    """A schema that passes `check_schema`, with notes on what was guessed."""

    source: SchemaSource
    """What the text was recognized as."""

    schema: dict[str, Any]

    notes: tuple[Fault, ...]
    """What the schema could not express, and what was guessed for it.

    A path follows the described value, such as `orders.items.price`; the items of a list are called
    `items`. The first thousand are listed individually.
    """


class SchemaSourceError(WorkersAIError):
    """No schema could be made. `line` and `column` count from 1; None if there is no position."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)
