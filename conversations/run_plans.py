"""The plans of runs: the questions and settings of a sweep or of a picture run."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from experiments import Cell, Sweep
from workers_ai import Request, ToolSupport, parse_request

from .answer_record import Maker
from .next_request import next_request
from .picture import Picture
from .settings import Settings, fill_variables
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
        text = fill_variables(self.questions[at], self.settings.variables)
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


_PICTURE = "picture:"


@dataclass(frozen=True)
class SweepPlan:
    """A plan to send one request with every combination of some parameters' values."""

    sweep: Sweep
    body: str
    """The request to vary, as JSON; its pictures are stored with the run and referenced here."""

    maker: Maker
    settings: Settings = field(default_factory=Settings)
    asked: str = ""
    """The text of the question."""

    asked_pictures: tuple[int, ...] = ()
    """The indexes of the question's pictures among the run's."""

    chat: str = ""
    """The id of the chat whose history it follows; "" for none."""

    leaf: str = ""
    """The last message of that history; "" for none."""

    look: str = ""
    """What to observe, if it is a lesson."""

    concurrency: int = 4
    per_minute: int | None = None
    kind: Literal["sweep"] = "sweep"

    @classmethod
    def of(
        cls,
        sweep: Sweep,
        request: Request,
        question: Question,
        pictures: Sequence[Picture],
        **more: Any,
    ) -> Self:
        """Return a plan for a request; `pictures` are all that it contains."""
        places = {picture.image.data_uri: at for at, picture in enumerate(pictures)}
        body = _with_urls(request.body(), lambda url: _named(url, places))
        asked = tuple(pictures.index(picture) for picture in question.pictures)
        text = json.dumps(body, ensure_ascii=False)
        return cls(sweep, text, asked=question.text, asked_pictures=asked, **more)

    def keys(self, pictures: int) -> list[str]:
        """Return the keys of the cells."""
        del pictures
        return list(_cells(self.sweep))

    def cell(self, key: str) -> Cell:
        """Return the cell with a key."""
        return _cells(self.sweep)[key]

    def question(self, key: str, pictures: Sequence[Picture]) -> Question:
        """Return the question that every cell asks."""
        del key
        return Question(self.asked, tuple(pictures[at] for at in self.asked_pictures))

    def settings_of(self, key: str) -> Settings:
        """Return the settings of a cell."""
        parameters = self.sweep.parameters(self.settings.parameters, self.cell(key))
        return replace(self.settings, parameters=parameters)

    def request(self, key: str, pictures: Sequence[Picture], support: ToolSupport) -> Request:
        """Return the request of a cell; reads the pictures."""
        del support
        body = _with_urls(json.loads(self.body), lambda url: _read(url, pictures))
        return parse_request(body).replace(**self.sweep.changes(self.cell(key)))


@lru_cache(maxsize=32)
def _cells(sweep: Sweep) -> Mapping[str, Cell]:
    return {cell.key: cell for cell in sweep.cells()}


def _with_urls(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON with every picture's `url` changed."""
    if isinstance(value, list):
        return [_with_urls(each, change) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: change(each) if name == "url" and isinstance(each, str) else _with_urls(each, change)
        for name, each in value.items()
    }


def _named(url: str, places: Mapping[str, int]) -> str:
    return f"{_PICTURE}{places[url]}" if url in places else url


def _read(url: str, pictures: Sequence[Picture]) -> str:
    at = url.removeprefix(_PICTURE)
    if url == at or not at.isdigit() or int(at) >= len(pictures):
        return url
    return pictures[int(at)].image.data_uri


Plan = PicturePlan | SweepPlan

KeptPlan = Annotated[Plan, Field(discriminator="kind")]
"""A plan as it is stored, discriminated by `kind`."""
