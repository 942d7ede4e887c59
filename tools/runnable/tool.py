"""A tool and its function."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from workers_ai import Tool, WorkersAIError


class ToolError(WorkersAIError):
    """The tool cannot do this; the message is one sentence for both the person and the model."""


@dataclass(frozen=True, slots=True)
class RunnableTool:
    """A tool that can be offered and run."""

    definition: Tool
    """The definition sent to the model."""

    function: Callable[[dict[str, Any]], Any]
    """Takes arguments that follow the definition's schema; see `run`."""

    def run(self, arguments: dict[str, Any]) -> Any:
        """Return the result, a JSON value, or raise ToolError. `run_tool` checks the arguments."""
        return self.function(arguments)


def define(
    name: str, description: str, properties: dict[str, Any], *, optional: tuple[str, ...] = ()
) -> Tool:
    """Return the definition of a tool with exactly these arguments."""
    required = [each for each in properties if each not in optional]
    schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return Tool(name=name, description=description, parameters=schema)


def number(value: Fraction | float) -> int | float:
    """Return a result for JSON: an integer if it is whole, otherwise the nearest float."""
    try:
        if value == int(value) and (isinstance(value, Fraction) or abs(value) < 2**53):
            return int(value)
        return float(value)
    except (OverflowError, ValueError) as error:
        raise ToolError("The result is too large.") from error
