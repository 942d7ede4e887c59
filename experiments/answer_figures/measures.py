"""How varied, repetitive and alike texts are, as it is defined in the literature."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from .words import words

REPEATED_WORDS = 4
"""How many words in a row must come back to count as repeated."""


class Agreement(NamedTuple):
    """How far several answers to one question agree, over all pairs of them."""

    equal: float
    """The share of pairs whose texts are the same to the letter."""

    similarity: float
    """The mean share of common words in a pair's words, whatever their order and number."""


def distinct(texts: Iterable[str], size: int) -> float | None:
    """Return distinct-n: different runs of `size` words over all such runs, of all texts together.

    Li et al., "A Diversity-Promoting Objective Function for Neural Conversation Models", 2016. 1 is
    no run twice. More text repeats more by itself, so compare equal amounts. None without a run.
    """
    found = [run for text in texts for run in _runs(words(text), size)]
    return len(set(found)) / len(found) if found else None


def repetition(text: str) -> float | None:
    """Return how much of one text repeats itself: seq-rep-4, the share of runs that came before.

    Welleck et al., "Neural Text Generation with Unlikelihood Training", 2020. 0 is no run twice;
    None for less than four words.
    """
    fresh = distinct([text], REPEATED_WORDS)
    return None if fresh is None else 1 - fresh


def agreement(texts: Sequence[str]) -> Agreement | None:
    """Compare every pair of texts; None if there is none.

    The similarity is Jaccard's index (1912): the words that both have, over those that either has.
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
