"""Texts in a conversation that fit a string field: names, places, dates, expressions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .text_normalization import content, word_set, words

_CAPITALS = r"[A-Z][\w'\u2019-]*(?: (?:(?:de|la|van|von|da|di) )?[A-Z][\w'\u2019-]*)*"
_NAMES = re.compile(_CAPITALS)
_PLACE = re.compile(rf"\b(?:in|at|for|to|from|near|of|and|or|is|,) ({_CAPITALS})")
_PERSON = re.compile(
    rf"\b(?:name is|named|called|[Ii] am|I'm|[Mm]y name is|by|with|for|of|from) ({_CAPITALS})"
)
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]|(?<!\w)'([^']+)'(?!\w)|`([^`]+)`")
_SUM = re.compile(r"[-(]*\d[\d.,]*\)*(?:\s*(?:\*\*|[-+*/x\u00d7\u00f7^%])\s*[-(]*\d[\d.,]*\)*)+")
_SPOKEN = (
    (r"\bplus\b", "+"), (r"\bminus\b", "-"), (r"\b(?:times|multiplied by)\b", "*"),
    (r"\bdivided by\b", "/"), (r"(?<=\d)\s*[x\u00d7]\s*(?=\d)", " * "), (r"\u00f7", "/"),
)  # fmt: skip
_KINDS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "url": re.compile(r"https?://[^\s\"'<>]+"),
    "uri": re.compile(r"https?://[^\s\"'<>]+"),
    "link": re.compile(r"https?://[^\s\"'<>]+"),
    "date": re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b(?:today|tomorrow|yesterday|tonight)\b"),
    "time": re.compile(r"\b\d{1,2}:\d{2}(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b|\bnow\b"),
    "phone": re.compile(r"\+?\d[\d ()-]{6,}\d"),
    "currency": re.compile(r"\b[A-Z]{3}\b"),
    "timezone": re.compile(r"\b[A-Z][a-z]+/[A-Z][A-Za-z_]+\b"),
    "zone": re.compile(r"\b[A-Z][a-z]+/[A-Z][A-Za-z_]+\b"),
    "expression": _SUM, "formula": _SUM, "calculation": _SUM, "equation": _SUM, "sum": _SUM,
}  # fmt: skip
_PLACES = word_set(
    "city location place town country address destination origin region where capital state "
    "restaurant venue hotel airport station"
)
_PEOPLE = word_set(
    "name person user author who customer sender recipient username vendor seller merchant company "
    "store shop brand organization organisation employer supplier"
)
_WHOLE = word_set("text message input prompt content sentence body question")
_SEARCHES = word_set("query search topic term subject title q")
_TAGS = word_set("tag tags keyword keywords topics labels")
_ASKING = re.compile(
    r"^(?:(?:please|can you|could you|would you|search(?: the \w+)?(?: for)?|look up|find(?: me)?"
    r"|what is|what are|who is|tell me|about|information|the|show me|give me|for|on)\b[\s:]*)+",
    re.IGNORECASE,
)
_MAIL = word_set("email mail recipient")
_FROM = word_set("from origin source")
_TO = word_set("to destination target")
_DIRECTIONS = _FROM | _TO
_NOT_NAMES = word_set(
    "i what who where when why how which is are was can could would will do does did the a "
    "an please tell give show find search get extract return write make use in on at for to "
    "from and or my it this that there if then convert calculate translate call answer "
    "classify json"
)


def strings(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that fit a field by its name, description and format, the best first."""
    named = set(name_words(name))
    about = named | set(words(str(part.get("description") or "")))
    yield from _labeled(text, name)
    yield from _of_a_kind(text, named | ({str(part["format"])} if "format" in part else set()))
    if about & _MAIL:
        yield from (match.group() for match in _KINDS["email"].finditer(text))
    yield from _directed(text, named)
    if named & _SEARCHES:
        yield from _searched(text)
    if named & _TAGS:
        yield from content(words(text))
    if named & _WHOLE:
        yield from _whole(text)
    if named & _PLACES or (not named & _PEOPLE and about & _PLACES):
        yield from (m[1] for m in _PLACE.finditer(text) if _is_name(m[1]))
        yield from _proper_names(text)
    elif named & _PEOPLE or about & _PEOPLE:
        yield from (match[1] for match in _PERSON.finditer(text))
        yield from _proper_names(text)
    yield from _listed(text, str(part.get("description") or ""))
    yield from _quotations(text)
    yield from _of_a_kind(text, about)


def _labeled(text: str, name: str) -> Iterator[str]:
    label = r"[ _-]?".join(re.escape(word) for word in name_words(name))
    if label:
        for match in re.finditer(
            rf"\b{label}\b\s*(?:is|are|was|=|:)\s*([^,.;\n?!]+)", text, re.IGNORECASE
        ):
            yield match[1].strip().strip("\"'")


def _of_a_kind(text: str, named: set[str]) -> Iterator[str]:
    for word in sorted(named & _KINDS.keys()):
        spoken = _in_symbols(text) if _KINDS[word] is _SUM else text
        yield from (match.group().strip() for match in _KINDS[word].finditer(spoken))


def _in_symbols(text: str) -> str:
    for spoken, symbol in _SPOKEN:
        text = re.sub(spoken, symbol, text)
    return text


def _directed(text: str, named: set[str]) -> Iterator[str]:
    """Find the word after the "from" or "to" that the field is named for."""
    if named & _FROM:
        yield from _after(text, r"from|\d")
    if named & _TO:
        yield from _after(text, r"to|into|in")


def _after(text: str, word: str) -> Iterator[str]:
    for match in re.finditer(rf"(?:\b|(?<=\d))(?:{word})\s+([A-Za-z°][\w'\u2019-]*)", text):
        if match[1].lower() not in _NOT_NAMES:
            yield match[1]


def _searched(text: str) -> Iterator[str]:
    yield from _quotations(text)
    last = re.split(r"(?<=[.!?])\s+", text.strip())[-1]
    bare = _ASKING.sub("", last).strip(" ?.!")
    if bare:
        yield bare


def _whole(text: str) -> Iterator[str]:
    yield from _quotations(text)
    _, colon, rest = text.partition(": ")
    yield rest.strip() if colon and rest.strip() else text.strip()


def _proper_names(text: str) -> Iterator[str]:
    yield from (name for name in _NAMES.findall(text) if _is_name(name))


def _is_name(name: str) -> bool:
    return name.split(maxsplit=1)[0].lower() not in _NOT_NAMES


def _listed(text: str, description: str) -> Iterator[str]:
    """Find words that the description lists, as in "celsius or fahrenheit"."""
    said = set(words(text))
    for first, second in re.findall(r"(\w+),? or (\w+)", description):
        yield from (word for word in (first, second) if word.lower() in said)


def _quotations(text: str) -> Iterator[str]:
    yield from (next(part for part in match if part) for match in _QUOTED.findall(text))


def is_of_a_kind(name: str, value: str) -> bool:
    """Return whether a value matches the field's name: an expression, an address, a date."""
    kinds = (_KINDS[word] for word in name_words(name) if word in _KINDS)
    return any(pattern.fullmatch(value) for pattern in kinds)


def is_directed(name: str) -> bool:
    """Return whether a field is named for a "from" or a "to"."""
    return not _DIRECTIONS.isdisjoint(name_words(name))


def name_words(name: str) -> list[str]:
    """Split the name of a field into words."""
    return [part for word in words(name) for part in word.split("_")]
