"""A prompt with pictures, outside the chat's composer."""

from functools import partial

import streamlit as st

from .composer import read_pictures
from .page_states import PromptDraft
from .pictures import draw_pictures
from .session import Session, set_widget, widget

PICTURES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tiff", "avif"]
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
        on_change=take_prompt,
        args=(draft, key),
    )
    # A new key makes a new, empty uploader.
    files = f"{key}_files-{draft.uploads}"
    st.file_uploader(
        "Pictures",
        type=PICTURES,
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


def take_prompt(draft: PromptDraft, key: str) -> None:
    """Store the content of the text box."""
    draft.prompt = widget(f"{key}_prompt", "") or ""


def _take_pictures(session: Session, draft: PromptDraft, files: str) -> None:
    pictures, refused = read_pictures(session, widget(files, []))
    draft.pictures += pictures
    for sentence in refused:
        session.notice(f"{sentence} It was not attached.")
    draft.uploads += 1
