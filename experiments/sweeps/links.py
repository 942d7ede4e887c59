"""The definition of a sweep as short strings for a link, never including the question."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workers_ai import Fault, InvalidRequestError
from workers_ai.json_values import shown

from .axis import Axis
from .axis_text import read_axis, written_values
from .sweep import MOST_AXES, Sweep

_AXES = tuple(f"axis{number}" for number in range(1, MOST_AXES + 1))
_NUMBERS = ("samples", "first_seed")
_PLAIN = Sweep()
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)


def sweep_to_link(sweep: Sweep) -> dict[str, str]:
    """Return a sweep as keys and strings; default values are omitted."""
    link = {name: _written(axis) for name, axis in zip(_AXES, sweep.axes, strict=False)}
    for name in (*_NUMBERS, "seeds"):
        if getattr(sweep, name) != getattr(_PLAIN, name):
            link[name] = str(getattr(sweep, name))
    return link


def sweep_from_link(link: Mapping[str, str]) -> tuple[Sweep, list[Fault]]:
    """Read a sweep from a link: its valid parts, and why the rest was ignored.

    Other keys are ignored without a fault. Nothing is raised.
    """
    faults: list[Fault] = []
    sweep = _PLAIN
    for name in filter(link.__contains__, _AXES):
        sweep = _with_axis(sweep, name, link[name], faults)
    for name in filter(link.__contains__, _NUMBERS):
        sweep = _with_number(sweep, name, link[name], faults)
    return _with(sweep, faults, seeds=link.get("seeds", _PLAIN.seeds)), faults


def _written(axis: Axis) -> str:
    return f"{axis.parameter}:{','.join(written_values(axis))}"


def _with_axis(sweep: Sweep, name: str, text: str, faults: list[Fault]) -> Sweep:
    parameter, colon, values = text.partition(":")
    if not colon:
        sentence = f"{shown(text)} cannot be read; write it like `temperature:0,0.6,1`"
        faults.append(Fault(name, sentence))
        return sweep
    try:
        axis = read_axis(parameter, values)
    except InvalidRequestError as error:
        faults += error.faults
        return sweep
    return _with(sweep, faults, axes=(*sweep.axes, axis))


def _with_number(sweep: Sweep, name: str, text: str, faults: list[Fault]) -> Sweep:
    if not _WHOLE.fullmatch(text):
        faults.append(Fault(name, f"{shown(text)} is not accepted; it must be a whole number"))
        return sweep
    return _with(sweep, faults, **{name: int(text)})


def _with(sweep: Sweep, faults: list[Fault], **changes: Any) -> Sweep:
    try:
        return replace(sweep, **changes)
    except InvalidRequestError as error:
        faults += error.faults
        return sweep
