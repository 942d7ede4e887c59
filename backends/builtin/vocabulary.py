"""The tokens of the built-in model: words of the help passages, shorter pieces, single bytes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

END = 0
"""The token that ends an answer."""

START = 1
"""The token that precedes an answer."""

_SPECIAL = (b"<end>", b"<start>")
_FIRST_BYTE = len(_SPECIAL)
_WORD = re.compile(r" ?[^\W\d_]\w*| ?\d+(?:[.,]\d+)*| ?[^\w\s]| ?_+\w*|\s")
_PIECES = 700
_LONGEST_PIECE = 4


class Vocabulary:
    """A lossless mapping between text and token ids.

    Every word of the passages is one token, with and without the preceding space, so that the model
    remembers words. Any other text is split into frequent pieces of one to four letters, and the
    rest into bytes. The same passages always give the same ids.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        words = Counter(word for text in texts for word in _WORD.findall(text))
        known = [word.encode() for word in sorted(words)]
        bare = [word.lstrip(b" ") for word in known]
        single = [bytes([value]) for value in range(256)]
        pieces = [piece.encode() for piece in _frequent_pieces(words)]
        spaced = [b" " + piece for piece in pieces]
        self.tokens: list[bytes] = list(
            dict.fromkeys([*_SPECIAL, *single, *known, *bare, *pieces, *spaced])
        )
        self._ids = {token: index for index, token in enumerate(self.tokens)}
        self._longest = _LONGEST_PIECE + 1
        self._spell = lru_cache(maxsize=50_000)(self._spell_uncached)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text. Lone surrogates become question marks."""
        ids: list[int] = []
        place = 0
        for match in _WORD.finditer(text):
            if match.start() > place:
                ids += self._spell(text[place : match.start()])
            ids += self._spell(match.group())
            place = match.end()
        return ids + list(self._spell(text[place:])) if place < len(text) else ids

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token ids; invalid UTF-8 becomes U+FFFD, special tokens disappear."""
        return self.bytes_of(ids).decode("utf-8", "replace")

    def bytes_of(self, ids: Iterable[int]) -> bytes:
        """Return the bytes of some tokens."""
        return b"".join(self.tokens[index] for index in ids if index >= _FIRST_BYTE)

    def id_of(self, token: bytes) -> int | None:
        """Return the id of these bytes, if they are exactly one token."""
        return self._ids.get(token)

    def _spell_uncached(self, word: str) -> tuple[int, ...]:
        data = word.encode("utf-8", "replace")
        whole = self._ids.get(data)
        return (whole,) if whole is not None else tuple(self._pieces_of(data))

    def _pieces_of(self, data: bytes) -> Iterable[int]:
        place = 0
        while place < len(data):
            size = self._longest_at(data, place)
            yield self._ids[data[place : place + size]]
            place += size

    def _longest_at(self, data: bytes, place: int) -> int:
        sizes = range(min(self._longest, len(data) - place), 1, -1)
        return next((size for size in sizes if data[place : place + size] in self._ids), 1)


def _frequent_pieces(words: Counter[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for word in words:
        letters = word.strip().lower()
        if letters.isalpha():
            counts.update(_pieces(letters))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1] * len(pair[0]), pair[0]))
    return sorted(piece for piece, _ in ranked[:_PIECES])


def _pieces(word: str) -> Iterable[str]:
    for size in range(2, _LONGEST_PIECE + 1):
        for place in range(len(word) - size + 1):
            yield word[place : place + size]
