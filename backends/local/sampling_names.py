"""The documented parameters, with the names and ranges of an engine."""

from collections.abc import Mapping
from typing import Any

from workers_ai import PARAMETERS

from .changes import Change
from .engine_table import DEFAULTS, OFFERED, Engine

SAMPLING = tuple(name for name in PARAMETERS if name not in {"stream", "raw"})
DOCUMENTED = frozenset({*PARAMETERS, *OFFERED, "prompt", "messages"})


def sampling_for(engine: Engine, body: Mapping[str, Any], changes: list[Change]) -> dict[str, Any]:
    """Return the parameters to send to the engine, and note the changes."""
    sent: dict[str, Any] = {}
    for name in SAMPLING:
        note = engine.parameter_notes[name]
        value = body.get(name)
        if value is None and name in DEFAULTS:
            value = DEFAULTS[name]
            changes.append(Change(name, f"{value} was added, the documented default."))
        if value is None:
            continue
        limited = note.within(value)
        if limited != value:
            changes.append(Change(name, f"{value} became {limited}. {note.sentence}"))
        elif note.sent_as != (name,):
            changes.append(Change(name, f"Sent as {' and '.join(note.sent_as)}."))
        sent |= dict.fromkeys(note.sent_as, limited)
    return sent


def left_out(engine: Engine, body: Mapping[str, Any], changes: list[Change]) -> None:
    """Note the inputs that are not sent to the engine."""
    for name in OFFERED:
        note = engine.parameter_notes[name]
        if body.get(name) is not None and not note.sent_as:
            changes.append(Change(name, note.sentence))


def further(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the undocumented keys of a request."""
    return {name: value for name, value in body.items() if name not in DOCUMENTED}
