"""The shown path of a conversation as Markdown."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from workers_ai import Snapshot, ToolCall

from ..answer_record import ENDS
from ..tree import Conversation
from ..tree_nodes import Answer, Question, UserTurn

_MARKS = re.compile(r"([\\`*_\[\]<>#!])")
_TICKS = re.compile("`{3,}")


def conversation_markdown(conversation: Conversation, images: Mapping[str, str]) -> str:
    """Return the shown path as Markdown; `images` has the paths of the pictures by hash.

    Messages are written unchanged. Names and labels are escaped, so they never act as markup.
    """
    blocks = [f"# {_line(conversation.name)}", f"*{_date(conversation.created)}*"]
    if conversation.settings.system.strip():
        blocks += ["## System prompt", conversation.settings.system]
    for turn in conversation.turns:
        blocks += _asked(turn.question, images) if turn.question else ()
        blocks += _answer(turn.answer) if turn.answer else ()
    return "\n\n".join(blocks) + "\n"


def _asked(asked: UserTurn, images: Mapping[str, str]) -> Iterator[str]:
    if isinstance(asked, Question):
        yield from _question(asked, images)
        return
    for each in asked.results:
        yield f"## Result of {_line(each.call.name)}"
        yield _fenced(each.content)


def _question(question: Question, images: Mapping[str, str]) -> Iterator[str]:
    yield "## You"
    for picture in question.pictures:
        yield f"![{_line(picture.name)}]({images[picture.sha256]})"
    if question.text:
        yield question.text


def _answer(answer: Answer) -> Iterator[str]:
    snapshot = answer.snapshot()
    yield f"## {_line(answer.record.maker.label)}"
    if text := answer.begun + snapshot.text:
        yield text
    yield from map(_tool_call, snapshot.tool_calls)
    yield f"*{' · '.join(filter(None, _facts(answer, snapshot)))}*"


def _facts(answer: Answer, snapshot: Snapshot) -> Iterator[str]:
    maker, usage = answer.record.maker, snapshot.usage
    yield _line(maker.label)
    yield _line(maker.model)
    yield f"{usage.completion_tokens:,} tokens" if usage else ""
    yield ENDS[snapshot.finish] if snapshot.finish else "still being written"
    yield _line(snapshot.error.message) if snapshot.error else ""


def _tool_call(call: ToolCall) -> str:
    arguments = call.arguments
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return f"Tool call: {_line(call.name)}\n\n{_fenced(arguments)}"


def _fenced(text: str) -> str:
    # A fence ends at the next one of its length, so it must be longer than any inside.
    fence = "`" * (1 + max([2, *map(len, _TICKS.findall(text))]))
    return f"{fence}json\n{text}\n{fence}"


def _line(text: str) -> str:
    """Return the text on one line, with Markdown characters escaped."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
