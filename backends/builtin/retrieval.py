"""A search index for the passages that a question is about."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .passages import GuidePassage
from .text_normalization import EMPTY, WEAK_TERMS, content, term, terms

_SUM = re.compile(r"\d\s*[-+*/x\u00d7\u00f7^]\s*\d")
_EMPTY_WEIGHT = 0.06
_WEAK_WEIGHT = 0.4
_QUESTION_COUNTS = 0.6
_HEADING_SHARE = 1.0
_BODY_SHARE = 0.6
_SHORTEST_GUESS = 5
_CLOSE = 0.84
_GUESSED = 0.7


class Index:
    """Scores of passages against weighted terms.

    A score is the best match with a heading or an `also` entry (the terms in common, by inverse
    document frequency, over a mean of the two sides: at most 1) plus 0.6 times the share of the
    question that the passage covers at all.
    """

    def __init__(self, passages: Sequence[GuidePassage]) -> None:
        bodies = [Counter(terms(_all_text(passage))) for passage in passages]
        frequency = Counter(name for body in bodies for name in body)
        self._size = len(passages)
        self._rarity = {name: self._idf(count) for name, count in frequency.items()}
        self._bodies = _postings(bodies)
        names = [(n, set(terms(name))) for n, p in enumerate(passages) for name in _names(p)]
        self._owners = np.array([owner for owner, _ in names], dtype=np.intp)
        self._masses = np.array([self.mass(dict.fromkeys(name, 1.0)) for _, name in names])
        self._names = _postings([dict.fromkeys(name, 1) for _, name in names])
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for name in sorted(content(self._rarity)):
            self._by_letter[name[0]].append(name)
        self._compounds = {name for name in self._rarity if "_" in name}

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """Score every passage for weighted terms, 0 to 1.6."""
        mass = self.mass(query)
        if mass == 0:
            return np.zeros(self._size)
        body = np.zeros(self._size)
        shared = np.zeros(len(self._owners))
        for name, weight in query.items():
            worth = weight * self.rarity(name)
            for place, times in self._bodies.get(name, ()):
                body[place] += worth * times / (times + 0.5)
            for place, _ in self._names.get(name, ()):
                shared[place] += worth
        best = np.zeros(self._size)
        whole = _QUESTION_COUNTS * mass + (1 - _QUESTION_COUNTS) * self._masses
        np.maximum.at(best, self._owners, shared / whole)
        return _HEADING_SHARE * best + _BODY_SHARE * body / mass

    def mass(self, query: Mapping[str, float]) -> float:
        """Return the total weight of a query."""
        return sum(weight * self.rarity(name) for name, weight in query.items())

    def strangeness(self, query: Mapping[str, float]) -> float:
        """Return the share of a query that no passage covers, 0 to 1."""
        strange = {name: weight for name, weight in query.items() if self.unknown(name)}
        return self.mass(strange) / self.mass(query) if strange else 0.0

    def rarity(self, name: str) -> float:
        """Return the weight of a term: rare terms weigh more, unknown ones the most."""
        worth = self._rarity.get(name)
        idf = self._idf(0) if worth is None else worth
        if name in EMPTY:
            return idf * _EMPTY_WEIGHT
        return idf * _WEAK_WEIGHT if name in WEAK_TERMS else idf

    def query(self, text: str) -> dict[str, float]:
        """Parse a text as a query; misspellings are corrected, `top k` also counts as `top_k`."""
        names = terms(text)
        joined = {"_".join(pair) for pair in pairwise(names)}
        found: dict[str, float] = dict.fromkeys([*names, *(joined & self._compounds)], 1.0)
        if _SUM.search(text):
            found[term("calculate")] = 1.0
        for name in [name for name in found if self.unknown(name)]:
            guess = self._guess(name)
            if guess is not None:
                del found[name]
                found.setdefault(guess, _GUESSED)
        return found

    def unknown(self, name: str) -> bool:
        """Return whether no passage contains this term."""
        return name not in self._rarity and name not in EMPTY

    def _guess(self, name: str) -> str | None:
        if len(name) < _SHORTEST_GUESS:
            return None
        near = [word for word in self._by_letter[name[0]] if abs(len(word) - len(name)) < 3]  # noqa: PLR2004 - at most two letters longer or shorter
        return next(iter(get_close_matches(name, near, n=1, cutoff=_CLOSE)), None)

    def _idf(self, count: int) -> float:
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5))


def _names(passage: GuidePassage) -> tuple[str, ...]:
    return (passage.question, *passage.also)


def _all_text(passage: GuidePassage) -> str:
    return " ".join((passage.question, *passage.also, passage.text))


def _postings(counts: Iterable[Mapping[str, int]]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, count in enumerate(counts):
        for name, times in count.items():
            found[name].append((place, times))
    return dict(found)
