"""The result of an import: tools with notes on what was lost, or a refusal."""

from dataclasses import dataclass
from typing import Literal, get_args

from workers_ai import Fault, Tool, WorkersAIError

Source = Literal["python", "openapi", "mcp", "openai", "anthropic", "gemini", "documented"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""Where tools can come from; "documented" is this API's own flat shape."""


@dataclass(frozen=True)
class ImportedTools:
    """The imported tools. Each passes `parse_tool`, and names are unique."""

    source: Source
    """What the text was recognized as."""

    tools: tuple[Tool, ...]

    lost: tuple[Fault, ...]
    """What the documented shape could not express, and what was changed or filled in for it.

    A path begins with the name of a tool: `get_weather.parameters.unit`. The first thousand are
    listed individually.
    """


class ImportToolsError(WorkersAIError):
    """Nothing was imported. `line` and `column` count from 1; None if there is no position."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)
