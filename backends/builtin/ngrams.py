"""A smoothed n-gram model that favors the texts that are relevant to an answer.

It keeps no table of n-grams. For every position in its texts it knows how many tokens before that
position match the end of the text so far; the positions that match in at least k tokens are the
evidence of order k. Each order is interpolated with the one below (Dirichlet smoothing, the
evidence weighted by the relevance of its text), down to single words and a small uniform floor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sampling import Logits
from .sentence_skips import SentenceSkips
from .vocabulary import END, START

HIGHEST_ORDER = 7
"""The most tokens of context that count."""

CERTAIN = 14.0
"""The logit of a token that is certain."""

_SMOOTHING = (0.02, 0.5, 1.0)
_WANDERING = 0.012
_WANDERING_ORDER = 2
_STRAY = 1e-6
_FLOOR = 1e-3
_PIECE_SHARE = 0.03
_BYTE_SHARE = 1e-3
_TINY = 1e-9
_NEVER = 1e-300
_FIRM = 4
_CHOSEN = 200.0


@dataclass(frozen=True, slots=True)
class Texts:
    """Concatenated texts, each between START and END."""

    tokens: NDArray[np.int32]
    owners: NDArray[np.int32]
    """The text that each token belongs to."""

    @classmethod
    def of(cls, texts: Iterable[Sequence[int]]) -> "Texts":
        """Concatenate token lists."""
        framed = [[START, *text, END] for text in texts]
        owners = np.repeat(np.arange(len(framed)), [len(text) for text in framed])
        tokens = [token for text in framed for token in text]
        return cls(np.array(tokens, dtype=np.int32), owners.astype(np.int32))

    def span(self, owner: int) -> tuple[int, int]:
        """Return where a text begins, at its START, and where the next one begins."""
        begin, after = np.searchsorted(self.owners, [owner, owner + 1])
        return int(begin), int(after)

    def joined(self, other: "Texts") -> "Texts":
        """Append other texts to these."""
        shift = int(self.owners[-1]) + 1 if len(self.owners) else 0
        return Texts(
            np.concatenate([self.tokens, other.tokens]),
            np.concatenate([self.owners, other.owners + np.int32(shift)]),
        )


class Context:
    """The text written so far, and the probabilities of the next token.

    `weights` is the weight of each text, `openings` its weight as the beginning of an answer.
    """

    def __init__(
        self,
        texts: Texts,
        weights: Logits,
        openings: Logits,
        floor: Logits,
        detours: SentenceSkips | None = None,
    ) -> None:
        self._tokens = texts.tokens
        self._texts = texts
        self._floor = floor
        self._detours = detours or {}
        self._opened: dict[int, float] = {}
        self._agreement = np.zeros(len(texts.tokens), dtype=np.int32)
        self._weights = weights[texts.owners]
        self._first = np.flatnonzero(texts.tokens == START) + 1
        self._weights[self._first] = openings[texts.owners[self._first]]
        self._base = _base(texts.tokens, weights[texts.owners], floor)

    def begin(self) -> None:
        """Go to the beginning of an answer, regardless of what was written before."""
        self._agreement[:] = 0
        self.write(START)

    def begin_with(self, owner: int) -> None:
        """Go to the beginning of an answer that begins like one text."""
        self.begin()
        first = self._texts.span(owner)[0] + 1
        self._agreement[self._first] = 0
        self._agreement[first] = 1
        self._opened[first] = _CHOSEN

    def write(self, token: int) -> None:
        """Append one token."""
        before = self._agreement
        after = np.zeros_like(before)
        np.multiply(before[:-1] + 1, self._tokens[:-1] == token, out=after[1:])
        self._agreement = after
        self._opened = {}
        here = [place for place in self._detours if after[place] >= _FIRM]
        for place in here:
            self._open(self._detours[place], int(after[place]))

    def probabilities(self) -> Logits:
        """Return the probabilities of the next token over the whole vocabulary."""
        places = np.flatnonzero(self._agreement)
        agreement = np.minimum(self._agreement[places], HIGHEST_ORDER)
        tokens, weights = self._tokens[places], self._weights[places]
        for place, weight in self._opened.items():
            weights[np.searchsorted(places, place)] = weight
        estimate = self._base
        for order in range(1, int(agreement.max(initial=0)) + 1):
            enough = agreement >= order
            estimate = _interpolated(estimate, tokens[enough], weights[enough], order)
        estimate *= 1 - _STRAY - _WANDERING
        estimate += _STRAY * self._base
        self._add_wandering(estimate, places, agreement)
        return estimate / float(estimate.sum())

    def logits(self) -> Logits:
        """Return the logarithms of the probabilities, lifted by `CERTAIN`.

        The lift does not change any probability. It makes the logits of likely tokens positive and
        as large as in neural models, because `repetition_penalty` divides positive logits.
        """
        logits: Logits = np.log(self.probabilities() + _NEVER) + CERTAIN
        return logits

    def _add_wandering(
        self, estimate: Logits, places: NDArray[np.intp], agreement: NDArray[np.int32]
    ) -> None:
        for order in range(1, _WANDERING_ORDER + 1):
            heard = np.setdiff1d(places[agreement >= order], self._first, assume_unique=True)
            if len(heard):
                share = _WANDERING / _WANDERING_ORDER / len(heard)
                np.add.at(estimate, self._tokens[heard], share)

    def _open(self, others: Sequence[tuple[int, float]], agreement: int) -> None:
        for place, weight in others:
            self._agreement[place] = agreement
            self._opened[place] = weight


def _base(tokens: NDArray[np.int32], weights: Logits, floor: Logits) -> Logits:
    counted = np.bincount(tokens, weights=weights, minlength=len(floor))
    counted[[START, END]] = 0
    shares: Logits = counted / max(float(counted.sum()), _TINY)
    return (1 - _FLOOR) * shares + _FLOOR * floor


def floor_for(tokens: Sequence[bytes]) -> Logits:
    """Distribute the uniform floor: equal for words, less for pieces, hardly any for bytes."""
    floor = np.array([_floor_share(token) for token in tokens])
    floor[[START, END]] = 0
    total: Logits = floor / floor.sum()
    return total


def _interpolated(below: Logits, tokens: NDArray[np.int32], weights: Logits, order: int) -> Logits:
    smoothing = _SMOOTHING[min(order, len(_SMOOTHING)) - 1]
    total = float(weights.sum()) + smoothing
    result: Logits = below * (smoothing / total)
    np.add.at(result, tokens, weights / total)
    return result


def _floor_share(token: bytes) -> float:
    if len(token) == 1 and not token.isalnum():
        return _BYTE_SHARE
    return 1.0 if token[:1] == b" " else _PIECE_SHARE
