"""Duplicate names among tools that are sent together."""

from collections.abc import Sequence
from typing import Any

from workers_ai.json_values import Place, path

from ..imports.tool_builder import LONGEST_NAME
from .draft import ToolDraft, ToolFault, ToolFix
from .envelope import own_place
from .fixes import applied, in_json, in_quotes, with_key


def duplicate_name_faults(drafts: Sequence[ToolDraft]) -> tuple[ToolFault | None, ...]:
    """Return a fault for each draft whose name an earlier one has, and None for the others.

    Drafts with other faults count too. Every fix uses a name that no draft or other fix has.
    """
    names = [_name(draft.value) for draft in drafts]
    taken, seen = set(names), set[str]()
    found: list[ToolFault | None] = []
    for draft, name in zip(drafts, names, strict=True):
        if name and name in seen:
            free = _free(name, taken)
            taken.add(free)
            found.append(_fault(draft.value, name, free))
        else:
            found.append(None)
        seen.add(name)
    return tuple(found)


def _name(value: Any) -> str:
    own = value
    for key in _place(value):
        own = own[key]
    name = own.get("name") if isinstance(own, dict) else None
    return name if isinstance(name, str) else ""


def _place(value: Any) -> Place:
    return own_place(value) if isinstance(value, dict) else ()


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        ending = f"_{number}"
        free = f"{name[: LONGEST_NAME - len(ending)]}{ending}"
    return free


def _fault(value: Any, name: str, free: str) -> ToolFault:
    place = _place(value)
    mend = with_key(place, "name", free, f"Rename to {free}")
    sentence = f"another tool is already named {in_quotes(name)}"
    return ToolFault(
        path((*place, "name")), sentence, ToolFix(mend.label, in_json(applied(value, mend)))
    )
