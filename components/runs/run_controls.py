"""How fast a run goes, and the list of earlier runs."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import streamlit as st

from conversations import RunSummary
from experiments import LARGEST_CONCURRENCY

from ..session import Session, place_of, set_widget, widget
from ..shell.time_format import ago

PER_MINUTE = {
    "No rate limit": None,
    "10 per minute": 10,
    "30 per minute": 30,
    "120 per minute": 120,
}
_MOST_LISTED = 20


class Paced(Protocol):
    """A page state that holds the pace of its runs."""

    concurrency: int
    per_minute: int | None
    run: str


def draw_pace(page: Paced, *, key: str) -> None:
    """Draw how many calls run in parallel, and how many start per minute."""
    left, right = st.columns(2)
    set_pace = partial(_set_pace, page, key)
    with left:
        st.number_input(
            "Parallel requests",
            1,
            LARGEST_CONCURRENCY,
            value=set_widget(f"{key}_concurrency", page.concurrency),
            key=f"{key}_concurrency",
            help="How many requests run at the same time. If the server is busy, fewer requests "
            "are sent; none fail because of it.",
            on_change=set_pace,
        )
    with right:
        chosen = next(name for name, limit in PER_MINUTE.items() if limit == page.per_minute)
        st.selectbox(
            "Rate limit",
            list(PER_MINUTE),
            index=place_of(set_widget(f"{key}_per_minute", chosen), list(PER_MINUTE)),
            key=f"{key}_per_minute",
            on_change=set_pace,
        )


def draw_earlier(
    session: Session, page: Paced, kind: str, title: str, name: Callable[[RunSummary[Any]], str]
) -> None:
    """Draw the earlier runs of a kind, each with buttons to open and delete it."""
    found = session.conversations.runs.listed(session.owner, kind, most=_MOST_LISTED)
    if not found:
        return
    st.markdown(f"**{title}**")
    for summary in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"run-{summary.id}"):
            st.button(
                name(summary),
                icon=":material/table:",
                type="tertiary",
                key=f"open-{summary.id}",
                on_click=_open,
                args=(page, summary.id),
            )
            st.caption(ago(summary.created), width="content")
            st.space("stretch")
            st.button(
                "Delete",
                icon=":material/delete:",
                type="tertiary",
                key=f"delete-{summary.id}",
                on_click=_erase,
                args=(session, summary.id),
            )


def _set_pace(page: Paced, key: str) -> None:
    page.concurrency = int(widget(f"{key}_concurrency", page.concurrency))
    page.per_minute = PER_MINUTE[widget(f"{key}_per_minute", "No rate limit")]


def _open(page: Paced, run_id: str) -> None:
    page.run = run_id


def _erase(session: Session, run_id: str) -> None:
    found = session.conversations.runs.find(run_id, session.owner)
    if found is not None:
        session.conversations.runs.erase(found)
        session.notice("The run was deleted.")
