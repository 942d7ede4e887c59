"""The choice between the views of the Tuning page."""

import streamlit as st

from ..session import Session, set_widget, widget

_VIEWS = {
    "sweep": ":material/grid_on: Sweep",
    "compare": ":material/view_column: Compare",
    "next": ":material/bar_chart: Next token",
    "lessons": ":material/school: Lessons",
}


def tuning_view(session: Session) -> str:
    """Draw the choice of a view, and return the chosen one's key."""
    page = session.tuning_page
    if page.view not in _VIEWS:
        page.view = "sweep"
    st.segmented_control(
        "View",
        list(_VIEWS),
        default=set_widget("tuning_view", page.view),
        key="tuning_view",
        format_func=_VIEWS.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_choose,
        args=(session,),
    )
    return page.view


def _choose(session: Session) -> None:
    session.tuning_page.view = widget("tuning_view", "sweep")
