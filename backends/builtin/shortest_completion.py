"""The shortest completion of a partial JSON text."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import numpy as np
from llguidance import LLMatcher
from numpy.typing import NDArray

from .grammars import allowed
from .json_position import Cursor, Path
from .pattern_examples import example_of
from .schema_lookup import patterns
from .vocabulary import Vocabulary

_IN_A_STRING = (b'"', b"@", b":", b"a", b"0", b"A", b".", b"-", b"/", b"T", b"Z", b"D", b"S", b"M")
_ENDING = (b"}", b"]", b",", b":", b" ")
_WORDS = (b"null", b"n", b"true", b"t", b"false", b"f")
_DIGITS = tuple(b"%d" % digit for digit in range(10))
_OPENING = (b'"', b"[", b"{")
_IN_A_ROW = 3


def shortest_completion(
    matcher: LLMatcher,
    cursor: Cursor,
    vocabulary: Vocabulary,
    schema: Mapping[str, Any],
    *,
    most: int,
) -> list[int] | None:
    """Find tokens that complete the text here; None if more than `most` are needed.

    Open strings, arrays and objects are closed first, and required values are as short as the
    schema accepts. The completion is short, but not proven to be the shortest.
    """
    way = _Way(matcher.deep_copy(), deepcopy(cursor), vocabulary, schema)
    tokens: list[int] = []
    for token in way:
        tokens.append(token)
        if len(tokens) > most:
            return None
    return tokens if way.arrived else None


class _Way:
    def __init__(
        self,
        matcher: LLMatcher,
        cursor: Cursor,
        vocabulary: Vocabulary,
        schema: Mapping[str, Any],
    ) -> None:
        self._matcher = matcher
        self._cursor = cursor
        self._vocabulary = vocabulary
        self._schema = schema
        self._used: Counter[int] = Counter()
        self._place: tuple[Path, bool] | None = None
        self._spelling: Iterator[int] = iter(())
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
        if may[quote] and not self._cursor.repeats_key():
            return quote
        spelled = next((token for token in self._spelled() if may[token]), None)
        return self._in_turn(others, may) if spelled is None else spelled

    def _spelled(self) -> Iterator[int]:
        """Return the letters that the string's patterns require.

        They come twice: the first ones are lost if a character or an escape has just begun.
        """
        place = (self._cursor.path, self._cursor.in_key)
        if place != self._place:
            self._place = place
            path, of_keys = place
            found = patterns(self._schema, path[:-1] if of_keys else path, of_keys=of_keys)
            text = json.dumps("".join(map(example_of, found)), ensure_ascii=False)[1:-1]
            letters = text.encode("utf-8", "replace")
            self._spelling = iter(self._known(bytes([letter]) for letter in letters * 2))
        return self._spelling

    def _outside(self, may: NDArray[np.bool_]) -> int:
        # Opening tokens come last: a recursive schema would be followed forever.
        for tokens in (_ENDING, _WORDS, _DIGITS, _OPENING):
            open_to = [token for token in self._known(tokens) if may[token]]
            if open_to:
                return self._in_turn(open_to, may) if tokens is _DIGITS else open_to[0]
        return int(np.argmax(may))

    def _in_turn(self, tokens: list[int], may: NDArray[np.bool_]) -> int:
        """Rotate through the tokens, so that no letter or digit is repeated forever."""
        open_to = [token for token in tokens if may[token]]
        turn = {token: self._used[token] // _IN_A_ROW for token in open_to}
        return min(open_to, key=turn.__getitem__, default=int(np.argmax(may)))

    def _known(self, spelled: Iterable[bytes]) -> list[int]:
        ids = (self._vocabulary.id_of(token) for token in spelled)
        return [token for token in ids if token is not None]
