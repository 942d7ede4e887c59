"""The timeline of a call: when each step happened."""

from contextlib import suppress
from typing import NamedTuple

from workers_ai import Snapshot, WorkersAIError, decode_stream
from workers_ai.call_trace import CallTrace

from .events import TimedReads
from .redaction import redact_all_forms


class Retry(NamedTuple):
    """A failed attempt. Times are in milliseconds from the start of the call."""

    sent: float
    failed: float | None
    """When it failed; None if that is not known because no other attempt followed."""

    wait: float
    """Milliseconds waited before the next attempt."""

    error: str
    status_code: int | None


class Timeline(NamedTuple):
    """The moments of a call, in milliseconds from its start; None if one did not happen."""

    sent: float | None = None
    """When the final attempt was sent."""

    connected: float | None = None
    """When a connection was established; None also if one was reused."""

    headers: float | None = None
    first_text: float | None = None
    last_text: float | None = None
    """None also if the answer was too long for its times to be kept."""

    end: float | None = None
    retries: tuple[Retry, ...] = ()


def timeline(trace: CallTrace, snapshot: Snapshot | None = None) -> Timeline:
    """Return the timeline; a snapshot of the reply provides the end as the user saw it."""
    first, last = _texts(trace)
    if snapshot and snapshot.first_text is not None:
        first = snapshot.first_text
    return Timeline(
        sent=_milliseconds(trace.sent[-1] if trace.sent else None),
        connected=_milliseconds(trace.connected),
        headers=_milliseconds(trace.answered),
        first_text=_milliseconds(first),
        last_text=_milliseconds(last),
        end=_milliseconds(_end(trace, snapshot)),
        retries=_retries(trace),
    )


def _texts(trace: CallTrace) -> tuple[float | None, float | None]:
    """Return when the first and the last text arrived, by decoding the bytes again."""
    pieces = TimedReads(trace)
    times: list[float | None] = []
    with suppress(WorkersAIError):
        times.extend(pieces.at for chunk in decode_stream(pieces) if chunk.text)
    return (times[0], times[-1]) if times else (None, None)


def _end(trace: CallTrace, snapshot: Snapshot | None) -> float | None:
    if snapshot:
        return None if snapshot.finish is None else snapshot.seconds
    return trace.received[-1][0] if trace.received else trace.answered


def _retries(trace: CallTrace) -> tuple[Retry, ...]:
    return tuple(
        Retry(
            sent * 1000,
            _milliseconds(following and following - attempt.wait),
            attempt.wait * 1000,
            redact_all_forms(attempt.error, trace.secrets),
            attempt.status_code,
        )
        for attempt, sent, following in zip(
            trace.attempts, trace.sent, [*trace.sent[1:], None], strict=False
        )
    )


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)
