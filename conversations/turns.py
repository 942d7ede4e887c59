"""A conversation: turns of a person's message and the answers to it."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workers_ai import (
    EncodedImage,
    ImagePart,
    Message,
    Part,
    Reply,
    Snapshot,
    TextPart,
    model_view,
    thumbnail,
)


@dataclass(frozen=True)
class Picture:
    """A picture as it was sent, with the label that its owner knows it by."""

    name: str
    image: EncodedImage

    @cached_property
    def thumbnail(self) -> bytes:
        """A small copy for lists."""
        return thumbnail(self.image)

    @cached_property
    def model_view(self) -> bytes:
        """The square that the model looks at."""
        return model_view(self.image)


@dataclass(frozen=True)
class Answer:
    """A reply to a turn, and the text that it goes on from."""

    reply: Reply
    begun: str = ""
    """What an earlier answer had said when this one was asked to continue it."""

    def snapshot(self) -> Snapshot:
        """Return the reply as it is now; its text is only the part after `begun`."""
        return self.reply.snapshot()

    @property
    def text(self) -> str:
        """The whole text so far."""
        return self.begun + self.reply.snapshot().text


@dataclass
class Turn:
    """What a person said, and every answer to it; the last answer is the one that counts."""

    text: str
    pictures: tuple[Picture, ...] = ()
    answers: list[Answer] = field(default_factory=list)
    _told: tuple[Answer, Sequence[Message]] | None = field(default=None, init=False, repr=False)
    """The messages of a finished answer: a long conversation need not make them each time."""

    @property
    def answer(self) -> Answer:
        """The answer that counts."""
        return self.answers[-1]

    @property
    def running(self) -> bool:
        """Whether the answer is still being produced."""
        return bool(self.answers) and self.answer.snapshot().finish is None

    def messages(self) -> Sequence[Message]:
        """Return the turn as the next request tells it; nothing if it got no answer."""
        answer = self.answer
        if self._told is None or self._told[0] is not answer:
            told = self._tell(answer.text)
            if answer.snapshot().finish is None:
                return told
            self._told = (answer, told)
        return self._told[1]

    def question(self) -> Message:
        """Return what was said as a message: pictures first, then the text."""
        images: list[Part] = [ImagePart.of(each.image.data_uri) for each in self.pictures]
        texts = [TextPart(text=self.text)] if self.text else []
        return Message(role="user", content=[*images, *texts])

    def _tell(self, answer: str) -> Sequence[Message]:
        if not answer:
            return ()
        return self.question(), Message(role="assistant", content=[TextPart(text=answer)])


@dataclass
class Conversation:
    """Turns in order, under an id that cannot be guessed: whoever has it may read them."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    turns: list[Turn] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held while a turn or an answer is added: two tabs may look at one conversation."""

    @property
    def running(self) -> Turn | None:
        """The turn whose answer is being produced, if any. There is never more than one."""
        last = self.turns[-1] if self.turns else None
        return last if last and last.running else None

    def add(self, turn: Turn, answer: Answer) -> bool:
        """Begin an answer to a new or to the last turn; False while another one is running."""
        with self.lock:
            if self.running:
                return False
            if not any(turn is known for known in self.turns):
                self.turns.append(turn)
            turn.answers.append(answer)
            answer.reply.start()
            return True
