"""The tools that come with the app, and running a call that a model made, after checking it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from schemas import check_answer
from workers_ai import ToolCall
from workers_ai.json_values import shown

from .calculator import CALCULATOR
from .dates import ADD_TO_DATE, DAYS_BETWEEN, current_time
from .http_stub import HttpStub
from .text_statistics import TEXT_STATISTICS
from .tool import RunnableTool, ToolError
from .units import CONVERT_UNITS

_ALL = (
    CALCULATOR,
    current_time(),
    DAYS_BETWEEN,
    ADD_TO_DATE,
    CONVERT_UNITS,
    TEXT_STATISTICS,
)

RUNNABLE_TOOLS: Mapping[str, RunnableTool] = MappingProxyType(
    {tool.definition.name: tool for tool in _ALL}
)
"""The built-in tools by name."""


@dataclass(frozen=True, slots=True)
class ToolRun:
    """The result of running a call."""

    call: ToolCall
    """The call that was run, as the model wrote it."""

    value: Any = None
    """The result, a JSON value; None if there is an error."""

    error: str = ""
    """One sentence if the call could not be run, else ""."""

    @property
    def ok(self) -> bool:
        """Whether there is a result."""
        return not self.error

    @property
    def content(self) -> str:
        """The text to send back to the model: the result, or the error, as JSON."""
        value = self.value if self.ok else {"error": self.error}
        return json.dumps(value, ensure_ascii=False)


def run_tool(
    call: ToolCall, tools: Mapping[str, RunnableTool | HttpStub] = RUNNABLE_TOOLS
) -> ToolRun:
    """Check the arguments against the tool's schema and run it.

    Nothing is raised: an unknown tool, invalid arguments, and a tool that refuses are reported in
    `error`.
    """
    tool = tools.get(call.name)
    if tool is None:
        known = ", ".join(tools) or "none"
        return ToolRun(
            call, error=f"{shown(call.name)} is not a tool that can be run; available: {known}."
        )
    if not isinstance(call.arguments, dict):
        return ToolRun(call, error="The arguments are not a JSON object.")
    if found := check_answer(call.arguments, tool.definition.parameters):
        return ToolRun(call, error="; ".join(map(str, found)))
    try:
        return ToolRun(call, value=tool.run(call.arguments))
    except ToolError as error:
        return ToolRun(call, error=error.message)
