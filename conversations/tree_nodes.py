"""The kinds of messages in a conversation's tree.

A person asks and the model answers. If it calls tools, it gets their results and answers again.
"""

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Protocol

from workers_ai import ImagePart, Message, Part, Reply, Snapshot, TextPart, ToolCall
from workers_ai.call_trace import Attempt
from workers_ai.tool_calls import ToolResult, call_message

from .answer_calls import AnswerCalls, calls_in
from .answer_record import EDITOR, Record, storable_call, well_formed
from .picture import Picture
from .settings import Settings


class Progress(Protocol):
    """An answer as it grows, in this process or another."""

    def snapshot(self) -> Snapshot:
        """Return the answer's current state; `text` is what comes after `begun`."""

    def wait(self, version: int, seconds: float) -> bool:
        """Wait for something newer than `version`; return False if the time runs out."""

    def stop(self) -> None:
        """Stop the answer, and keep what has arrived."""


@dataclass(frozen=True)
class Ended:
    """An answer that no longer grows."""

    last: Snapshot

    def snapshot(self) -> Snapshot:
        """Return its final state."""
        return self.last

    def wait(self, version: int, seconds: float) -> bool:
        """Return immediately: nothing more will arrive."""
        del seconds
        return version < self.last.version

    def stop(self) -> None:
        """Do nothing."""


def new_id() -> str:
    """Return an id for a message, unique in its conversation."""
    return secrets.token_hex(8)


@dataclass
class Question:
    """A message from a person. It never changes: an edit adds another question as a branch."""

    text: str
    pictures: tuple[Picture, ...] = ()
    parent: str | None = None
    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    """Seconds since 1970."""

    deleted: float | None = None
    """When it was deleted; since then it is neither shown nor sent."""

    _message: Message | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.text = well_formed(self.text)

    def message(self) -> Message:
        """Return the question as a request message: pictures first, then the text."""
        if self._message is not None:
            return self._message
        images: list[Part] = [ImagePart.of(each.image.data_uri) for each in self.pictures]
        texts = [TextPart(text=self.text)] if self.text else []
        message = Message(role="user", content=[*images, *texts])
        if not images:
            # With pictures it is not cached: it is large, and they are stored elsewhere.
            self._message = message
        return message


@dataclass
class ToolResults:
    """The results of all calls in an answer. Another attempt becomes a variant."""

    results: tuple[ToolResult, ...]
    parent: str | None = None
    """The answer that asks for them."""

    said: str = ""
    """The text of the answer, apart from its calls."""

    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    deleted: float | None = None

    def __post_init__(self) -> None:
        self.results = tuple(map(_storable, self.results))
        self.said = well_formed(self.said)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls as they were handled: a person may have changed their arguments."""
        return tuple(each.call for each in self.results)

    @property
    def text(self) -> str:
        """The text of all results, for search."""
        return "\n".join(each.content for each in self.results)

    def kept(self) -> "StoredToolResults":
        """Return the part that is stored."""
        return StoredToolResults(self.results, self.said)


@dataclass(frozen=True)
class StoredToolResults:
    """The results of an answer's calls, with the rest of the answer's text."""

    results: tuple[ToolResult, ...]
    said: str = ""


def _storable(result: ToolResult) -> ToolResult:
    return replace(result, call=storable_call(result.call), content=well_formed(result.content))


UserTurn = Question | ToolResults
"""What an answer can respond to."""


@dataclass
class Answer:
    """An answer. Another answer to the same question is a variant."""

    record: Record
    """What was known at its start or, for one read from the store, everything known about it."""

    progress: Progress
    parent: str | None = None
    begun: str = ""
    """The text that it continues from."""

    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    deleted: float | None = None
    _message: Message | None = field(default=None, init=False, repr=False, compare=False)
    _calls: tuple[AnswerCalls | None] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @classmethod
    def by_hand(cls, text: str, settings: Settings, parent: str | None) -> "Answer":
        """Return an answer that a person has written in place of the model."""
        record = Record(EDITOR, settings, finish="done")
        return cls(record, Ended(record.snapshot(well_formed(text))), parent)

    def snapshot(self) -> Snapshot:
        """Return the answer's current state; its text is only the part after `begun`."""
        return self.progress.snapshot()

    @property
    def running(self) -> bool:
        """Whether it is still being written."""
        return self.snapshot().finish is None

    @property
    def text(self) -> str:
        """The whole text so far."""
        return self.begun + self.snapshot().text

    @property
    def reply(self) -> Reply | None:
        """The reply that wrote it, if that was recently and in this process."""
        return self.progress if isinstance(self.progress, Reply) else None

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The failed attempts before the last one."""
        return tuple(self.reply.trace.attempts) if self.reply else self.record.attempts

    @property
    def calls(self) -> AnswerCalls | None:
        """The tool calls in it, once it has ended; None if it is plain text."""
        if self._calls is None:
            snapshot = self.snapshot()
            if snapshot.finish is None:
                return None
            self._calls = (calls_in(self.begun + snapshot.text, snapshot, self.record.settings),)
        return self._calls[0]

    def recorded(self) -> Record:
        """Return everything to be stored about its current state."""
        if self.record.finish or self.running:
            return self.record
        return self.record.ended(self.snapshot(), self.attempts)

    def message(self) -> Message:
        """Return it as a request message, cached once it has ended.

        Calls without results are written as text, because structured calls require results.
        """
        if self._message is not None:
            return self._message
        ended = not self.running
        message = Message(role="assistant", content=[TextPart(text=self.text)])
        if (calls := self.calls) and not calls.recovered:
            message = call_message(calls.calls, calls.text, role="user")
        if ended:
            self._message = message
        return message


Node = Question | ToolResults | Answer


@dataclass(frozen=True)
class Turn:
    """A question, or the results of calls, with its answer on the shown path.

    Either may be missing: it was deleted, or does not exist yet.
    """

    question: UserTurn | None = None
    answer: Answer | None = None
    answer_deleted: bool = False
    """Whether the question had an answer that was deleted. The question is still sent."""

    @property
    def running(self) -> bool:
        """Whether the answer is still being written."""
        return self.answer is not None and self.answer.running
