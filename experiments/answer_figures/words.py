"""The words of a text in any script; in scripts without spaces, its characters."""

import re
import unicodedata
from functools import cache, lru_cache

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_LAST_MARK = 0x1F000
_MOST_REMEMBERED = 1000
"""Texts whose words are cached, because every figure of an answer needs them."""


def words(text: str) -> list[str]:
    """Return the words, case-folded; numbers and words like `don't` stay whole.

    Chinese, Japanese, Thai, Lao, Khmer and Burmese have no spaces between words, so there each
    character counts as one, with its combining marks.
    """
    return list(_words(text))


def pieces(text: str) -> list[str]:
    """Split the whole text into words, runs of whitespace, and other single characters."""
    return _piece().findall(text)


@lru_cache(_MOST_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _word().findall(text))


@cache
def _word() -> re.Pattern[str]:
    return re.compile(_word_pattern())


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(rf"{_word_pattern()}|\s+|.", re.DOTALL)


def _word_pattern() -> str:
    # `\w` excludes the vowel signs of Hindi, Tamil, Thai and others, and would split words.
    marks = "".join(filter(_is_mark, map(chr, range(0x300, _LAST_MARK))))
    letter = rf"[^\W{_UNSPACED}]"
    letters = rf"{letter}+(?:[{marks}]+{letter}*)*+"
    number = r"\d+(?:[.,]\d+)+"
    return rf"(?:{number}|{letters}(?:['\u2019]{letters})*|[{_UNSPACED}](?<=\w)[{marks}]*)"


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"
