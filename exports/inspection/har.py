"""Exchanges as a HAR 1.2 document, which browsers' developer tools can open."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from workers_ai import Snapshot
from workers_ai.call_trace import CallTrace

from .events import bytes_left_out, events_of
from .redaction import redact_all_forms
from .timelines import Timeline, timeline

_UNKNOWN = -1
"""The format's value for an unknown size or time."""


def to_har(*traces: CallTrace | tuple[CallTrace, Snapshot]) -> str:
    """Return traces as HAR 1.2, in the order in which they began, without any secret.

    A trace can be paired with the last snapshot of its reply, which has the end time. Events
    are in `_eventSourceMessages`, as in Chrome; a `comment` states what was not kept.
    """
    given = [each if isinstance(each, tuple) else (each, None) for each in traces]
    given.sort(key=lambda pair: pair[0].began)
    log = {
        "version": "1.2",
        "creator": {"name": "Cabochon", "version": "1"},
        "pages": [],
        "entries": [_entry(trace, snapshot) for trace, snapshot in given],
    }
    return json.dumps({"log": log}, ensure_ascii=False, indent=2)


def _entry(trace: CallTrace, snapshot: Snapshot | None) -> dict[str, Any]:
    course = timeline(trace, snapshot)
    timings = _timings(course)
    entry = {
        "startedDateTime": _date(trace.began + (course.sent or 0) / 1000),
        "time": round(sum(time for time in timings.values() if time > 0), 3),
        "request": _request(trace),
        "response": _response(trace),
        "cache": {},
        "timings": timings,
    }
    if messages := _messages(trace):
        entry["_eventSourceMessages"] = messages
    if comment := _comment(trace, course):
        entry["comment"] = comment
    return entry


def _request(trace: CallTrace) -> dict[str, Any]:
    query = redact_all_forms(urlsplit(trace.url).query, trace.secrets)
    request: dict[str, Any] = {
        "method": "POST" if trace.request_body else "GET",
        "url": redact_all_forms(trace.url, trace.secrets),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(trace.request_headers.items(), trace),
        "queryString": _named(parse_qsl(query, keep_blank_values=True), trace),
        "headersSize": _UNKNOWN,
        "bodySize": len(trace.request_body),
    }
    if trace.request_body:
        request["postData"] = {
            "mimeType": _mime_type(trace.request_headers) or "application/json",
            "text": _text(trace.request_body, trace),
        }
    return request


def _response(trace: CallTrace) -> dict[str, Any]:
    status = trace.status_code or 0
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(trace.response_headers.items(), trace),
        "content": {
            "size": trace.size,
            "mimeType": _mime_type(trace.response_headers) or "x-unknown",
            "text": _text(trace.response_body, trace),
        },
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": trace.size if status else _UNKNOWN,
    }


def _timings(course: Timeline) -> dict[str, float]:
    """Return the phases of the final attempt. httpx does not report when the request was sent."""
    sent = course.sent or 0.0
    connected = sent if course.connected is None else course.connected
    headers = connected if course.headers is None else course.headers
    end = headers if course.end is None else course.end
    return {
        "blocked": _UNKNOWN,
        "dns": _UNKNOWN,
        "connect": _UNKNOWN if course.connected is None else _between(sent, connected),
        "ssl": _UNKNOWN,
        "send": 0,
        "wait": _between(connected, headers),
        "receive": _between(headers, end),
    }


def _messages(trace: CallTrace) -> list[dict[str, Any]]:
    return [
        {
            "time": round(trace.began + event.at, 6),
            "eventName": "message",
            "eventId": "",
            "data": event.data,
        }
        for event in events_of(trace).events
        if event.at is not None
    ]


def _comment(trace: CallTrace, course: Timeline) -> str:
    sentences = [
        f"Retried after {retry.wait / 1000:.1f} s; the error was: {retry.error}"
        for retry in course.retries
    ]
    if untimed := len(trace.untimed):
        sentences.append(f"The times of the last {untimed:,} bytes shown were not kept.")
    if lost := bytes_left_out(trace):
        sentences.append(f"{lost:,} more bytes were received and not kept.")
    return " ".join(sentences)


def _named(pairs: Iterable[tuple[str, str]], trace: CallTrace) -> list[dict[str, str]]:
    secrets = trace.secrets
    return [
        {"name": redact_all_forms(n, secrets), "value": redact_all_forms(v, secrets)}
        for n, v in pairs
    ]


def _text(body: bytes, trace: CallTrace) -> str:
    return redact_all_forms(body.decode("utf-8", "replace"), trace.secrets)


def _mime_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _between(start: float, end: float) -> float:
    return round(max(0.0, end - start), 3)
