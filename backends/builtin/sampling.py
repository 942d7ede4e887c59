"""Sampling of one token from logits: penalties, temperature, top-k, top-p, draw.

The order is the documented one, which common engines share. The caller must reject numbers outside
the documented bounds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float64]

DEFAULT_TEMPERATURE = 0.6
"""The documented API's default when `temperature` is not sent."""

DEFAULT_MAX_TOKENS = 256
"""The documented API's default when `max_tokens` is not sent."""

SMALLEST_REPETITION_PENALTY = 0.01
"""The value used for a `repetition_penalty` of 0, since the formula divides by it."""

COLDEST_TEMPERATURE = 1e-6
"""Temperatures up to this count as 0."""


@dataclass(frozen=True, slots=True)
class SamplingSettings:
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
    def of(cls, body: Mapping[str, object]) -> "SamplingSettings":
        """Return the sampling parameters of a request body."""
        return cls(**{name: body[name] for name in cls.__slots__ if body.get(name) is not None})  # type: ignore[arg-type]  # the body was validated against the schema


class Penalized(NamedTuple):
    """Logits after each penalty, in order of application."""

    repetition: Logits
    frequency: Logits
    presence: Logits


class Weights(NamedTuple):
    """The weight of each token after each step; removed tokens weigh 0. The sums are not 1."""

    temperature: Logits
    top_k: Logits
    top_p: Logits


def logit_penalties(
    logits: Logits, settings: SamplingSettings, prompt: Iterable[int], answer: Sequence[int]
) -> Penalized:
    """Lower the logits of tokens that were used before.

    `repetition_penalty` looks at the prompt and the answer: a positive logit is divided by it, a
    negative one multiplied. `frequency_penalty` (once per use) and `presence_penalty` (once) are
    subtracted and look only at the answer, as in vLLM. A penalty without effect copies nothing.
    """
    frequent, present = settings.frequency_penalty or 0, settings.presence_penalty or 0
    uses = Counter(answer) if frequent or present else Counter()
    used = np.fromiter(uses, dtype=np.intp)
    times = np.fromiter(uses.values(), dtype=np.float64)
    repetition = _repeated(logits, settings.repetition_penalty, prompt, answer)
    frequency = _lowered(repetition, used, frequent * times) if frequent else repetition
    presence = _lowered(frequency, used, present) if present else frequency
    return Penalized(repetition, frequency, presence)


def penalized(
    logits: Logits, settings: SamplingSettings, prompt: Iterable[int], answer: Sequence[int]
) -> Logits:
    """Return logits after all penalties."""
    return logit_penalties(logits, settings, prompt, answer).presence


def token_weights(
    logits: Logits,
    *,
    temperature: float = DEFAULT_TEMPERATURE,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Weights:
    """Return the weights of tokens with penalized logits after each filter.

    `temperature` 0 puts all weight on the largest logit. `top_k` keeps that many tokens; ties go to
    the lowest id. `top_p` keeps the smallest set of most likely tokens that reaches it: 0 keeps
    one, 1 or more keeps all.
    """
    if temperature <= COLDEST_TEMPERATURE:
        only = _only(int(np.argmax(logits)), len(logits))
        return Weights(only, only, only)
    warm = np.exp((logits - np.max(logits)) / temperature)
    few = warm
    if top_k is not None and top_k < len(warm):
        few = _kept(warm, _largest(logits, top_k))
    likely = few
    if top_p is not None and top_p < 1:
        likely = _kept(few, _nucleus(few, top_p))
    return Weights(warm, few, likely)


def distribution(
    logits: Logits,
    *,
    temperature: float = DEFAULT_TEMPERATURE,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Logits:
    """Convert penalized logits into the probabilities for the draw."""
    left = token_weights(logits, temperature=temperature, top_k=top_k, top_p=top_p).top_p
    total: Logits = left / left.sum()
    return total


class Sampler:
    """A random source of the tokens of one answer.

    The same settings, the same logits and the same seed give the same tokens. Without a seed the
    operating system's entropy is used.
    """

    def __init__(self, settings: SamplingSettings, prompt: Iterable[int] = ()) -> None:
        self._settings = settings
        self._prompt = set(prompt)
        self._random = np.random.Generator(np.random.PCG64(settings.seed))
        self._answer: list[int] = []

    def probabilities(self, logits: Logits) -> Logits:
        """Return the probabilities that the next token is drawn from."""
        settings = self._settings
        temperature = settings.temperature
        return distribution(
            penalized(logits, settings, self._prompt, self._answer),
            temperature=DEFAULT_TEMPERATURE if temperature is None else temperature,
            top_k=settings.top_k,
            top_p=settings.top_p,
        )

    def draw(self, logits: Logits) -> int:
        """Draw a token."""
        return int(self.draws(logits, 1)[0])

    def draws(self, logits: Logits, count: int) -> NDArray[np.intp]:
        """Draw several tokens, each as if it were the next one, like repeated calls of `draw`."""
        probabilities = self.probabilities(logits)
        sums = np.cumsum(probabilities)
        places = np.searchsorted(sums, self._random.random(count) * sums[-1], side="right")
        drawn: NDArray[np.intp] = np.minimum(places, np.flatnonzero(probabilities)[-1])
        return drawn

    def remember(self, token: int) -> None:
        """Add a token to the answer, for the penalties."""
        self._answer.append(token)


def _repeated(
    logits: Logits, penalty: float | None, prompt: Iterable[int], answer: Iterable[int]
) -> Logits:
    if penalty is None or penalty == 1:
        return logits
    factor = max(penalty, SMALLEST_REPETITION_PENALTY)
    seen = np.fromiter({*prompt, *answer}, dtype=np.intp)
    result = logits.copy()
    result[seen] = np.where(result[seen] > 0, result[seen] / factor, result[seen] * factor)
    return result


def _lowered(logits: Logits, tokens: NDArray[np.intp], by: Logits | float) -> Logits:
    result = logits.copy()
    result[tokens] -= by
    return result


def _only(token: int, size: int) -> Logits:
    probabilities = np.zeros(size)
    probabilities[token] = 1
    return probabilities


def _largest(logits: Logits, count: int) -> NDArray[np.intp]:
    edge = np.partition(logits, -count)[-count]
    above = np.flatnonzero(logits > edge)
    equal = np.flatnonzero(logits == edge)
    return np.concatenate([above, equal[: count - len(above)]])


def _nucleus(weights: Logits, top_p: float) -> NDArray[np.intp]:
    order = np.argsort(-weights, kind="stable")
    sums = np.cumsum(weights[order])
    count = int(np.searchsorted(sums, top_p * sums[-1], side="left")) + 1
    return order[:count]


def _kept(weights: Logits, places: NDArray[np.intp]) -> Logits:
    result = np.zeros_like(weights)
    result[places] = weights[places]
    return result
