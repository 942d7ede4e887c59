"""A prompt with its pictures, drafted outside the chat for a request, a sweep or a comparison."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from conversations import Picture, Question, Turn

from ..page_states import PromptDraft
from ..session import Session, set_widget, widget
from .composer import read_pictures
from .picture_cards import draw_pictures

PICTURE_EXTENSIONS = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tiff", "avif"]
"""File extensions that are accepted."""

_HEIGHT = 90


def draw_prompt_draft(session: Session, draft: PromptDraft, placeholder: str, *, key: str) -> None:
    """Draw the text box, the uploader, and the uploaded pictures."""
    st.text_area(
        "Prompt",
        value=set_widget(f"{key}_prompt", draft.prompt),
        key=f"{key}_prompt",
        placeholder=placeholder,
        label_visibility="collapsed",
        height=_HEIGHT,
        on_change=store_prompt,
        args=(draft, key),
    )
    # A new key makes a new, empty uploader.
    files = f"{key}_files-{draft.uploads}"
    st.file_uploader(
        "Pictures",
        type=PICTURE_EXTENSIONS,
        accept_multiple_files=True,
        key=files,
        label_visibility="collapsed",
        on_change=partial(_take_pictures, session, draft, files),
    )
    if draft.pictures:
        draw_pictures(draft.pictures, key=key)
        st.button(
            "Remove pictures",
            icon=":material/close:",
            type="tertiary",
            on_click=draft.pictures.clear,
        )


def store_prompt(draft: PromptDraft, key: str) -> None:
    """Store the content of the text box."""
    draft.prompt = widget(f"{key}_prompt", "") or ""


def _take_pictures(session: Session, draft: PromptDraft, files: str) -> None:
    pictures, refused = read_pictures(session, widget(files, []))
    draft.pictures += pictures
    for sentence in refused:
        session.notice(f"{sentence} It was not attached.")
    draft.uploads += 1


def draw_prompt(session: Session, *, may_follow_chat: bool = True) -> None:
    """Draw the prompt, its pictures, and the toggle for the chat's last question."""
    page = session.tuning_page
    if may_follow_chat and (question := last_question(session)):
        st.toggle(
            "Ask the chat's last question again",
            value=set_widget("after_chat", page.after_chat),
            key="after_chat",
            help="With everything before it, its pictures, tools and schema.",
            on_change=_set_after_chat,
            args=(session,),
        )
        if page.after_chat:
            with st.container(border=True):
                st.text(question.text or "(pictures only)")
                draw_pictures(question.pictures, key="asked")
            return
    draw_prompt_draft(session, page, "What do you want to ask?", key="tuning")


def last_question(session: Session) -> Question | None:
    """Return the chat's last question, if it ends with one and its answer."""
    turns = session.conversation.turns
    question = turns[-1].question if turns else None
    return question if isinstance(question, Question) else None


def current_question(session: Session) -> tuple[Question | None, Sequence[Turn]]:
    """Return the question, None if there is none yet, and the turns before it."""
    page = session.tuning_page
    last = last_question(session)
    if page.after_chat and last:
        return last, session.conversation.turns[:-1]
    if not page.prompt.strip() and not page.pictures:
        return None, ()
    return Question(page.prompt, tuple(page.pictures)), ()


def all_pictures(question: Question, earlier: Sequence[Turn]) -> tuple[Picture, ...]:
    """Return the pictures of a question and of the earlier turns, without duplicates."""
    questions = [turn.question for turn in earlier if isinstance(turn.question, Question)]
    found = [picture for each in [*questions, question] for picture in each.pictures]
    return tuple(dict.fromkeys(found))


def _set_after_chat(session: Session) -> None:
    session.tuning_page.after_chat = widget("after_chat", default=False)
