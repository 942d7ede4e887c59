"""The inspector of an answer: its request, response, events, timeline and figures."""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from backends import LocalEngine, read_changes
from conversations import ENDS, Answer
from experiments import figures_of
from exports import (
    Events,
    Timeline,
    events_of,
    redact_all_forms,
    timeline,
    to_curl,
    write_snippets,
)
from workers_ai import Cloudflare, InvalidImageError, InvalidRequestError, Reply, Usage, model_card
from workers_ai.requests import estimate_tokens

from ..session import Session
from ..shell.formatting import duration, size
from ..text.markdown_inline import escaped
from .code_view import endpoint_url
from .request_preview import folded

LARGEST_SHOWN = 20_000
"""Characters of a body that the page shows; the download has all of it."""

_LONGEST_EVENT = 1_000
_HEIGHT = 420
_MOST_TICKS = 1_000
_PARTS = ["failed attempt", "connect", "wait", "stream", "events"]
_SPEC = {
    "height": {"step": 34},
    "encoding": {"y": {"field": "part", "type": "nominal", "sort": _PARTS, "title": None}},
    "layer": [
        {
            "transform": [{"filter": "isValid(datum.start)"}],
            "mark": {"type": "bar", "height": 16, "opacity": 0.5},
            "encoding": {
                "x": {"field": "start", "type": "quantitative", "title": "ms"},
                "x2": {"field": "end"},
                "tooltip": [{"field": "part"}, {"field": "start"}, {"field": "end"}],
            },
        },
        {
            "transform": [{"filter": "isValid(datum.tick)"}],
            "mark": {"type": "tick", "size": 16},
            "encoding": {
                "x": {"field": "tick", "type": "quantitative"},
                "tooltip": [{"field": "tick", "title": "ms"}],
            },
        },
        {
            "transform": [{"filter": "isValid(datum.first_text)"}],
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 160},
            "encoding": {
                "x": {"field": "first_text", "type": "quantitative"},
                "color": {"datum": "TTFT", "type": "nominal", "title": None},
                "tooltip": [{"field": "first_text", "title": "TTFT in ms"}],
            },
        },
    ],
}


def draw_chosen_inspector(session: Session, answer: Answer, key: str) -> None:
    """Open the inspector if this answer was chosen; the next full rerun closes it."""
    if session.inspected == answer.id:
        session.inspected = ""
        draw_inspector(answer, key)


def draw_inspector(answer: Answer, key: str) -> None:
    """Open the dialog for a finished answer."""
    dialog = st.dialog("Inspect the answer", width="large", icon=":material/troubleshoot:")
    dialog(_draw)(answer, key)


def _draw(answer: Answer, key: str) -> None:
    reply = answer.reply
    if reply is None:
        st.caption(
            "The request and the response were not kept: the answer was edited by hand, written "
            "before the app was started, or long ago. Only its figures are available."
        )
        _draw_figures(answer)
        return
    found, timing = events_of(reply.trace), timeline(reply.trace, reply.snapshot())
    request, response, events, moments, figures = st.tabs(
        ["Request", "Response", "Events", "Timeline", "Figures"], key=f"inspector-{key}"
    )
    with request:
        _draw_request(reply)
    with response:
        _draw_response(reply)
    with events:
        _draw_events(found)
    with moments:
        _draw_timeline(timing, found)
    with figures:
        _draw_figures(answer)
    _draw_downloads(reply, key)


def _draw_request(reply: Reply) -> None:
    trace = reply.trace
    st.code(f"POST {redact_all_forms(trace.url, trace.secrets)}", language=None, wrap_lines=True)
    if isinstance(reply.client.backend, LocalEngine):
        _draw_changes(trace.response_headers)
    _draw_headers(trace.request_headers, trace.secrets)
    _draw_body(_shown(trace.request_body, trace.secrets))


def _draw_changes(headers: Mapping[str, str]) -> None:
    """Draw what was changed when the request was translated for an engine."""
    changes = read_changes(headers)
    st.caption(
        "Translated for the engine, with these changes:"
        if changes
        else "Translated for the engine; nothing was dropped."
    )
    for change in changes:
        st.markdown(f"`{escaped(change.path)}` {escaped(change.sentence)}")


def _draw_response(reply: Reply) -> None:
    trace = reply.trace
    if trace.status_code is None:
        st.caption("No response was received.")
        return
    st.markdown(f"HTTP {trace.status_code} · {size(trace.size)}")
    _draw_headers(trace.response_headers, trace.secrets)
    _draw_body(response_of(reply))


def _draw_headers(headers: Mapping[str, str], secrets: tuple[str, ...]) -> None:
    lines = "\n".join(f"{name}: {value}" for name, value in headers.items())
    st.code(redact_all_forms(lines, secrets) or " ", language="http", wrap_lines=True)


def _draw_body(text: str) -> None:
    """Draw JSON indented and with its images shortened, anything else as it is."""
    language = None
    with suppress(ValueError, RecursionError):
        text = json.dumps(folded(json.loads(text)), ensure_ascii=False, indent=2)
        language = "json"
    # In a container: only that can be scrolled with the keyboard.
    with st.container(height=_HEIGHT, border=False):
        st.code(text[:LARGEST_SHOWN] or " ", language=language, wrap_lines=True)
    if len(text) > LARGEST_SHOWN:
        st.caption(f"{size(len(text) - LARGEST_SHOWN)} more in the download.")


def _shown(body: bytes, secrets: tuple[str, ...]) -> str:
    return redact_all_forms(body.decode("utf-8", "replace"), secrets)


