"""What is found in the draft of a tool."""

from dataclasses import dataclass
from typing import Any

from ..tools import FunctionTool, Tool


@dataclass(frozen=True, slots=True)
class ToolFix:
    """A draft with one of its faults mended."""

    label: str
    """What the fix does, as a short order: `Say string`."""

    text: str
    """The whole draft after it, as JSON."""


@dataclass(frozen=True, slots=True)
class ToolFault:
    """One thing that keeps a draft from being sent, or its calls from being read."""

    path: str
    """Where, as `function.parameters.properties.unit.description`; "" is the draft itself."""

    message: str
    """One sentence: what is wrong, and what is accepted."""

    fix: ToolFix | None = None
    """How it is mended, where only one thing can be meant."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True, slots=True)
class ToolDraft:
    """The text of a tool, read."""

    value: Any = None
    """The decoded JSON; None where the text is none."""

    tool: Tool | FunctionTool | None = None
    """The tool as it is sent; None where there is a fault."""

    faults: tuple[ToolFault, ...] = ()
    """What is wrong, the outer parts first: at most `MOST_FAULTS`, and then one that counts the
    rest."""
