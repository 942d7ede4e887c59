"""Words as search terms: lowercase, without endings, with synonyms merged."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*(?:[.,]\d+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APOSTROPHE = re.compile(r"['\u2019](s|re|ll|ve|d|m|t)\b", re.IGNORECASE)


def word_set(text: str) -> frozenset[str]:
    """Return the set of words in a space-separated text."""
    return frozenset(text.split())


EMPTY = word_set(
    "a about all also am an and any are as at be been being but by can could did do does doing for "
    "from get give had has have he her here him his how i if in into is it its just know let like "
    "may me might mine my need of off on one or our out please say she should show so some tell "
    "than that the their them then there these they this those to too us use was we were what when "
    "where which who whom whose why will with would you your yours explain describe mean want work "
    "happen thing ever really much many exactly actually kindly hey ok okay okey well dont isnt "
    "doesnt cant exact somehow good best better try information"
)
"""Words that reveal little about the topic; the search gives them a small weight."""

WEAK = word_set(
    "fix solve help understand generate attach send set call write make find add put choose "
    "pick run change switch see look read start begin take keep go come answer model question "
    "people person way thing settings setting value number word text sentence two three new "
    "more most big large small different same time today right always never often back learn"
)
"""Words that many questions share; the search gives them less than the weight of their rarity."""

_SAME = (
    "image images picture photo photograph pic screenshot",
    "answer reply response output",
    "price cost pricing expensive cheap money pay dollar bill charge",
    "maximum max highest largest biggest upper",
    "minimum min lowest smallest lower",
    "default standard preset",
    "range bound bounds limit allow allowed between",
    "error failure fail failed problem broken",
    "random randomness creative creativity",
    "repeat repetition repetitive repeating loop",
    "reproduce reproducible reproducibility deterministic repeatable same",
    "key token credential secret",
    "stop cancel abort interrupt",
    "size dimension dimensions resolution",
    "retire retired deprecated deprecation discontinued gone removed",
    "locally local offline",
    "quick fast speed",
    "hello hi hiya howdy greetings",
    "thanks thank thx cheers",
    "length long longer",
    "cut truncated truncate incomplete",
    "fact facts factual factually accuracy accurate",
    "speak understand understands speaks",
    "setting settings parameter parameters option options",
    "calculate calculator calculation arithmetic math maths",
    "instruction instructions",
    "attach upload add",
    "environment env",
    "variable variables var vars",
    "header headers",
    "model bot chatbot assistant",
    "color colour",
    "behavior behaviour",
    "license licence",
    "catalog catalogue",
    "recognize recognise",
    "honor honour",
    "labeled labelled",
)
_ENDINGS = ("ingly", "edly", "ings", "ing", "ed", "es", "ly", "s", "e")
_ENDINGS_OF_Y = ("ies", "ied")
_SHORTEST_STEM = 3
_NOT_PLURAL = ("ss", "us", "is")


def words(text: str) -> list[str]:
    """Split a text into lowercase words; `top_k`, `0.6` and `80,000` stay whole."""
    found = _WORD.findall(_APOSTROPHE.sub("", text))
    return [part.lower() for word in found for part in _parts(word)]


def _parts(word: str) -> list[str]:
    """Split `getWeather` into get, weather and getweather."""
    parts = _CAMEL.sub(" ", word).split()
    return [*parts, word] if len(parts) > 1 else parts


def terms(text: str) -> list[str]:
    """Split a text into search terms."""
    return [term(word) for word in words(text)]


@lru_cache(maxsize=20_000)
def term(word: str) -> str:
    """Return the search term of a word: without its ending, with synonyms merged."""
    if word in EMPTY:
        return word
    return _SYNONYMS.get(word) or _SYNONYMS.get(_stem(word)) or _stem(word)


def content(names: Iterable[str]) -> list[str]:
    """Keep the terms that reveal the topic."""
    return [name for name in names if name not in EMPTY]


def _stem(word: str) -> str:
    if not word.isalpha() or word.endswith(_NOT_PLURAL):
        return word
    for ending in _ENDINGS_OF_Y:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending) + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return _single(word.removesuffix(ending))
    return word


def _single(stem: str) -> str:
    doubled = len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] and stem[-1] not in "lsz"
    return stem[:-1] if doubled else stem


def _synonyms() -> dict[str, str]:
    groups = [line.split() for line in _SAME]
    names = {word: group[0] for group in groups for word in group}
    return {**{_stem(word): name for word, name in names.items()}, **names}


_SYNONYMS = _synonyms()
WEAK_TERMS = frozenset(map(term, WEAK))
"""`WEAK` as search terms."""
