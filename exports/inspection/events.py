"""The events of a streamed answer, each with the time at which it was complete."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from workers_ai import sse
from workers_ai.call_trace import MOST_TIMED, CallTrace
from workers_ai.redaction import redact

from .redaction import encoded_forms

MOST_EVENTS = 5_000
"""Events that are listed."""

_HEAD = 1024


class Event(NamedTuple):
    """One event of a stream."""

    at: float | None
    """Seconds since the call began; None if the time was not kept."""

    size: int
    """Bytes of its data as received."""

    data: str
    """Its data, without the secrets."""


class Events(NamedTuple):
    """The recorded events of an answer."""

    events: tuple[Event, ...]
    left_out: int = 0
    """Number of later events that are not listed."""

    bytes_left_out: int = 0
    """Bytes at the end that were not kept."""


def events_of(trace: CallTrace) -> Events:
    """Return the first `MOST_EVENTS` events of a stream; a JSON body has none."""
    lost = _bytes_left_out(trace)
    if not _is_stream(trace):
        return Events((), bytes_left_out=lost)
    found, secrets = _found(trace), encoded_forms(trace.secrets)
    listed = tuple(
        Event(at, len(data), redact(data.decode("utf-8", "replace"), secrets))
        for at, data in islice(found, MOST_EVENTS)
    )
    return Events(listed, sum(1 for _ in found), lost)


def _bytes_left_out(trace: CallTrace) -> int:
    """Return how many received bytes were not kept."""
    kept = sum(len(data) for _, data in trace.received) + len(trace.untimed)
    return trace.size - kept


def _is_stream(trace: CallTrace) -> bool:
    """Return whether the answer is a stream, not a JSON body or a web page (wire.md 2)."""
    head = trace.response_body[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] not in {b"", b"{", b"[", b"<"}


class TimedReads:
    """The reads of an answer as an iterable, with the time of the latest one in `at`."""

    def __init__(self, trace: CallTrace) -> None:
        self._trace = trace
        self.at: float | None = None

    def __iter__(self) -> Iterator[bytes]:
        for at, data in self._trace.received[:MOST_TIMED]:
            self.at = at
            yield data
        if self._trace.untimed:
            self.at = None
            yield bytes(self._trace.untimed)


def _found(trace: CallTrace) -> Iterator[tuple[float | None, bytes]]:
    pieces = TimedReads(trace)
    for data in sse.events(pieces):
        yield pieces.at, data
