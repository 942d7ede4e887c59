"""The next request, exactly as it will be sent, and the last one sent."""

import json
from typing import Any

import streamlit as st

from backends import LocalEngine
from conversations import StoreError
from workers_ai import Backend, InvalidImageError, InvalidRequestError, Request

from ..chat import send_message
from ..current_backend import current_backend, explain_missing
from ..session import Session
from ..shell.formatting import counted, size
from ..text.markdown_inline import escaped
from .code_view import draw_code
from .copy_button import draw_copy_button

LARGEST_COPY = 2_000_000
"""Largest body, in bytes, that the page offers to copy; a larger one can be downloaded."""

NEXT_MESSAGE = "Your next message"
_SHORT_URI = 60


def draw_request(session: Session) -> None:
    """Draw the panel next to the conversation."""
    following, code, last = st.tabs(["Next", "Code", "Last sent"])
    with following:
        _draw_next(session)
    with code:
        draw_code(session, NEXT_MESSAGE)
    with last:
        _draw_last(session)


def folded(value: Any) -> Any:
    """Return JSON for reading, with data URIs shortened to their type and size."""
    if isinstance(value, dict):
        return {key: folded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [folded(item) for item in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > _SHORT_URI:
        return f"{value[: value.find(',') + 9]}… ({size(len(value))})"
    return value


def _draw_next(session: Session) -> None:
    try:
        backend = current_backend(session)
        request = send_message.preview(session, NEXT_MESSAGE, backend)
    except InvalidRequestError as error:
        st.caption(explain_missing(session, error))
        return
    except StoreError as error:
        st.caption(f"{error} The request cannot be built now.")
        return
    _draw_body(session, request, backend, key="next")


def _draw_last(session: Session) -> None:
    turns = session.conversation.turns
    if not turns:
        st.caption("Nothing has been sent yet.")
        return
    reply = turns[-1].answer and turns[-1].answer.reply
    if not reply:
        st.caption("The last request was sent before this page was opened and was not kept.")
        return
    _draw_body(session, reply.request, reply.client.backend, key="last")
    trace = reply.trace
    if trace.response_body:
        st.caption(f"Response: HTTP {trace.status_code}, {size(trace.size)}")
        received = trace.response_body[:20_000].decode("utf-8", "replace")
        st.code(received, language=None, wrap_lines=True, height=260)


def _draw_engine_request(request: Request, backend: LocalEngine) -> None:
    """Draw the request as translated for an engine, with every change listed."""
    try:
        asked = backend.engine_request(request)
    except InvalidImageError as error:
        st.caption(error.message)
        return
    count = len(asked.changes)
    changes = counted(count, "change")
    with st.expander(f"Request to {backend.label}: {changes}", icon=":material/swap_horiz:"):
        for change in asked.changes:
            st.markdown(f"`{escaped(change.path)}` {escaped(change.sentence)}")
        st.caption(f"POST {backend.base_url.rstrip('/')} … {asked.path}")
        body = json.dumps(folded(asked.body), ensure_ascii=False, indent=2)
        st.code(body, language="json", wrap_lines=True, height=320)


def _draw_body(session: Session, request: Request, backend: Backend, *, key: str) -> None:
    sent = session.client(backend).request_to_send(request)
    st.caption("POST")
    st.code(str(sent.url), language=None, wrap_lines=True)
    if isinstance(backend, LocalEngine):
        _draw_engine_request(request, backend)
    text = json.dumps(folded(request.body()), ensure_ascii=False, indent=2)
    st.code(text, language="json", wrap_lines=True, height=420)
    if len(sent.content) <= LARGEST_COPY:
        draw_copy_button("Copy the whole body", sent.content.decode(), key=f"copy-{key}")
    st.download_button(
        f"Download the whole body ({size(len(sent.content))})",
        sent.content,
        file_name="request.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key=f"download-{key}",
    )
