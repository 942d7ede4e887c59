"""What comes of what a person brought: a schema and what was guessed, or a refusal."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..errors import Fault, WorkersAIError

SchemaSource = Literal["json schema", "example json", "python", "csv"]
SCHEMA_SOURCES: tuple[SchemaSource, ...] = get_args(SchemaSource)
"""What a schema may be made from."""


@dataclass(frozen=True)
class SourcedSchema:
    """A schema that passes `check_schema`, and how far it can be trusted."""

    source: SchemaSource
    """What the text was taken for."""

    schema: dict[str, Any]

    notes: tuple[Fault, ...]
    """What the schema could not express, and what was guessed for it.

    A path leads through the value that is described, as `orders.items.price`; the items of a list
    are called `items`. The first thousand are told one by one.
    """


class SchemaSourceError(WorkersAIError):
    """No schema was made. `line` and `column` count from 1; None where there is no such place."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)
