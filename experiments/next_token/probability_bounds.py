"""Bounds for a few likely tokens when only the total of the others is known."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from backends import COLDEST_TEMPERATURE, DEFAULT_TEMPERATURE
from workers_ai import Parameters


class Bounds(NamedTuple):
    """The bounds of a number; equal if it is known exactly."""

    least: float
    most: float


class Share(NamedTuple):
    """One reported token under some settings."""

    text: str
    raw: float
    """The probability that was reported."""

    probability: Bounds
    kept: bool | None
    """Whether it can be drawn; None if unknown."""


class ProbabilityShares(NamedTuple):
    """The reported tokens, most likely first, and all others together."""

    tokens: tuple[Share, ...]
    rest: Bounds
    """The probability that another token is drawn."""

    @property
    def exact(self) -> bool:
        """Whether everything is known, within floating-point accuracy."""
        every = (self.rest, *(token.probability for token in self.tokens))
        return all(math.isclose(least, most, abs_tol=1e-9) for least, most in every)


_NOTHING = Bounds(0, 0)


class Shaping:
    """The effect of `temperature`, `top_k` and `top_p` on the most likely tokens.

    `raw` are their probabilities in descending order; `rest` is the total probability of the
    `others`, none of which is more likely than the last of `raw`. Their number can be infinite.
    """

    def __init__(
        self, raw: Sequence[float], rest: float, others: float, parameters: Parameters
    ) -> None:
        self._raw = raw
        self._others = others
        self._unknown = rest if others else 0.0
        temperature = parameters.temperature
        self._temperature = DEFAULT_TEMPERATURE if temperature is None else temperature
        self._top_k = 1 if self._temperature <= COLDEST_TEMPERATURE else parameters.top_k
        self._top_p = 1.0 if parameters.top_p is None else parameters.top_p
        # Weights are relative to the most likely token's, so none overflows.
        self._weights = [self._weight(probability) for probability in raw]
        self._known = len(raw) if self._top_k is None else min(self._top_k, len(raw))
        self._sums = list(accumulate(self._weights[: self._known]))
        self._tail = self._kept_tail()

    def shares(self, texts: Sequence[str]) -> ProbabilityShares:
        """Return what is known about each token."""
        reached = [self._reached(tail) for tail in self._tail]
        kept = Bounds(
            self._least_kept(reached[0], self._tail.least),
            self._most_kept(reached[1], self._tail.most),
        )
        tokens = []
        for at, text in enumerate(texts):
            sure, perhaps = at < min(reached[0], self._known), at < min(reached[1], self._known)
            most = self._weights[at] / max(kept.least, self._sums[at]) if perhaps else 0.0
            least = self._weights[at] / kept.most if sure else 0.0
            state = None if perhaps and not sure else sure
            tokens.append(Share(text, self._raw[at], Bounds(least, most), state))
        return ProbabilityShares(
            tuple(tokens), self._rest(tokens) if reached[1] > self._known else _NOTHING
        )

    def _weight(self, probability: float) -> float:
        if self._temperature <= COLDEST_TEMPERATURE:
            return float(probability == self._raw[0])
        return float((probability / self._raw[0]) ** (1 / self._temperature))

    def _kept_tail(self) -> Bounds:
        """Return the bounds of the weight of the other tokens that `top_k` keeps."""
        more = math.inf if self._top_k is None else self._top_k - len(self._raw)
        if more <= 0 or not self._unknown:
            return _NOTHING
        least, most = self._whole_tail()
        if math.isinf(more):
            return Bounds(least, most)
        # The most likely of them weigh at least their share, each at most as the last known one.
        return Bounds(least * min(1, more / self._others), min(most, more * self._weights[-1]))

    def _whole_tail(self) -> Bounds:
        """Return the bounds of the weight of all other tokens.

        One extreme is as few of them as possible, each as likely as the last known one; the other
        is equal probabilities. Which weighs more depends on the side of temperature 1.
        """
        last, power = self._raw[-1], 1 / self._temperature
        few = self._unknown / last * self._weights[-1]
        if math.isinf(self._others):
            alike = few if power == 1 else 0.0 if power > 1 else math.inf
        else:
            alike = self._others * self._weight(min(self._unknown / self._others, last))
        return Bounds(min(few, alike), max(few, alike))

    def _reached(self, tail: float) -> int:
        """Count the tokens that `top_p` keeps; one more than are known means any number."""
        if self._top_p >= 1:
            return self._known + (tail > 0)
        if self._top_p <= 0:
            return 1
        goal = self._top_p * (self._sums[-1] + tail)
        return next(
            (at for at, total in enumerate(self._sums, 1) if total >= goal), self._known + 1
        )

    def _least_kept(self, reached: int, tail: float) -> float:
        if reached <= self._known:
            return self._sums[reached - 1]
        return max(self._sums[-1], min(self._top_p, 1) * (self._sums[-1] + tail))

    def _most_kept(self, reached: int, tail: float) -> float:
        if reached <= self._known:
            return self._sums[reached - 1]
        whole = self._sums[-1] + tail
        # The token that reaches the goal can exceed it.
        return min(whole, self._top_p * whole + self._weights[-1])

    def _rest(self, tokens: Sequence[Share]) -> Bounds:
        least = 1 - math.fsum(token.probability.most for token in tokens)
        most = 1 - math.fsum(token.probability.least for token in tokens)
        return Bounds(max(0.0, least), most)
