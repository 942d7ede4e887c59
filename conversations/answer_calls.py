"""The tool calls in an answer, wherever they appear."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools import RecoveredForm, recover_calls
from workers_ai import FunctionTool, InvalidRequestError, Snapshot, Tool, ToolCall

from .defined_tools import offered_tools
from .settings import Settings


@dataclass(frozen=True)
class AnswerCalls:
    """The tool calls of an answer, and the text around them."""

    calls: tuple[ToolCall, ...]
    text: str = ""
    """The text before and after the calls."""

    recovered: RecoveredForm | None = None
    """How the calls were written, if they were found in the text."""


def calls_in(text: str, snapshot: Snapshot, settings: Settings) -> AnswerCalls | None:
    """Return the calls of an answer that has ended, or None if it is plain text.

    Structured calls take precedence. The text is searched only if it is complete, and only for
    tools that were offered.
    """
    if snapshot.tool_calls:
        return AnswerCalls(snapshot.tool_calls, text)
    if snapshot.finish != "done" or not settings.tools:
        return None
    found = recover_calls(text, _offered(settings))
    if found is None:
        return None
    said = "\n".join(filter(None, (found.before, found.after)))
    return AnswerCalls(found.calls, said, found.form)


def _offered(settings: Settings) -> Sequence[Tool | FunctionTool]:
    try:
        return offered_tools(settings.tools)
    except InvalidRequestError:
        return ()
