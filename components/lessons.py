"""Ready lessons: what each parameter does, on real answers."""

import streamlit as st

from conversations import Question
from experiments import LESSONS, Lesson

from .session import Session
from .sweep_form import begin_sweep


def draw_lessons(session: Session) -> None:
    """Draw a card for each lesson."""
    st.caption(
        "Each asks one question with several values, and says what to look at. What it says was "
        "seen on the built-in model; on another one the numbers differ."
    )
    for name, lesson in LESSONS.items():
        with st.container(border=True, key=f"lesson-{name}"):
            st.markdown(f"**{lesson.title}**")
            st.markdown(lesson.look)
            values = " · ".join(
                f"`{axis.parameter}` {', '.join(map(str, axis.values))}"
                for axis in lesson.sweep.axes
            )
            st.markdown(f"{values} · {lesson.sweep.count} requests · *{lesson.prompt}*")
            st.button(
                "Begin",
                icon=":material/play_arrow:",
                key=f"lesson-begin-{name}",
                on_click=_begin,
                args=(session, lesson),
            )


def _begin(session: Session, lesson: Lesson) -> None:
    """Sweep the lesson's own question, with nothing else set than what it says."""
    settings = session.settings
    session.settings = type(settings)(parameters=lesson.parameters)
    try:
        begin_sweep(session, lesson.sweep, Question(lesson.prompt), look=lesson.look)
    finally:
        session.settings = settings
