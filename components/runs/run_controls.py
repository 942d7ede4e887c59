"""The pace of a run, and the list of earlier runs."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import streamlit as st

from conversations import RunSummary
from experiments import LARGEST_CONCURRENCY

from ..session import Session, index_of, set_widget, widget
from ..shell.formatting import age

RATE_LIMITS = {
    "No rate limit": None,
    "10 per minute": 10,
    "30 per minute": 30,
    "120 per minute": 120,
}
_MOST_LISTED = 20


class PaceSettings(Protocol):
    """A page state that holds the pace of its runs."""

    concurrency: int
    per_minute: int | None
    run: str


def draw_pace(page: PaceSettings, *, key: str) -> None:
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
        chosen = next(name for name, limit in RATE_LIMITS.items() if limit == page.per_minute)
        st.selectbox(
            "Rate limit",
            list(RATE_LIMITS),
            index=index_of(set_widget(f"{key}_per_minute", chosen), list(RATE_LIMITS)),
            key=f"{key}_per_minute",
            on_change=set_pace,
        )


def draw_earlier_runs(
    session: Session,
    page: PaceSettings,
    kind: str,
    title: str,
    name: Callable[[RunSummary[Any]], str],
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
            st.caption(age(summary.created), width="content")
            st.space("stretch")
            st.button(
                "Delete",
                icon=":material/delete:",
                type="tertiary",
                key=f"delete-{summary.id}",
                on_click=_erase,
                args=(session, summary.id),
            )


def _set_pace(page: PaceSettings, key: str) -> None:
    page.concurrency = int(widget(f"{key}_concurrency", page.concurrency))
    page.per_minute = RATE_LIMITS[widget(f"{key}_per_minute", "No rate limit")]


def _open(page: PaceSettings, run_id: str) -> None:
    page.run = run_id


def _erase(session: Session, run_id: str) -> None:
    found = session.conversations.runs.find(run_id, session.owner)
    if found is not None:
        session.conversations.runs.erase(found)
        session.notice("The run was deleted.")
