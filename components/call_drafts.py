"""The results that a person is writing: one draft for each call of an answer."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from conversations import Answer, Calls, Results, Settings, runners
from workers_ai import (
    Fault,
    FunctionTool,
    HttpStub,
    JSONTextError,
    RunnableTool,
    Tool,
    ToolCall,
    ToolResult,
    check_answer,
    read_json,
    run_tool,
)

Kind = Literal["text", "json", "error"]
_AT_ONCE = 8


@dataclass
class CallDraft:
    """A call with what it may be changed to, and its result as far as it is written."""

    call: ToolCall
    """As the model wrote it."""

    arguments: str
    """As they will be told: JSON, or what the model wrote in its place."""

    kind: Kind = "text"
    content: str = ""
    source: Literal["hand", "run", "fixed"] = "hand"

    @classmethod
    def of(cls, call: ToolCall) -> "CallDraft":
        """Begin with what the model wrote."""
        return cls(call, written(call.arguments))

    @classmethod
    def again(cls, result: ToolResult) -> "CallDraft":
        """Begin with what was told before."""
        kind: Kind = "text" if _trouble(result.content) else "json"
        return cls(result.call, written(result.call.arguments), kind, result.content, result.source)

    def changed_call(self) -> ToolCall:
        """Return the call with its arguments as they stand now."""
        value = _json(self.arguments)
        arguments = value if isinstance(value, dict) else self.arguments
        return ToolCall(self.call.name, arguments, self.call.id)

    def argument_faults(self, tools: Sequence[Tool | FunctionTool]) -> Sequence[Fault]:
        """Say what is wrong with the arguments, by the schema of the tool."""
        tool = next((each for each in tools if each.name == self.call.name), None)
        if tool is None:
            known = ", ".join(each.name for each in tools) or "none"
            return [Fault("", f"no tool of this name is offered; there are {known}")]
        arguments = self.changed_call().arguments
        if isinstance(arguments, str):
            return [
                Fault("", f"the arguments are no JSON object. {_trouble(self.arguments)}".strip())
            ]
        return check_answer(arguments, tool.parameters)

    def content_fault(self) -> str:
        """Say why there is no result yet that can be told, or ""."""
        if not self.content.strip():
            return "There is no result yet."
        return _trouble(self.content) if self.kind == "json" else ""

    def result(self) -> ToolResult | None:
        """Return the result, if there is one."""
        if self.content_fault():
            return None
        error = json.dumps({"error": self.content.strip()}, ensure_ascii=False)
        content = error if self.kind == "error" else self.content
        return ToolResult(self.changed_call(), content, self.source)


def results_of(drafts: Sequence[CallDraft], answer: Answer, calls: Calls) -> Results | None:
    """Return what can be told to the model: nothing before every call has a result."""
    found = [draft.result() for draft in drafts]
    results = tuple(each for each in found if each)
    return Results(results, answer.id, calls.said) if len(results) == len(drafts) else None


def runnable(drafts: Sequence[CallDraft], settings: Settings) -> bool:
    """Whether every call can be answered without a person."""
    known = runners(settings.tools)
    return all(draft.call.name in known for draft in drafts)


def run_drafts(drafts: Sequence[CallDraft], settings: Settings) -> None:
    """Fill in the results of those calls that need no person: some at once, each for itself."""
    known = runners(settings.tools)
    ready = [draft for draft in drafts if draft.call.name in known]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda draft: _run(draft, known), ready))


def _run(draft: CallDraft, known: Mapping[str, RunnableTool | HttpStub]) -> None:
    run = run_tool(draft.changed_call(), known)
    draft.kind = "json" if run.ok else "error"
    draft.content = run.content if run.ok else run.error
    draft.source = "fixed" if isinstance(known[draft.call.name], HttpStub) else "run"


def written(arguments: dict[str, Any] | str) -> str:
    """Write arguments for reading; what is no JSON stays as it is."""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, indent=2, ensure_ascii=False)


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except JSONTextError:
        return None


def _trouble(text: str) -> str:
    """Say what keeps a text from being JSON, or ""."""
    try:
        read_json(text)
    except JSONTextError as error:
        return error.message
    return ""