def _draw_events(found: Events) -> None:
    if not found.events:
        st.caption("No events: the answer was not streamed.")
        return
    rows = [
        {
            "ms": None if event.at is None else round(event.at * 1000, 1),
            "bytes": event.size,
            "event": _cut(event.data),
        }
        for event in found.events
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height=_HEIGHT,
        placeholder="",
        column_config={"event": st.column_config.TextColumn(width=520)},
    )
    if left_out := _left_out(found):
        st.caption(f"Not listed: {left_out}.")


def _left_out(found: Events) -> str:
    events = "event" if found.left_out == 1 else "events"
    parts = [
        f"{found.left_out:,} more {events}" if found.left_out else "",
        f"{found.bytes_left_out:,} bytes" if found.bytes_left_out else "",
    ]
    return " and ".join(filter(None, parts))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_EVENT else f"{text[:_LONGEST_EVENT]}…"


def _draw_timeline(timing: Timeline, found: Events) -> None:
    rows = list(_bars(timing))
    ticks = [event.at * 1000 for event in found.events if event.at is not None]
    step = math.ceil(len(ticks) / _MOST_TICKS) or 1
    rows += [{"part": "events", "tick": at} for at in ticks[::step]]
    if timing.first_text is not None:
        rows.append({"part": "wait", "first_text": timing.first_text})
    names = ("part", "start", "end", "tick", "first_text")
    st.vega_lite_chart(
        {name: [row.get(name) for row in rows] for name in names},
        _SPEC,
        alt="Timeline of the call in milliseconds: connect, wait, stream, and each event",
    )
    if step > 1:
        st.caption(f"Only one in {step} events is drawn.")
    for retry in timing.retries:
        status = f"HTTP {retry.status_code}" if retry.status_code else "no HTTP status"
        st.caption(f"Retried {duration(retry.wait / 1000)} after a failure, {status}:")
        st.code(retry.error, language=None, wrap_lines=True)


def _bars(timing: Timeline) -> Iterator[dict[str, Any]]:
    """Yield each phase of the call whose start and end are known."""
    started = timing.sent if timing.connected is None else timing.connected
    answered = timing.headers if timing.first_text is None else timing.first_text
    phases = [
        *(("failed attempt", retry.sent, retry.failed) for retry in timing.retries),
        ("connect", timing.sent, timing.connected),
        ("wait", started, timing.end if answered is None else answered),
        ("stream", answered, timing.end),
    ]
    for part, start, end in phases:
        if start is not None and end is not None:
            yield {"part": part, "start": start, "end": max(start, end)}


def _draw_figures(answer: Answer) -> None:
    facts = dict(_figures(answer))
    st.dataframe(
        {"figure": list(facts), "value": list(facts.values())}, hide_index=True, placeholder=""
    )
    if answer.reply is None:
        for attempt in answer.attempts:
            st.caption(f"Retried after {duration(attempt.wait)}:")
            st.code(attempt.error, language=None, wrap_lines=True)


def _figures(answer: Answer) -> Iterator[tuple[str, str]]:
    snapshot, maker = answer.snapshot(), answer.record.maker
    yield "answered by", f"{maker.label} {maker.model}".strip()
    if snapshot.first_text is not None:
        yield "TTFT", duration(snapshot.first_text)
    if maker.kind != "person":
        yield "total", duration(snapshot.seconds)
    speed = figures_of([snapshot]).tokens_per_second
    if speed is not None:
        yield "tokens/s after TTFT", f"{speed:.1f}"
    usage, source = _usage(answer)
    if usage:
        yield "prompt_tokens", f"{usage.prompt_tokens:,} ({source})"
        yield "completion_tokens", f"{usage.completion_tokens:,} ({source})"
        if maker.kind == "cloudflare":
            yield "cost", f"${model_card.cost(usage):.6f} ({source})"
    yield "retries", str(len(answer.attempts))
    yield "unreadable events", str(snapshot.damaged)
    yield "how it ended", ENDS[snapshot.finish or "done"]


def _usage(answer: Answer) -> tuple[Usage | None, str]:
    """Return the server's token counts or estimates, and which of the two they are."""
    snapshot = answer.snapshot()
    if snapshot.usage is not None:
        return snapshot.usage, "the server's count"
    if answer.reply is None:
        return None, ""
    prompt, completion = estimate_tokens(answer.reply.request), math.ceil(len(snapshot.text) / 4)
    return Usage(prompt, completion, prompt + completion), "estimated"


def _draw_downloads(reply: Reply, key: str) -> None:
    endpoint = endpoint_url()
    with st.container(horizontal=True):
        st.download_button(
            "Response",
            lambda: response_of(reply),
            file_name="response.txt",
            mime="text/plain",
            icon=":material/download:",
            help="The body of the response as it was received, without secrets.",
            on_click="ignore",
            key=f"response-{key}",
        )
        st.download_button(
            "curl",
            lambda: curl_of(reply, endpoint),
            file_name="ask.sh",
            mime="text/x-shellscript",
            icon=":material/terminal:",
            help="The same request as a shell command; the API token is read from the environment.",
            on_click="ignore",
            key=f"curl-{key}",
        )


def response_of(reply: Reply) -> str:
    """Return the body of a reply's response, without secrets."""
    return _shown(reply.trace.response_body, reply.trace.secrets)


def curl_of(reply: Reply, endpoint: str) -> str:
    """Return a command that repeats a reply's request at an address that exists.

    For the built-in model, that is the endpoint this app serves.
    """
    backend = reply.client.backend
    if isinstance(backend, Cloudflare):
        return to_curl(reply.trace)
    # The address of such a trace is only meaningful inside the app.
    try:
        return write_snippets(reply.request, backend, base_url=endpoint)["curl"].code
    except (InvalidRequestError, InvalidImageError) as error:
        return f"# {' '.join(str(error).split())}\n"
