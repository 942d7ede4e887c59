"""A tool as a person has defined it: a draft, and what handles its calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from tools import (
    RUNNABLE_TOOLS,
    HttpStub,
    RunnableTool,
    ToolDraft,
    duplicate_name_faults,
    read_tool,
)
from workers_ai import Fault, FunctionTool, InvalidRequestError, Tool
from workers_ai.json_text import JSONTextError, read_json

HandlerKind = Literal["hand", "run", "fixed"]
"""What handles a call: a person, a tool that this app can run, or a canned reply."""

MOST_TOOLS = 128
LONGEST_TOOL = 100_000
"""Characters in a definition."""

_ANY = Tool(name="any", description="Any tool.", parameters={"type": "object", "properties": {}})


@dataclass(frozen=True)
class DefinedTool:
    """A tool of a set. Its text is kept even if it is invalid, but only a valid one can be sent."""

    text: str
    """The definition as JSON, in either documented shape, as it was written."""

    offered: bool = True
    answered: HandlerKind = "hand"
    status: int = 200
    """The HTTP status of the canned reply."""

    body: str = "{}"
    """Its body: JSON, or otherwise plain text."""

    delay: float = 0.0
    """Seconds before it is returned."""

    @property
    def draft(self) -> ToolDraft:
        """The parsed definition."""
        return _read(self.text)

    @property
    def name(self) -> str:
        """The name in the definition, or "" while it has none that can be read."""
        value = self.draft.value
        inner = value.get("function", value) if isinstance(value, dict) else None
        name = inner.get("name") if isinstance(inner, dict) else None
        return name if isinstance(name, str) else ""

    def setting_faults(self) -> tuple[Fault, ...]:
        """Return what is wrong with the definition's length or the canned reply."""
        if len(self.text) > LONGEST_TOOL:
            too_long = f"it has more than {LONGEST_TOOL:,} characters"
            return (Fault("text", too_long),)
        try:
            HttpStub(_ANY, self.status, json_or_text(self.body), self.delay)
        except InvalidRequestError as error:
            return error.faults
        return ()

    def runner(self) -> RunnableTool | HttpStub | None:
        """Return what handles a call without a person, if anything does.

        Raises `InvalidRequestError` if the canned reply is not valid.
        """
        tool = self.draft.tool
        if tool is None or self.answered == "hand":
            return None
        if self.answered == "run":
            return RUNNABLE_TOOLS.get(tool.name)
        flat = tool.function if isinstance(tool, FunctionTool) else tool
        return HttpStub(flat, self.status, json_or_text(self.body), self.delay)


@dataclass(frozen=True)
class DefinedFunction:
    """A function for the documented `functions`: its code is sent, never run."""

    name: str
    code: str


def offered_tools(tools: Iterable[DefinedTool]) -> tuple[Tool | FunctionTool, ...]:
    """Return the tools that a request offers.

    Raises `InvalidRequestError` if one of them is not valid.
    """
    offered = [each for each in tools if each.offered]
    twice = duplicate_name_faults([each.draft for each in offered])
    for tool, same in zip(offered, twice, strict=True):
        faults = [*tool.draft.faults, *([same] if same else ())]
        if faults:
            what = f"The tool {tool.name}" if tool.name else "A tool without a name"
            raise InvalidRequestError([Fault(faults[0].path, f"{what}: {faults[0].message}")])
    return tuple(each.draft.tool for each in offered if each.draft.tool)


def tool_runners(tools: Iterable[DefinedTool]) -> Mapping[str, RunnableTool | HttpStub]:
    """Return what handles calls without a person, by tool name."""
    found: dict[str, RunnableTool | HttpStub] = {}
    for tool in tools:
        try:
            runner = tool.runner()
        except InvalidRequestError:
            # The tool's page shows the fault; until it is fixed, a person answers.
            continue
        if runner and tool.offered:
            found[tool.name] = runner
    return found


def json_or_text(text: str) -> Any:
    """Return the text as a JSON value if it is valid JSON, otherwise unchanged."""
    try:
        return read_json(text)
    except JSONTextError:
        return text


@lru_cache(maxsize=512)
def _read(text: str) -> ToolDraft:
    return read_tool(text)
