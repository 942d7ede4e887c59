"""The kinds of message in a conversation's tree.

A person asks, the model answers; where it asks for tools, their results are told, and it answers.
"""

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Protocol

from workers_ai import (
    Attempt,
    ImagePart,
    Message,
    Part,
    Reply,
    Snapshot,
    TextPart,
    ToolCall,
    ToolResult,
    call_message,
)

from .calls import Calls, calls_in
from .pictures import Picture
from .records import EDITOR, Record, storable_call, well_formed
from .settings import Settings


class Progress(Protocol):
    """An answer as it grows, wherever it is written."""

    def snapshot(self) -> Snapshot:
        """Return the answer as it is now; `text` is what comes after `begun`."""

    def wait(self, version: int, seconds: float) -> bool:
        """Wait until there is something newer than `version`; False when the time is up."""

    def stop(self) -> None:
        """End it, and keep what has arrived."""


@dataclass(frozen=True)
class Ended:
    """An answer that does not grow any more."""

    last: Snapshot

    def snapshot(self) -> Snapshot:
        """Return its end."""
        return self.last

    def wait(self, version: int, seconds: float) -> bool:
        """Return at once: there is nothing to come."""
        del seconds
        return version < self.last.version

    def stop(self) -> None:
        """Do nothing."""


def new_id() -> str:
    """Return an id for a message, unlike any other in its conversation."""
    return secrets.token_hex(8)


@dataclass
class Question:
    """What a person said. It is never changed: an edit is another question beside it."""

    text: str
    pictures: tuple[Picture, ...] = ()
    parent: str | None = None
    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    """Seconds since 1970."""

    deleted: float | None = None
    """When it was deleted: it is neither shown nor sent since then."""

    _told: Message | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.text = well_formed(self.text)

    def message(self) -> Message:
        """Return what was said as a message of a request: pictures first, then the text."""
        if self._told is not None:
            return self._told
        images: list[Part] = [ImagePart.of(each.image.data_uri) for each in self.pictures]
        texts = [TextPart(text=self.text)] if self.text else []
        told = Message(role="user", content=[*images, *texts])
        if not images:
            # With pictures it is made anew each time: it is large, and they are kept elsewhere.
            self._told = told
        return told


@dataclass
class Results:
    """What came of the calls in an answer, all of them. Another try stands beside it."""

    results: tuple[ToolResult, ...]
    parent: str | None = None
    """The answer that asks for them."""

    said: str = ""
    """What the answer says besides its calls."""

    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    deleted: float | None = None

    def __post_init__(self) -> None:
        self.results = tuple(map(_storable, self.results))
        self.said = well_formed(self.said)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls as they were answered: a person may have changed their arguments."""
        return tuple(each.call for each in self.results)

    @property
    def text(self) -> str:
        """All that the model is told, for searching."""
        return "\n".join(each.content for each in self.results)

    def kept(self) -> "ToldResults":
        """Return what is to be kept of them."""
        return ToldResults(self.results, self.said)


@dataclass(frozen=True)
class ToldResults:
    """The results of an answer's calls, with what the answer says besides."""

    results: tuple[ToolResult, ...]
    said: str = ""


def _storable(result: ToolResult) -> ToolResult:
    return replace(result, call=storable_call(result.call), content=well_formed(result.content))


Asked = Question | Results
"""What an answer answers."""


@dataclass
class Answer:
    """What was answered. Another answer to the same stands beside it, as a variant."""

    record: Record
    """What was known at its start, or, of one that is read back, all that is known of it."""

    progress: Progress
    parent: str | None = None
    begun: str = ""
    """The text that it goes on from."""

    id: str = field(default_factory=new_id)
    created: float = field(default_factory=time.time)
    deleted: float | None = None
    _told: Message | None = field(default=None, init=False, repr=False, compare=False)
    _calls: tuple[Calls | None] | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def by_hand(cls, text: str, settings: Settings, parent: str | None) -> "Answer":
        """Make an answer of what a person has written in the model's place."""
        record = Record(EDITOR, settings, finish="done")
        return cls(record, Ended(record.snapshot(well_formed(text))), parent)

    def snapshot(self) -> Snapshot:
        """Return the answer as it is now; its text is only the part after `begun`."""
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
        """The reply that wrote it, if that was in this process and not long ago."""
        return self.progress if isinstance(self.progress, Reply) else None

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The failed tries before the one that counted."""
        return tuple(self.reply.exchange.attempts) if self.reply else self.record.attempts

    @property
    def calls(self) -> Calls | None:
        """The tool calls in it, once it has ended; None if it is one in words."""
        if self._calls is None:
            snapshot = self.snapshot()
            if snapshot.finish is None:
                return None
            self._calls = (calls_in(self.begun + snapshot.text, snapshot, self.record.settings),)
        return self._calls[0]

    def recorded(self) -> Record:
        """Return all that is to be kept of it as it is now."""
        if self.record.finish or self.running:
            return self.record
        return self.record.ended(self.snapshot(), self.attempts)

    def message(self) -> Message:
        """Return it as a message of a request; a finished one is made once.

        Calls that nobody has answered are told in words: results would have to follow others.
        """
        if self._told is not None:
            return self._told
        ended = not self.running
        told = Message(role="assistant", content=[TextPart(text=self.text)])
        if (calls := self.calls) and not calls.recovered:
            told = call_message(calls.calls, calls.said, role="user")
        if ended:
            self._told = told
        return told


Node = Question | Results | Answer


@dataclass(frozen=True)
class Turn:
    """A question, or the results of calls, with the answer that counts.

    One of the two may be missing: it was deleted, or there is none yet.
    """

    question: Asked | None = None
    answer: Answer | None = None
    answer_deleted: bool = False
    """Whether the question had an answer that was deleted. It is sent all the same."""

    @property
    def running(self) -> bool:
        """Whether the answer is still being written."""
        return self.answer is not None and self.answer.running
