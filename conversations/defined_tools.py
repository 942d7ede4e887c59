"""A tool as a person has defined it: a draft, and what answers its calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from workers_ai import (
    RUNNABLE_TOOLS,
    Fault,
    FunctionTool,
    HttpStub,
    InvalidRequestError,
    JSONTextError,
    RunnableTool,
    Tool,
    ToolDraft,
    name_faults,
    read_json,
    read_tool,
)

Answered = Literal["hand", "run", "fixed"]
"""What answers a call: a person, a tool that this app can run, or an answer set beforehand."""

MOST_TOOLS = 128
LONGEST_TOOL = 100_000
"""Characters of a definition."""

_ANY = Tool(name="any", description="Any tool.", parameters={"type": "object", "properties": {}})


@dataclass(frozen=True)
class DefinedTool:
    """One tool of a set. Its text is kept whatever it is; only a valid one can be sent."""

    text: str
    """The definition as JSON, in either documented shape, as it was written."""

    offered: bool = True
    answered: Answered = "hand"
    status: int = 200
    """The HTTP status of the answer that is set beforehand."""

    body: str = "{}"
    """Its body: JSON, or else a plain text."""

    delay: float = 0.0
    """Seconds until it comes."""

    @property
    def draft(self) -> ToolDraft:
        """The definition, read."""
        return _read(self.text)

    @property
    def name(self) -> str:
        """The name in the definition, or "" as long as there is none to be read."""
        value = self.draft.value
        inner = value.get("function", value) if isinstance(value, dict) else None
        name = inner.get("name") if isinstance(inner, dict) else None
        return name if isinstance(name, str) else ""

    def setting_faults(self) -> tuple[Fault, ...]:
        """Say what is wrong with the rest: the definition's length, the answer that is set."""
        if len(self.text) > LONGEST_TOOL:
            long = f"it has more than {LONGEST_TOOL:,} characters"
            return (Fault("text", long),)
        try:
            HttpStub(_ANY, self.status, json_or_text(self.body), self.delay)
        except InvalidRequestError as error:
            return error.faults
        return ()

    def runner(self) -> RunnableTool | HttpStub | None:
        """Return what answers a call without a person, if anything does.

        Raises `InvalidRequestError` when the answer that is set is none.
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
    """A function of the documented `functions`: its code is sent, and never run."""

    name: str
    code: str


def offered_tools(tools: Iterable[DefinedTool]) -> tuple[Tool | FunctionTool, ...]:
    """Return the tools that a request offers.

    Raises `InvalidRequestError` when one that is to be offered is not valid.
    """
    offered = [each for each in tools if each.offered]
    twice = name_faults([each.draft for each in offered])
    for tool, same in zip(offered, twice, strict=True):
        faults = [*tool.draft.faults, *([same] if same else ())]
        if faults:
            what = f"The tool {tool.name}" if tool.name else "A tool without a name"
            raise InvalidRequestError([Fault(faults[0].path, f"{what}: {faults[0].message}")])
    return tuple(each.draft.tool for each in offered if each.draft.tool)


def runners(tools: Iterable[DefinedTool]) -> Mapping[str, RunnableTool | HttpStub]:
    """Return what answers calls without a person, by the name of the tool."""
    found: dict[str, RunnableTool | HttpStub] = {}
    for tool in tools:
        try:
            runner = tool.runner()
        except InvalidRequestError:
            # Its page says so; here a person answers instead.
            continue
        if runner and tool.offered:
            found[tool.name] = runner
    return found


def json_or_text(text: str) -> Any:
    """Return the JSON value that a text is, or the text."""
    try:
        return read_json(text)
    except JSONTextError:
        return text


@lru_cache(maxsize=512)
def _read(text: str) -> ToolDraft:
    return read_tool(text)
