"""The shortest way to the end of a JSON text that has begun."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy

import numpy as np
from llguidance import LLMatcher
from numpy.typing import NDArray

from .cursor import Cursor
from .grammars import allowed
from .vocabulary import Vocabulary

_IN_A_STRING = (b'"', b"@", b":", b"a", b"0", b"A", b".", b"-", b"/", b"T", b"Z")
_OUTSIDE = (b"}", b"]", b",", b'"', b"{", b"[", b":", b" ")
_DIGITS = tuple(b"%d" % digit for digit in range(10))


def shortest_end(
    matcher: LLMatcher, cursor: Cursor, vocabulary: Vocabulary, *, most: int
) -> list[int] | None:
    """Find tokens that end the text here; None if more than `most` would be needed.

    It closes what is open first, and fills in what is required with as little as the schema
    accepts. The way is short, but not proven to be the shortest.
    """
    way = _Way(matcher.deep_copy(), deepcopy(cursor), vocabulary)
    tokens: list[int] = []
    for token in way:
        tokens.append(token)
        if len(tokens) > most:
            return None
    return tokens if way.arrived else None


class _Way:
    def __init__(self, matcher: LLMatcher, cursor: Cursor, vocabulary: Vocabulary) -> None:
        self._matcher = matcher
        self._cursor = cursor
        self._vocabulary = vocabulary
        self._used: Counter[int] = Counter()
        self.arrived = False

    def __iter__(self) -> Iterator[int]:
        while not (self._matcher.is_accepting() or self._matcher.is_stopped()):
            for token in self._step():
                self._matcher.consume_token(token)
                self._cursor.feed(self._vocabulary.tokens[token])
                yield token
        self.arrived = not self._matcher.is_error()

    def _step(self) -> list[int]:
        forced = self._matcher.compute_ff_tokens()
        if forced:
            return list(forced)
        may = allowed(self._matcher, len(self._vocabulary))
        best = self._in_a_string(may) if self._cursor.in_string else self._outside(may)
        self._used[best] += 1
        return [best]

    def _in_a_string(self, may: NDArray[np.bool_]) -> int:
        quote, *others = self._known(_IN_A_STRING)
        return quote if may[quote] else self._in_turn(others, may)

    def _outside(self, may: NDArray[np.bool_]) -> int:
        best = next((token for token in self._known(_OUTSIDE) if may[token]), None)
        return self._in_turn(self._known(_DIGITS), may) if best is None else best

    def _in_turn(self, tokens: list[int], may: NDArray[np.bool_]) -> int:
        """Where it must go on, take turns, so that no letter or digit is tried for ever."""
        open_to = [token for token in tokens if may[token]]
        return min(open_to, key=lambda token: self._used[token], default=int(np.argmax(may)))

    def _known(self, spelled: Iterable[bytes]) -> list[int]:
        ids = (self._vocabulary.id_of(token) for token in spelled)
        return [token for token in ids if token is not None]
