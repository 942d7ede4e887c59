"""Values that a conversation holds, for the fields that a schema asks for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .cursor import Path
from .schemas import kind
from .words import content, term, word_set, words

_CAPITALS = r"[A-Z][\w'\u2019-]*(?: (?:(?:de|la|of|the|van|von|da|di) )?[A-Z][\w'\u2019-]*)*"
_NAMES = re.compile(_CAPITALS)
_PLACE = re.compile(rf"\b(?:in|at|for|to|from|near|of|and|or|is|,) ({_CAPITALS})")
_PERSON = re.compile(
    rf"\b(?:name is|named|called|[Ii] am|I'm|[Mm]y name is|by|with|for) ({_CAPITALS})"
)
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?![\w-]*\d)")
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
    "city location place town country address destination origin region where capital state"
)
_PEOPLE = word_set("name person user author who customer sender recipient username")
_WHOLE = word_set("text message input prompt content sentence body question")
_SEARCHES = word_set("query search topic term subject title q")
_TAGS = word_set("tag tags keyword keywords topics labels")
_ASKING = re.compile(
    r"^(?:(?:please|can you|could you|would you|search(?: the \w+)?(?: for)?|look up|find(?: me)?"
    r"|what is|what are|who is|tell me|about|information|the|show me|give me|for|on)\b[\s:]*)+",
    re.IGNORECASE,
)
_NOT_NAMES = word_set(
    "i what who where when why how which is are was can could would will do does did the a "
    "an please tell give show find search get extract return write make use in on at for to "
    "from and or my it this that there if then convert calculate translate call answer "
    "classify json"
)


class Facts:
    """What the person said, newest text first, to fill fields from.

    A value is used once, so that two places get two cities. Nothing is invented: where the
    conversation has no fitting value there is None.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [text for text in texts if text]
        self._used: set[str] = set()
        self._given: dict[Path, str | None] = {}

    def suggest(self, path: Path, part: Mapping[str, Any]) -> str | None:
        """Return the value for a place in an answer; the same place gets the same value."""
        if path not in self._given:
            name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
            value = self.find(name, part)
            self._given[path] = value
            if value is not None and "enum" not in part:
                self._used.add(value)
        return self._given[path]

    def give(self, path: Path, value: str | None) -> None:
        """Settle the value of a place."""
        self._given[path] = value

    def take(self, name: str, part: Mapping[str, Any]) -> str | None:
        """Return the next value that was not taken yet."""
        value = self.find(name, part)
        if value is not None:
            self._used.add(value)
        return value

    def find(self, name: str, part: Mapping[str, Any]) -> str | None:
        """Return the best value that is not used yet."""
        found = self.all(name, part)
        return next((value for value in found if value not in self._used), None)

    def all(self, name: str, part: Mapping[str, Any]) -> list[str]:
        """Return every fitting value, the best first."""
        values = (value for text in self._texts for value in _values(text, name, part))
        return list(dict.fromkeys(values))


def _values(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    if "const" in part or "enum" in part:
        return _members(text, part)
    wanted = kind(part)
    if wanted in ("integer", "number"):
        return _numbers(text, name, part)
    return _strings(text, name, part) if wanted in ("string", "") else iter(())


def _members(text: str, part: Mapping[str, Any]) -> Iterator[str]:
    said = [term(word) for word in words(text)]
    joined = f" {' '.join(words(text))} "
    members = [str(member) for member in part.get("enum") or () if isinstance(member, str)]
    whole = [member for member in members if f" {' '.join(words(member))} " in joined]
    yield from sorted(whole, key=lambda member: joined.index(" ".join(words(member))))
    yield from (m for m in members if words(m) and term(words(m)[0]) in said)


def _numbers(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    found = [(match.start(), match.group().replace(",", "")) for match in _NUMBER.finditer(text)]
    fitting = [(place, value) for place, value in found if _fits(value, part)]
    anchors = [text.lower().find(word) for word in _telling(name, part)]
    anchors = [anchor for anchor in anchors if anchor >= 0]
    if anchors:
        fitting = sorted(fitting, key=lambda pair: _distance(pair[0], anchors))
    return (value for _, value in fitting)


def _distance(place: int, anchors: Sequence[int]) -> int:
    return min(abs(place - anchor) for anchor in anchors)


def _fits(value: str, part: Mapping[str, Any]) -> bool:
    if kind(part) == "integer" and "." in value:
        return False
    low, high = part.get("minimum"), part.get("maximum")
    number = float(value)
    return (not isinstance(low, (int, float)) or number >= low) and (
        not isinstance(high, (int, float)) or number <= high
    )


def _telling(name: str, part: Mapping[str, Any]) -> list[str]:
    described = part.get("description")
    return [w for w in [*_split(name), *words(str(described or ""))] if len(w) > 2]  # noqa: PLR2004 - "of", "in"


def _split(name: str) -> list[str]:
    return [part for word in words(name) for part in word.split("_")]


def _strings(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    named = set(_split(name))
    about = named | set(words(str(part.get("description") or "")))
    yield from _labelled(text, name)
    yield from _of_a_kind(text, named | ({str(part["format"])} if "format" in part else set()))
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


def _labelled(text: str, name: str) -> Iterator[str]:
    label = r"[ _-]?".join(re.escape(word) for word in _split(name))
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
    """Find what stands after the "from" or "to" that the field is named for."""
    if named & {"from", "origin", "source"}:
        yield from _after(text, r"from|\d")
    if named & {"to", "destination", "target"}:
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
    _, colon, rest = text.partition(":")
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
