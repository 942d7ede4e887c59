"""The same questions about many pictures, as a plan that can be stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from workers_ai import Request, ToolSupport

from .answer_record import Maker
from .next_request import next_request
from .picture import Picture
from .settings import Settings, filled_in
from .tree_nodes import Question


@dataclass(frozen=True)
class PicturePlan:
    """A plan to ask every question about every picture, in separate requests."""

    questions: tuple[str, ...]
    maker: Maker
    """The backend that was selected when it was made."""

    settings: Settings = field(default_factory=Settings)
    concurrency: int = 4
    """How many calls run in parallel."""

    per_minute: int | None = None
    """How many calls may start per minute."""

    kind: Literal["pictures"] = "pictures"

    def keys(self, pictures: int) -> list[str]:
        """Return the keys of the calls for a number of pictures, picture by picture."""
        asked = range(len(self.questions))
        return [key_of(picture, at) for picture in range(pictures) for at in asked]

    def place(self, key: str) -> tuple[int, int]:
        """Return the indexes of a call's picture and question."""
        picture, _, question = key.partition("-")
        return int(picture), int(question)

    def question(self, key: str, pictures: Sequence[Picture]) -> Question:
        """Return the question of a call."""
        picture, at = self.place(key)
        text = filled_in(self.questions[at], self.settings.variables)
        return Question(text, (pictures[picture],))

    def settings_of(self, key: str) -> Settings:
        """Return the settings of a call: the same for all."""
        del key
        return self.settings

    def request(self, key: str, pictures: Sequence[Picture], support: ToolSupport) -> Request:
        """Return the request of a call; reads its picture."""
        asked = self.question(key, pictures)
        # The other form cannot carry pictures.
        settings = replace(self.settings, form="messages", prefill="")
        return next_request((), asked, settings=settings, support=support)


def key_of(picture: int, question: int) -> str:
    """Return the key of the call for a picture and a question, both counted from 0."""
    return f"{picture}-{question}"
