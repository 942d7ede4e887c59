"""The faults of a draft, and fixes at one path of it."""

import json
from collections.abc import Callable, Mapping
from functools import reduce
from operator import getitem
from typing import Any, NamedTuple

from workers_ai.json_values import Place, path, with_part

from .draft import ToolFault, ToolFix

MOST_FAULTS = 50
"""How many faults are listed; one more counts the rest."""

_LONGEST_NAME = 40


class Edit(NamedTuple):
    """A change at one path of a draft."""

    label: str
    place: Place
    change: Callable[[Any], Any]
    """Returns the new value for the old one, without mutating it."""


class Faults:
    """The faults of one draft in order."""

    def __init__(self, draft: Any) -> None:
        self._draft = draft
        self._listed: list[ToolFault] = []
        self._more = 0

    def add(self, place: Place, message: str, mend: Edit | None = None) -> None:
        """Add a fault; fixes are computed only for listed ones."""
        fix = None
        if mend is not None and len(self._listed) < MOST_FAULTS:
            fix = ToolFix(mend.label, in_json(applied(self._draft, mend)))
        self._add(ToolFault(path(place), message, fix))

    def add_at(self, where: str, message: str) -> None:
        """Add a fault found elsewhere, unless one with the same path is listed."""
        if all(fault.path != where for fault in self._listed):
            self._add(ToolFault(where, message))

    def listed(self) -> tuple[ToolFault, ...]:
        """Return the listed faults, and one that counts the rest."""
        if not self._more:
            return tuple(self._listed)
        verb = "error is" if self._more == 1 else "errors are"
        return (*self._listed, ToolFault("", f"{self._more:,} more {verb} not listed"))

    def _add(self, fault: ToolFault) -> None:
        if len(self._listed) < MOST_FAULTS:
            self._listed.append(fault)
        else:
            self._more += 1


def with_key(place: Place, key: str, value: Any, label: str) -> Edit:
    """Return the change that sets a key of the object at a path."""
    return Edit(label, place, lambda here: {**here, key: value})


def without_key(place: Place, key: str, label: str) -> Edit:
    """Return the change that removes a key from the object at a path."""
    return Edit(label, place, lambda here: without(here, key))


def with_name(place: Place, key: str, name: str, label: str) -> Edit:
    """Return the change that renames a key of the object at a path, keeping its position."""
    return Edit(label, place, lambda here: {name if own == key else own: here[own] for own in here})


def without(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object without one of its keys."""
    return {name: part for name, part in value.items() if name != key}


def applied(draft: Any, mend: Edit) -> Any:
    """Return a draft after a change; unchanged parts are shared with it."""
    return with_part(draft, mend.place, mend.change(reduce(getitem, mend.place, draft)))


def in_json(value: Any) -> str:
    """Return a draft as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def in_quotes(name: str) -> str:
    """Return a name or value in quotes, for use in a sentence."""
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"“{' '.join(short.split())}”"
