"""The shortest way to the end of a JSON text that has begun."""

from collections.abc import Iterator
from copy import deepcopy

import numpy as np
from llguidance import LLMatcher

from .cursor import Cursor
from .grammars import allowed
from .vocabulary import Vocabulary

_IN_A_STRING = (b'"',)
_OUTSIDE = (b"}", b"]", b",", *(b"%d" % digit for digit in range(10)), b'"', b"{", b"[", b":", b" ")


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
        self.arrived = False

    def __iter__(self) -> Iterator[int]:
        while not (self._matcher.is_accepting() or self._matcher.is_stopped()):
            for token in self._step():
                self._matcher.consume_token(token)
                self._cursor.feed(self._vocabulary.tokens[token].decode("utf-8", "replace"))
                yield token
        self.arrived = not self._matcher.is_error()

    def _step(self) -> list[int]:
        forced = self._matcher.compute_ff_tokens()
        if forced:
            return list(forced)
        may = allowed(self._matcher, len(self._vocabulary))
        wanted = _IN_A_STRING if self._cursor.in_string else _OUTSIDE
        ids = (self._vocabulary.id_of(token) for token in wanted)
        best = next((token for token in ids if token is not None and may[token]), None)
        return [int(np.argmax(may)) if best is None else best]
