"""The draft of a tool, with its faults and fixes."""

from dataclasses import dataclass
from typing import Any

from workers_ai import FunctionTool, Tool


@dataclass(frozen=True, slots=True)
class ToolFix:
    """A draft with one of its faults fixed."""

    label: str
    """What the fix does, as a short command: `Set type to string`."""

    text: str
    """The whole fixed draft, as JSON."""


@dataclass(frozen=True, slots=True)
class ToolFault:
    """One thing that keeps a draft from being sent, or its calls from being read."""

    path: str
    """Such as `function.parameters.properties.unit.description`; "" is the draft itself."""

    message: str
    """One sentence: what is wrong, and what is accepted."""

    fix: ToolFix | None = None
    """The fix, if only one thing can be meant."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True, slots=True)
class ToolDraft:
    """The result of reading the text of a tool."""

    value: Any = None
    """The decoded JSON; None if the text is not JSON."""

    tool: Tool | FunctionTool | None = None
    """The tool as it is sent; None if there is a fault."""

    faults: tuple[ToolFault, ...] = ()
    """Outer parts first: at most `MOST_FAULTS`, then one that counts the rest."""
