"""Drafts of tool results, as a person writes them: one for each call of an answer."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from conversations import Answer, AnswerCalls, Settings, ToolResults, tool_runners
from schemas import check_answer
from tools import HttpStub, RunnableTool, run_tool
from workers_ai import Fault, FunctionTool, Tool, ToolCall
from workers_ai.json_text import JSONTextError, read_json
from workers_ai.tool_calls import ToolResult

Kind = Literal["text", "json", "error"]
_MOST_PARALLEL = 8


@dataclass
class CallDraft:
    """A call as edited so far, and the draft of its result."""

    call: ToolCall
    """As the model wrote it."""

    arguments: str
    """As they will be sent: JSON, or what the model wrote instead."""

    kind: Kind = "text"
    content: str = ""
    source: Literal["hand", "run", "fixed"] = "hand"

    @classmethod
    def of(cls, call: ToolCall) -> "CallDraft":
        """Return a draft for a call that the model wrote."""
        return cls(call, format_arguments(call.arguments))

    @classmethod
    def from_result(cls, result: ToolResult) -> "CallDraft":
        """Return a draft for a result that was already sent."""
        kind: Kind = "text" if _json_problem(result.content) else "json"
        return cls(
            result.call,
            format_arguments(result.call.arguments),
            kind,
            result.content,
            result.source,
        )

    def changed_call(self) -> ToolCall:
        """Return the call with its current arguments."""
        value = _json(self.arguments)
        arguments = value if isinstance(value, dict) else self.arguments
        return ToolCall(self.call.name, arguments, self.call.id)

    def argument_faults(self, tools: Sequence[Tool | FunctionTool]) -> Sequence[Fault]:
        """Return what is wrong with the arguments under the tool's schema."""
        tool = next((each for each in tools if each.name == self.call.name), None)
        if tool is None:
            known = ", ".join(each.name for each in tools) or "none"
            return [Fault("", f"no tool with this name is offered; available: {known}")]
        arguments = self.changed_call().arguments
        if isinstance(arguments, str):
            problem = f"The arguments must be a JSON object. {_json_problem(self.arguments)}"
            return [Fault("", problem.strip())]
        return check_answer(arguments, tool.parameters)

    def content_fault(self) -> str:
        """Return why the result cannot be sent yet, or ""."""
        if not self.content.strip():
            return "No result yet."
        return _json_problem(self.content) if self.kind == "json" else ""

    def result(self) -> ToolResult | None:
        """Return the result, or None if it cannot be sent yet."""
        if self.content_fault():
            return None
        error = json.dumps({"error": self.content.strip()}, ensure_ascii=False)
        content = error if self.kind == "error" else self.content
        return ToolResult(self.changed_call(), content, self.source)


def results_of(
    drafts: Sequence[CallDraft], answer: Answer, calls: AnswerCalls
) -> ToolResults | None:
    """Return the results to send, or None until every call has one."""
    found = [draft.result() for draft in drafts]
    results = tuple(each for each in found if each)
    return ToolResults(results, answer.id, calls.text) if len(results) == len(drafts) else None


def can_run_all(drafts: Sequence[CallDraft], settings: Settings) -> bool:
    """Return whether every call can be answered without a person."""
    known = tool_runners(settings.tools)
    return all(draft.call.name in known for draft in drafts)


def run_drafts(drafts: Sequence[CallDraft], settings: Settings) -> None:
    """Run the calls that need no person, several in parallel, and fill in their results."""
    known = tool_runners(settings.tools)
    ready = [draft for draft in drafts if draft.call.name in known]
    with ThreadPoolExecutor(_MOST_PARALLEL) as pool:
        list(pool.map(lambda draft: _run(draft, known), ready))


def _run(draft: CallDraft, known: Mapping[str, RunnableTool | HttpStub]) -> None:
    run = run_tool(draft.changed_call(), known)
    draft.kind = "json" if run.ok else "error"
    draft.content = run.content if run.ok else run.error
    draft.source = "fixed" if isinstance(known[draft.call.name], HttpStub) else "run"


def format_arguments(arguments: dict[str, Any] | str) -> str:
    """Format arguments for reading; text that is not JSON stays as it is."""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, indent=2, ensure_ascii=False)


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except JSONTextError:
        return None


def _json_problem(text: str) -> str:
    """Return why text is not JSON, or ""."""
    try:
        read_json(text)
    except JSONTextError as error:
        return error.message
    return ""
