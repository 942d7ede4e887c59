"""What comes of an import: tools and what was lost, or a refusal."""

from dataclasses import dataclass
from typing import Literal, get_args

from ..errors import Fault, WorkersAIError
from ..tools import Tool

Source = Literal["python", "openapi", "mcp", "openai", "anthropic", "gemini", "documented"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""Where tools may come from; "documented" is this API's own flat shape."""


@dataclass(frozen=True)
class ImportedTools:
    """The tools that were found. Each of them passes `parse_tool`, and no name stands twice."""

    source: Source
    """What the text was taken for."""

    tools: tuple[Tool, ...]

    lost: tuple[Fault, ...]
    """What the documented shape could not express, and what was changed or filled in for it.

    A path begins with the name of a tool: `get_weather.parameters.unit`. The first thousand are
    told one by one.
    """


class ImportToolsError(WorkersAIError):
    """Nothing was imported. `line` and `column` count from 1; None where there is no such place."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)
