"""The match between an offered tool and a question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .conversation_values import Facts
from .retrieval import Index
from .schema_lookup import kind, leaves
from .string_values import is_directed, is_of_a_kind
from .text_normalization import content, terms

_NO_OTHER_WORDS = 0.7
_KIN = (
    "weather temperature rain rainy sunny forecast snow wind umbrella cold hot warm climate",
    "calculate math sum plus minus times divided multiply compute expression evaluate",
    "time clock hour now o'clock date today day",
    "convert conversion currency exchange rate",
    "search find lookup query web google",
    "mail email send message notify",
    "translate translation language",
    "repository github repo user profile",
    "stock share price quote ticker",
    "buy order purchase",
    "book reserve reservation flight hotel ticket",
)
_KINDRED = {word: number for number, line in enumerate(_KIN) for word in map(str, terms(line))}


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool of the request, regardless of its shape."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    as_text: bool = False
    """Whether it is described in the prompt: the call is written as text (wire.md 5.4)."""

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """The tool's parameters by name."""
        found = self.parameters.get("properties")
        return found if isinstance(found, Mapping) else {}

    @property
    def required(self) -> list[str]:
        """The names of the required parameters."""
        return [name for name in self.parameters.get("required") or () if name in self.properties]


def match_score(tool: OfferedTool, question: str, index: Index) -> float:
    """Return the share of the question that the tool covers, 0 to 1.

    Possible values of its parameters are left out. A question that consists only of values, such as
    "17 * 23" or "5 km in miles", fits if it supplies everything the tool requires and no other tool
    could be meant: several values, or one that is unmistakable.
    """
    if is_named(tool, question):
        return 1.0
    known, about = _terms_of(tool), _subjects_of(tool)
    asked = _asked(tool, question, index, known)
    mass = index.mass(asked)
    if mass == 0:
        return _NO_OTHER_WORDS if _has_all_values(tool, question) else 0.0
    spoken = {name: 1.0 for name in asked if name in known or _KINDRED.get(name, -1) in about}
    return index.mass(spoken) / mass


def is_named(tool: OfferedTool, question: str) -> bool:
    """Return whether the question names the tool."""
    return re.search(rf"\b{re.escape(tool.name)}\b", question) is not None


def _asked(tool: OfferedTool, question: str, index: Index, known: set[str]) -> Mapping[str, float]:
    """Return the question's terms without values, numbers and unknown names."""
    facts = Facts([question])
    parts = [leaf for name, part in tool.properties.items() for leaf in leaves(name, part)]
    values = (value for name, part in parts for value in facts.all(name, part))
    for value in values:
        if known.isdisjoint(terms(value)):
            question = question.replace(value, " ")
    kept = [word for word in question.split() if not any(map(str.isdigit, word))]
    named = {name for word in kept[1:] if word[:1].isupper() for name in terms(word)}
    strange = {name for name in named - known if index.unknown(name)}
    return dict.fromkeys(set(content(terms(" ".join(kept)))) - strange, 1.0)


def _has_all_values(tool: OfferedTool, question: str) -> bool:
    facts = Facts([question])
    values = {name: facts.suggest((name,), tool.properties[name]) for name in tool.required}
    exact = [name for name, value in values.items() if value and is_of_a_kind(name, value)]
    plain = [name for name, value in values.items() if value and _is_plain(name, tool)]
    return bool(exact or len(plain) > 1) and len({*exact, *plain}) == len(tool.required)


def _is_plain(name: str, tool: OfferedTool) -> bool:
    return is_directed(name) or kind(tool.properties[name]) in {"number", "integer"}


def _subjects_of(tool: OfferedTool) -> set[int]:
    """Return the groups of related words that occur in the tool's name and description."""
    named = terms(f"{tool.name.replace('_', ' ')} {tool.description}")
    return {_KINDRED[name] for name in named if name in _KINDRED}


def _terms_of(tool: OfferedTool) -> set[str]:
    parts = tool.properties.values()
    described = [str(part.get("description", "")) for part in parts]
    members = [str(member) for part in parts for member in part.get("enum") or ()]
    name = tool.name.replace("_", " ")
    text = " ".join([name, tool.description, *tool.properties, *described, *members])
    return set(content(terms(text)))
