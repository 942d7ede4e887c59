"""From logits to one token: penalties, temperature, top-k, top-p, draw.

The order is the documented one and that of the engines in use. Numbers outside the documented
bounds are the caller's to refuse.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

DEFAULT_TEMPERATURE = 0.6
"""What the documented API uses when `temperature` is not sent."""

DEFAULT_MAX_TOKENS = 256
"""What the documented API uses when `max_tokens` is not sent."""

SMALLEST_REPETITION_PENALTY = 0.01
"""What a `repetition_penalty` of 0 counts as: the formula divides by it."""

_COLDEST = 1e-6


@dataclass(frozen=True, slots=True)
class Settings:
    """The sampling parameters of one answer; None means not sent."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    repetition_penalty: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None
    max_tokens: int | None = None

    @classmethod
    def of(cls, body: Mapping[str, object]) -> "Settings":
        """Take the sampling parameters out of a request body."""
        return cls(**{name: body[name] for name in cls.__slots__ if body.get(name) is not None})  # type: ignore[arg-type]  # the body was checked against the schema


def penalized(
    logits: Vector, settings: Settings, prompt: Iterable[int], answer: Sequence[int]
) -> Vector:
    """Lower the logits of tokens that were used before.

    `repetition_penalty` looks at the prompt and the answer: a positive logit is divided by it, a
    negative one multiplied. `frequency_penalty` (once per use) and `presence_penalty` (once) are
    subtracted and look at the answer alone, as vLLM does it.
    """
    result = logits.copy()
    repetition = settings.repetition_penalty
    if repetition is not None and repetition != 1:
        seen = np.fromiter({*prompt, *answer}, dtype=np.intp)
        result[seen] = _repeated(result[seen], max(repetition, SMALLEST_REPETITION_PENALTY))
    frequency, presence = settings.frequency_penalty or 0, settings.presence_penalty or 0
    if answer and (frequency or presence):
        counts = Counter(answer)
        used = np.fromiter(counts, dtype=np.intp)
        times = np.fromiter(counts.values(), dtype=np.float64)
        result[used] -= frequency * times + presence
    return result


def distribution(
    logits: Vector,
    *,
    temperature: float = DEFAULT_TEMPERATURE,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Vector:
    """Turn logits into the probabilities that are drawn from.

    `temperature` 0 puts everything on the largest logit. `top_k` keeps that many tokens; equal
    logits are kept by lowest id. `top_p` keeps the smallest set of likeliest tokens that reaches
    it: 0 keeps one, 1 and more keep all.
    """
    if temperature <= _COLDEST:
        return _only(int(np.argmax(logits)), len(logits))
    weights = np.exp((logits - np.max(logits)) / temperature)
    if top_k is not None and top_k < len(weights):
        weights = _kept(weights, _largest(logits, top_k))
    if top_p is not None and top_p < 1:
        weights = _kept(weights, _nucleus(weights, top_p))
    total: Vector = weights / weights.sum()
    return total


class Sampler:
    """Draws the tokens of one answer.

    The same settings, the same logits and the same seed give the same tokens. Without a seed the
    operating system's entropy is used.
    """

    def __init__(self, settings: Settings, prompt: Iterable[int] = ()) -> None:
        self._settings = settings
        self._prompt = set(prompt)
        self._random = np.random.Generator(np.random.PCG64(settings.seed))
        self._answer: list[int] = []

    def probabilities(self, logits: Vector) -> Vector:
        """Return what the next token is drawn from."""
        settings = self._settings
        temperature = settings.temperature
        return distribution(
            penalized(logits, settings, self._prompt, self._answer),
            temperature=DEFAULT_TEMPERATURE if temperature is None else temperature,
            top_k=settings.top_k,
            top_p=settings.top_p,
        )

    def draw(self, logits: Vector) -> int:
        """Draw a token."""
        return self._pick(self.probabilities(logits))

    def remember(self, token: int) -> None:
        """Take a token as part of the answer, for the penalties."""
        self._answer.append(token)

    def _pick(self, probabilities: Vector) -> int:
        sums = np.cumsum(probabilities)
        place = np.searchsorted(sums, self._random.random() * sums[-1], side="right")
        return int(min(place, np.flatnonzero(probabilities)[-1]))


def _repeated(logits: Vector, penalty: float) -> Vector:
    return np.where(logits > 0, logits / penalty, logits * penalty)


def _only(token: int, size: int) -> Vector:
    probabilities = np.zeros(size)
    probabilities[token] = 1
    return probabilities


def _largest(logits: Vector, count: int) -> NDArray[np.intp]:
    edge = np.partition(logits, -count)[-count]
    above = np.flatnonzero(logits > edge)
    equal = np.flatnonzero(logits == edge)
    return np.concatenate([above, equal[: count - len(above)]])


def _nucleus(weights: Vector, top_p: float) -> NDArray[np.intp]:
    order = np.argsort(-weights, kind="stable")
    sums = np.cumsum(weights[order])
    count = int(np.searchsorted(sums, top_p * sums[-1], side="left")) + 1
    return order[:count]


def _kept(weights: Vector, places: NDArray[np.intp]) -> Vector:
    result = np.zeros_like(weights)
    result[places] = weights[places]
    return result
