"""Figures for the answers to one setting."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Protocol

from schemas import read_guided_answer
from workers_ai import Finish, Usage, model_card

from .measures import agreement, distinct, repetition
from .words import words

_SHORTEST_WRITING = 0.05
"""Seconds of writing; a shorter time says nothing about the speed."""


class EndedCall(Protocol):
    """A call that has ended, such as a `Snapshot` of a reply or an `Outcome` of a batch."""

    @property
    def text(self) -> str:
        """The answer."""

    @property
    def finish(self) -> Finish | None:
        """How it ended; None or "error" for a failed call."""

    @property
    def usage(self) -> Usage | None:
        """The server's token counts."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def first_text(self) -> float | None:
        """Seconds to the first text."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and means over the answers that could be measured, or None if there are none.

    Failed and unfinished calls are counted and otherwise omitted. Answers cut at `max_tokens` are
    measured as they are, so their length is a lower bound. Empty answers have no words to measure.
    """

    calls: int
    failed: int
    unfinished: int
    """Stopped, or ended early by the server."""

    empty: int
    """Complete, but without text, such as tool calls."""

    cut: int
    """Cut at `max_tokens`."""

    words: float | None
    """In languages without spaces, the number of characters."""

    characters: float | None
    distinct_1: float | None
    """Distinct words divided by all words, over all answers together."""

    distinct_2: float | None
    """The same for pairs of neighboring words."""

    repetition: float | None
    """The share of four-word sequences that appeared earlier in the same answer."""

    equal: float | None
    """The share of pairs of answers that are identical."""

    similarity: float | None
    """The mean share of words that a pair of answers has in common."""

    schema_valid: float | None
    """The share of answers that follow the schema; cut and empty ones do not."""

    seconds: float | None
    first_text: float | None
    """Seconds."""

    tokens_per_second: float | None
    """After the first text."""

    cost: float | None
    """Dollars, for all answers together; None unless the server counted every one."""

    def row(self) -> dict[str, Any]:
        """Return the figures by name, for a table."""
        return asdict(self)


def figures_of(answers: Iterable[EndedCall], schema: Any = None) -> Figures:
    """Return the figures of the answers to one setting; with a schema, also how many follow it."""
    given = list(answers)
    whole = [each for each in given if each.finish in ("done", "length")]
    texts = [each.text for each in whole if each.text.strip()]
    failed = sum(each.finish in (None, "error") for each in given)
    alike = agreement(texts)
    return Figures(
        calls=len(given),
        failed=failed,
        unfinished=len(given) - len(whole) - failed,
        empty=len(whole) - len(texts),
        cut=sum(each.finish == "length" for each in whole),
        words=_mean(len(words(text)) for text in texts),
        characters=_mean(map(len, texts)),
        distinct_1=distinct(texts, 1),
        distinct_2=distinct(texts, 2),
        repetition=_mean(map(repetition, texts)),
        equal=alike and alike.equal,
        similarity=alike and alike.similarity,
        schema_valid=None if schema is None else _mean(_follows(each, schema) for each in whole),
        seconds=_mean(each.seconds for each in whole),
        first_text=_mean(each.first_text for each in whole),
        tokens_per_second=_mean(map(_speed, whole)),
        cost=_cost(whole),
    )


def _mean(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return fmean(known) if known else None


def _follows(answer: EndedCall, schema: Any) -> bool:
    return read_guided_answer(answer.text, schema, answer.finish or "error").verdict == "valid"


def _speed(answer: EndedCall) -> float | None:
    if answer.usage is None or answer.first_text is None:
        return None
    writing = answer.seconds - answer.first_text
    if writing < _SHORTEST_WRITING or answer.usage.completion_tokens < 2:  # noqa: PLR2004 - too short to tell
        return None
    return answer.usage.completion_tokens / writing


def _cost(answers: Sequence[EndedCall]) -> float | None:
    counted = [each.usage for each in answers if each.usage is not None]
    if not answers or len(counted) < len(answers):
        return None
    return sum(map(model_card.cost, counted))
