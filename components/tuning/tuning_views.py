"""The Tuning page: sweeps, comparisons, the next token, and ready-made lessons."""

import streamlit as st

from ..session import Session, set_widget, widget
from ..sidebar.backend_choice import draw_backend
from ..sidebar.parameter_controls import draw_parameters
from .comparison import draw_comparing
from .lessons import draw_lessons
from .next_token import draw_next_token
from .sweep_form import draw_sweeps

VIEWS = {
    "sweep": ("Sweep", ":material/grid_on:", draw_sweeps),
    "compare": ("Compare", ":material/view_column:", draw_comparing),
    "next": ("Next token", ":material/bar_chart:", draw_next_token),
    "lessons": ("Lessons", ":material/school:", draw_lessons),
}


def draw_tuning(session: Session) -> None:
    """Draw the whole page."""
    with st.sidebar:
        draw_backend(session)
        draw_parameters(session)
    page = session.tuning_page
    if page.view not in VIEWS:
        page.view = "sweep"
    st.title("Tuning")
    st.segmented_control(
        "View",
        list(VIEWS),
        default=set_widget("tuning_view", page.view),
        key="tuning_view",
        format_func=lambda name: f"{VIEWS[name][1]} {VIEWS[name][0]}",
        required=True,
        label_visibility="collapsed",
        on_change=_choose,
        args=(session,),
    )
    _, _, draw = VIEWS[page.view]
    draw(session)


def _choose(session: Session) -> None:
    session.tuning_page.view = widget("tuning_view", "sweep")
