"""Variety, repetition and agreement of texts, as defined in the literature."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from .words import words

REPEATED_WORDS = 4
"""How many consecutive words must reappear to count as repetition."""


class Agreement(NamedTuple):
    """How far several answers to one question agree, over all pairs."""

    equal: float
    """The share of pairs whose texts are identical."""

    similarity: float
    """The mean share of words that a pair has in common, regardless of order and count."""


def distinct(texts: Iterable[str], size: int) -> float | None:
    """Return distinct-n: distinct runs of `size` words divided by all such runs, over all texts.

    Li et al., "A Diversity-Promoting Objective Function for Neural Conversation Models", 2016. 1
    means that no run repeats. Longer texts naturally repeat more, so compare equal amounts. None if
    there are no runs.
    """
    found = [run for text in texts for run in _runs(words(text), size)]
    return len(set(found)) / len(found) if found else None


def repetition(text: str) -> float | None:
    """Return how much of a text repeats itself: seq-rep-4, the share of runs that appeared before.

    Welleck et al., "Neural Text Generation with Unlikelihood Training", 2020. 0 means that no run
    repeats; None for fewer than four words.
    """
    fresh = distinct([text], REPEATED_WORDS)
    return None if fresh is None else 1 - fresh


def agreement(texts: Sequence[str]) -> Agreement | None:
    """Return the agreement of all pairs of texts, or None if there are no pairs.

    The similarity is the Jaccard index (1912): the words in both texts, divided by those in either.
    """
    pairs = list(combinations([(text, frozenset(words(text))) for text in texts], 2))
    if not pairs:
        return None
    equal = sum(first == second for (first, _), (second, _) in pairs)
    alike = sum(_similarity(*first, *second) for first, second in pairs)
    return Agreement(equal / len(pairs), alike / len(pairs))


def _similarity(text: str, own: frozenset[str], other_text: str, others: frozenset[str]) -> float:
    if not own and not others:
        return float(text == other_text)
    return len(own & others) / len(own | others)


def _runs(of: Sequence[Hashable], size: int) -> Iterable[tuple[Hashable, ...]]:
    return zip(*(of[start:] for start in range(size)), strict=False)
