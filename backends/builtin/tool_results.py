"""Sentences that report what a tool returned."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .conversation import Conversation, Turn

_RESULT = re.compile(
    r"\s*Tool results? (?:for|of|from) [`\"']?([\w.-]+)[`\"']?\s*:\s*(.*)", re.DOTALL
)
_NEXT = re.compile(r"\n(?=\s*Tool results? (?:for|of|from) )")
_MOST_FIELDS = 8
_LONGEST = 160
_DEEPEST = 3
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def notes_on_results(conversation: Conversation) -> list[str]:
    """Return the newest tool results as sentences; [] if the last turn is not a result."""
    found = list(reversed(list(_newest(conversation.turns))))
    texts: dict[str, list[str]] = {}
    for name, text in found:
        texts.setdefault(name, []).append(text)
    sentences = [
        _sentence(name, own[0]) if len(own) == 1 else _sentence_of_several(name, own)
        for name, own in texts.items()
    ]
    return [" ".join(sentences)] if found else []


def _newest(turns: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    for place in range(len(turns) - 1, -1, -1):
        results = list(_results(turns[place], turns[:place]))
        if not results:
            return
        yield from reversed(results)


def _results(turn: Turn, before: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    if turn.role == "tool":
        yield turn.name or _called(before), turn.text
    elif turn.role == "user":
        for part in _NEXT.split(turn.text):
            match = _RESULT.match(part)
            if match:
                yield match[1], match[2].strip()


def _called(before: Sequence[Turn]) -> str:
    """Find the tool's name in the assistant's call, if the result does not include it."""
    for turn in reversed(before):
        match = re.search(r'"name"\s*:\s*"([\w.-]+)"', turn.text)
        if turn.role == "assistant" and match:
            return match[1]
    return "the tool"


def _sentence(name: str, text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return f"According to {name}: {_short(text.strip())}{_stop(text.strip())}"
    clause = _reported(value)
    if not clause:
        return f"{name} returned nothing."
    return f"According to {name}, {clause}{_stop(clause)}"


def _sentence_of_several(name: str, texts: Sequence[str]) -> str:
    # Numbered, so that no label is repeated: the n-grams could not tell what follows apart.
    most = max(1, _MOST_FIELDS // len(texts))
    clauses = [
        _clause(f"{ordinal} {label}", value)
        for ordinal, text in zip(_ORDINALS, texts, strict=False)
        for label, value in _labeled(text)[:most]
    ]
    return f"According to {name}, {_joined(clauses)}{_stop(clauses[-1])}"


def _labeled(text: str) -> list[tuple[str, Any]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return [("answer", text.strip())]
    if isinstance(value, Mapping) and value:
        return list(_fields(value))
    return [("results", value)] if isinstance(value, list) else [("answer", value)]


def _reported(value: Any) -> str:
    if isinstance(value, Mapping):
        return _joined([_clause(*pair) for pair in list(_fields(value))[:_MOST_FIELDS]])
    if isinstance(value, list):
        shown = [_short(_inline(item)) for item in value[:_MOST_FIELDS]]
        return f"the results are {_joined(shown)}" if shown else ""
    return f"the answer is {_short(_inline(value))}"


def _clause(label: str, value: Any) -> str:
    if label in {"error", "message", "status"} or isinstance(value, bool):
        return f"{label} is {_inline(value)}"
    plural = isinstance(value, list) or (label.endswith("s") and not label.endswith("ss"))
    return f"the {label} {'are' if plural else 'is'} {_short(_inline(value))}"


def _fields(value: Mapping[str, Any], outer: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        label = f"{outer} {_spoken(str(key))}".strip()
        if isinstance(inner, Mapping) and depth < _DEEPEST:
            yield from _fields(inner, label, depth + 1)
        else:
            yield label, inner


def _spoken(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).replace("_", " ").lower()


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return _joined([_inline(item) for item in value[:_MOST_FIELDS]])
    return json.dumps(value, ensure_ascii=False)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " ..."


def _stop(text: str) -> str:
    return "" if text.endswith((".", "!", "?")) else "."
