"""A JSON value written on lines, annotated with its faults."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from workers_ai import Fault
from workers_ai.json_values import Place, path


class _Part(NamedTuple):
    """The next thing to write: a value, or, without a place, a closing bracket."""

    place: Place | None
    label: str
    value: Any
    depth: int
    comma: str


def annotated_json(value: Any, faults: Sequence[Fault], *, most: int = 2000) -> str:
    """Write a JSON value on lines, each fault as a comment after the line where its path begins.

    More than `most` lines are cut off with an ellipsis.
    """
    lines = list(islice(_lines(value), most + 1))
    named = enumerate(lines) if faults else ()
    places = {path(place): at for at, (place, _) in named if place is not None}
    remarks: dict[int, list[str]] = {}
    for fault in faults:
        where = _nearest(fault.path, places)
        what = fault.path.removeprefix(where).removeprefix(".")
        remarks.setdefault(places[where], []).append(
            f"{what}: {fault.message}" if what else fault.message
        )
    written = [
        f"{line}  // ← {'; '.join(remarks[at])}" if at in remarks else line
        for at, (_, line) in enumerate(lines[:most])
    ]
    return "\n".join([*written, "…"] if len(lines) > most else written)


def _nearest(wanted: str, places: Mapping[str, int]) -> str:
    """Return the path itself or, if it is missing, its nearest ancestor."""
    while wanted and wanted not in places:
        wanted = wanted[: max(wanted.rfind("."), wanted.rfind("["), 0)]
    return wanted


def _lines(value: Any) -> Iterator[tuple[Place | None, str]]:
    # With a stack, not by recursion: nesting can exceed Python's recursion limit.
    stack = [_Part((), "", value, 0, "")]
    while stack:
        part = stack.pop()
        before = "  " * part.depth + part.label
        inner = _inner(part) if part.place is not None else []
        if not inner:
            written = part.value if part.place is None else _written(part.value)
            yield part.place, f"{before}{written}{part.comma}"
            continue
        opening, closing = "{}" if isinstance(part.value, dict) else "[]"
        yield part.place, before + opening
        stack.append(_Part(None, "", closing, part.depth, part.comma))
        stack += reversed(inner)


def _inner(part: _Part) -> list[_Part]:
    place, value = part.place or (), part.value
    if isinstance(value, dict):
        named = [(name, f"{_written(name)}: ", each) for name, each in value.items()]
    elif isinstance(value, list):
        named = [(at, "", each) for at, each in enumerate(value)]
    else:
        return []
    last = len(named) - 1
    return [
        _Part((*place, step), label, each, part.depth + 1, "," if at < last else "")
        for at, (step, label, each) in enumerate(named)
    ]


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
