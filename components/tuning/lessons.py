"""Ready-made lessons that show what each parameter does, with real answers."""

import streamlit as st

from conversations import Question
from experiments import LESSONS, Lesson

from ..session import Session
from .sweep_form import start_sweep


def draw_lessons(session: Session) -> None:
    """Draw a card for each lesson."""
    st.caption(
        "Each lesson asks one question with several values and says what to look at. The "
        "results it describes are the built-in model's; other models give other numbers."
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
                "Start",
                icon=":material/play_arrow:",
                key=f"lesson-begin-{name}",
                on_click=_begin,
                args=(session, lesson),
            )


def _begin(session: Session, lesson: Lesson) -> None:
    """Sweep the lesson's own question with only the lesson's settings."""
    settings = session.settings
    session.settings = type(settings)(parameters=lesson.parameters)
    try:
        start_sweep(session, lesson.sweep, Question(lesson.prompt), look=lesson.look)
    finally:
        session.settings = settings
