"""How faults are gathered, and a draft is changed at one place."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..faults import path
from ..json_values import Place
from .drafts import ToolFault, ToolFix

MOST_FAULTS = 50
"""How many faults are told; one more says how many there are beyond."""

_LONGEST_NAME = 40


class Mend(NamedTuple):
    """A change at one place of a draft."""

    label: str
    place: Place
    change: Callable[[Any], Any]
    """Takes what is there and returns what should be; it changes nothing itself."""


class Faults:
    """The faults of one draft, in order."""

    def __init__(self, draft: Any) -> None:
        self._draft = draft
        self._told: list[ToolFault] = []
        self._more = 0

    def tell(self, place: Place, message: str, mend: Mend | None = None) -> None:
        """Note a fault; a fix is only worked out for those that are told."""
        fix = None
        if mend is not None and len(self._told) < MOST_FAULTS:
            fix = ToolFix(mend.label, in_json(mended(self._draft, mend)))
        self._add(ToolFault(path(place), message, fix))

    def tell_at(self, where: str, message: str) -> None:
        """Note a fault that somebody else found, unless one is told of the same place."""
        if all(fault.path != where for fault in self._told):
            self._add(ToolFault(where, message))

    def told(self) -> tuple[ToolFault, ...]:
        """Return them, and how many there are besides."""
        if not self._more:
            return tuple(self._told)
        verb = "fault is" if self._more == 1 else "faults are"
        return (*self._told, ToolFault("", f"{self._more:,} more {verb} not listed"))

    def _add(self, fault: ToolFault) -> None:
        if len(self._told) < MOST_FAULTS:
            self._told.append(fault)
        else:
            self._more += 1


def with_key(place: Place, key: str, value: Any, label: str) -> Mend:
    """Write a key of the object at a place."""
    return Mend(label, place, lambda here: {**here, key: value})


def without_key(place: Place, key: str, label: str) -> Mend:
    """Take a key out of the object at a place."""
    return Mend(label, place, lambda here: without(here, key))


def with_name(place: Place, key: str, name: str, label: str) -> Mend:
    """Call a key of the object at a place by another name, where it stands."""
    return Mend(label, place, lambda here: {name if own == key else own: here[own] for own in here})


def without(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object without one of its keys."""
    return {name: part for name, part in value.items() if name != key}


def mended(draft: Any, mend: Mend) -> Any:
    """Return a draft after a change; what the change leaves alone is shared with it."""
    return _changed(draft, mend.place, mend.change)


def in_json(value: Any) -> str:
    """Write a draft for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def named(name: str) -> str:
    """Write a name or a value within a sentence."""
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"“{' '.join(short.split())}”"


def _changed(value: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    if not place:
        return change(value)
    copy = value.copy()
    copy[place[0]] = _changed(value[place[0]], place[1:], change)
    return copy
