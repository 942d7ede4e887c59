"""The playground itself; `?turns=N&images=M` opens a chat with N finished turns and M pictures.

The chat is in the database, and is opened from there like any other. Half of the pictures belong to
the last five questions, in turn, so that chats of any length show them; the others are spread
evenly over the earlier questions.
"""

import io
import runpy
import time
from collections.abc import Iterator

import streamlit as st
from PIL import Image

from benchmarks.texts import answer, question
from benchmarks.upstream import ACCOUNT, TOKEN
from components.session import Session, session
from components.shell.links import open_conversation
from components.shell.page_setup import PAGES
from conversations import (
    Answer,
    Conversation,
    Conversations,
    Maker,
    Node,
    Picture,
    Question,
    Settings,
)
from conversations.answer_record import Record
from conversations.tree_nodes import Ended
from workers_ai import Cloudflare, Usage, read_image
from workers_ai.requests import estimate_message_tokens

LAST = 5
"""The number of turns with the pictures that every chat shows."""

_PACE = 60.0
"""Seconds from one turn to the next."""


def finished_turn(
    number: int, asked: float, pictures: tuple[Picture, ...], parent: str | None
) -> tuple[Question, Answer]:
    """Return a turn as it is after the model's answer has ended."""
    sent = Question(question(number), pictures, parent, created=asked)
    text = answer(number)
    record = Record(
        Maker.of(Cloudflare(ACCOUNT, TOKEN)),
        Settings(),
        finish="done",
        seconds=1.7,
        first_text=0.4,
        usage=_usage(sent.text, text),
    )
    return sent, Answer(record, Ended(record.snapshot(text)), sent.id, created=asked + 1)


def _usage(question_text: str, answer_text: str) -> Usage:
    texts = (question_text, answer_text)
    prompt, completion = (estimate_message_tokens(text) for text in texts)
    return Usage(prompt, completion, prompt + completion)


def picture(number: int) -> Picture:
    """Return a unique picture with the dimensions and file size of a photo."""
    size = (1024, 768)
    noise = Image.effect_noise((128, 96), 60).resize(size)
    slopes = (Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size))
    file = io.BytesIO()
    Image.merge("RGB", (noise, *slopes)).save(file, "JPEG")
    return Picture.of(f"picture {number}.jpg", read_image(file.getvalue()))


def places(turns: int, images: int) -> list[int]:
    """Return the turn number of each picture."""
    last = range(max(0, turns - LAST), turns)
    earlier = range(last.start) or last
    late, early = images - images // 2, images // 2
    found = [last[place % len(last)] for place in range(late)]
    return found + [earlier[place * len(earlier) // early] for place in range(early)]


def finished_turns(turns: int, images: int) -> Iterator[Node]:
    """Yield the messages of a chat whose last turn has just ended."""
    with_picture = places(turns, images)
    parent = None
    for number in range(turns):
        pictures = tuple(picture(i) for i, place in enumerate(with_picture) if place == number)
        asked = time.time() - _PACE * (turns - number)
        turn = finished_turn(number, asked, pictures, parent)
        parent = turn[-1].id
        yield from turn


@st.cache_resource(show_spinner=False)
def finished_chat(_kept: Conversations, turns: int, images: int) -> Conversation:
    """Put a chat into the database; every visitor gets a copy of it."""
    nodes = {node.id: node for node in finished_turns(turns, images)}
    return _kept.keep(Conversation(owner="benchmark", leaf=list(nodes)[-1], nodes=nodes))


def _begin(current: Session) -> None:
    turns, images = (int(st.query_params.pop(name, "0")) for name in ("turns", "images"))
    if turns:
        kept = current.conversations
        copied = kept.copy(finished_chat(kept, turns, images), current.owner)
        open_conversation(current, copied.id)


_begin(session())
runpy.run_path(str(PAGES / "frame.py"))
