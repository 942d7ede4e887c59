"""Parts of a request in an engine's own terms: parameters, schema, pictures."""

from collections.abc import Mapping
from typing import Any

from workers_ai import PARAMETERS, read_image
from workers_ai.images import decode_data_uri

from .changes import Change
from .engine_table import DEFAULTS, OTHER_INPUTS, Engine


def requested_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the bare schema in `guided_json`, or in any form of `response_format`."""
    if isinstance(body.get("guided_json"), dict):
        return dict(body["guided_json"])
    form = body.get("response_format")
    wrapped = form.get("json_schema") if isinstance(form, dict) else None
    if not isinstance(wrapped, dict):
        return None
    inner = wrapped.get("schema")
    return dict(inner) if isinstance(inner, dict) else dict(wrapped)


def response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Wrap a schema as OpenAI does."""
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def picture_for(engine: Engine, uri: str, path: str, changes: list[Change]) -> str:
    """Return the data URI to send, re-encoded if the engine does not read this format.

    Raises `InvalidImageError` for a broken data URI, and for a picture that neither the engine nor
    this package can read.
    """
    _, data = decode_data_uri(uri)
    if _format(data) in engine.pictures:
        return uri
    image = read_image(data, longest_side=None)
    kept = ", ".join(image.changes)
    changes.append(Change(path, f"{engine.label} does not read {image.original_format}: {kept}."))
    return image.data_uri


def _format(data: bytes) -> str:
    """Return the format by its first bytes: a data URI's media type can be wrong."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in _BEGINNINGS.items() if data.startswith(start)), "")


SAMPLING = tuple(name for name in PARAMETERS if name not in {"stream", "raw"})
DOCUMENTED = frozenset({*PARAMETERS, *OTHER_INPUTS, "prompt", "messages"})


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


def note_unsent(engine: Engine, body: Mapping[str, Any], changes: list[Change]) -> None:
    """Note the inputs that are not sent to the engine."""
    for name in OTHER_INPUTS:
        note = engine.parameter_notes[name]
        if body.get(name) is not None and not note.sent_as:
            changes.append(Change(name, note.sentence))


def undocumented_keys(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the undocumented keys of a request."""
    return {name: value for name, value in body.items() if name not in DOCUMENTED}
