"""The greeting of an empty chat: questions to try, and a picture to ask about."""

from functools import cache
from pathlib import Path

import streamlit as st

from conversations import Picture
from workers_ai import read_image

from ..session import Session
from . import send_message

EXAMPLES = (
    "What is the origin of the phrase Hello, World",
    "Tell me all about PEP-8",
    "Why is pizza so good",
    "What does temperature do?",
)
"""The examples of the documentation page, and the question that this app is for."""

PICTURE_QUESTION = "What can you tell me about this picture?"
_SAMPLE = Path(__file__).parents[1] / "assets" / "sample.png"


def _ask(session: Session, question: str, pictures: tuple[Picture, ...] = ()) -> None:
    send_message.ask(session, question, pictures)


@cache
def sample_picture() -> Picture:
    """Return the sample picture that comes with the app."""
    return Picture.of("sample.png", read_image(_SAMPLE.read_bytes(), name="sample.png"))


def draw_welcome(session: Session) -> None:
    """Draw the greeting."""
    # A single element, so the first message replaces all of it immediately.
    with st.container(key="welcome"):
        _draw_examples(session)
        _draw_picture(session)


def _draw_examples(session: Session) -> None:
    st.markdown("## Chat with Gemma 3, ask about pictures, tune every parameter")
    with st.container(horizontal=True, gap="small", key="examples"):
        for number, question in enumerate(EXAMPLES):
            st.button(
                question,
                key=f"example-{number}",
                width="content",
                on_click=_ask,
                args=(session, question),
            )


def _draw_picture(session: Session) -> None:
    with st.container(
        border=True, horizontal=True, wrap=False, vertical_alignment="center", key="sample"
    ):
        st.image(sample_picture().thumbnail, width=132, alt="The sample picture")
        with st.container(width="stretch"):
            st.text(PICTURE_QUESTION)
            st.button(
                "Ask about this picture",
                icon=":material/image_search:",
                key="example-picture",
                on_click=_ask,
                args=(session, PICTURE_QUESTION, (sample_picture(),)),
            )
