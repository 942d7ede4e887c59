"""The composer: text, pictures by picker, drop, paste or camera, and Stop."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import streamlit as st

from conversations import Picture, uploaded_pictures
from workers_ai import InvalidImageError, read_image

from ..session import Session, set_widget, widget
from ..shell.formatting import size
from ..shell.save_status import draw_read_only
from . import send_message
from .live_refresh import WATCH, draw_watch
from .message_actions import draw_undo
from .tool_calls import draw_rounds
from .transcript import slot_of_last_turn


class _File(Protocol):
    name: str

    def getvalue(self) -> bytes: ...


def draw_composer(session: Session) -> None:
    """Draw the message box at the bottom of the page, with its toolbar above."""
    if not session.conversation.writable:
        with st.bottom.container(key="reading"):
            draw_read_only(session)
            draw_watch()
        return
    bar = st.bottom.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="composer-bar",
    )
    with bar:
        _draw_pending(session)
        draw_undo(session)
        draw_rounds(session)
        _draw_camera(session)
        draw_watch()
        draw_stop(session)
    # Not in a container: only then does the page stay at its end while an answer grows.
    st.chat_input(
        "Ask something, or add a picture",
        key="message",
        accept_file="multiple",
        on_submit=_send,
        args=(session,),
    )


def draw_stop(session: Session) -> None:
    """Draw Stop, which is visible while an answer is being written."""
    with st.container(key="stop", width="content"):
        st.button(
            "Stop",
            icon=":material/stop_circle:",
            shortcut="Esc",
            key="stop-button",
            on_click=_stop,
            args=(session,),
        )


def read_pictures(session: Session, files: Iterable[_File]) -> tuple[list[Picture], list[str]]:
    """Return the pictures in the files, in order, and a sentence for each file that is not one."""
    pictures: list[Picture] = []
    refused: list[str] = []
    for found in each_picture(session, files):
        if isinstance(found, Picture):
            pictures.append(found)
        else:
            refused.append(found)
    return pictures, refused


def each_picture(session: Session, files: Iterable[_File]) -> Iterator[Picture | str]:
    """Yield each picture in files and zips, or the reason why a file is not one."""
    limit = {"longest_side": None} if session.original_size else {}
    for file in files:
        for name, data in uploaded_pictures(file.getvalue(), file.name):
            try:
                if isinstance(data, InvalidImageError):
                    raise data
                yield Picture.of(name, read_image(data, name=name, **limit))
            except InvalidImageError as error:
                yield error.message


def _draw_pending(session: Session) -> None:
    for position, picture in enumerate(session.pending):
        with st.container(
            horizontal=True, vertical_alignment="center", width="content", gap="small"
        ):
            st.image(picture.thumbnail, width=44, alt=picture.name)
            st.caption(
                f"{picture.image.width}×{picture.image.height} · {size(len(picture.image.data))}"
            )
            st.button(
                "Remove",
                icon=":material/close:",
                type="tertiary",
                key=f"remove-{position}",
                on_click=session.pending.remove,
                args=(picture,),
            )


def _draw_camera(session: Session) -> None:
    if st.button("Camera", icon=":material/photo_camera:", type="tertiary", key="camera-button"):
        _take_picture(session)


@st.dialog("Take a picture")
def _take_picture(session: Session) -> None:
    file = st.camera_input("Camera", label_visibility="collapsed")
    if file is not None:
        _attach(session, [file])
        st.rerun()


def _attach(session: Session, files: Iterable[_File]) -> bool:
    pictures, refused = read_pictures(session, files)
    session.pending += pictures
    for sentence in refused:
        session.notice(f"{sentence} It was not attached.")
    return not refused


def _send(session: Session) -> None:
    """Start the reply before anything is drawn, so that only its slot has to run."""
    message = widget("message", None)
    if message is None:
        return
    # Anything outside the slot that has to change needs a full run.
    needs_full_run = bool(session.pending) or session.show_request
    usable = _attach(session, message.files)
    if not usable or not send_message.ask(session, message.text, session.pending):
        set_widget("message", message.text)
        return
    session.pending.clear()
    slot = slot_of_last_turn(session)
    if slot and not needs_full_run:
        # WATCH runs once the answer has ended, when more of the context window is used.
        st.rerun([slot, WATCH])


def _stop(session: Session) -> None:
    running = session.conversation.running
    if running and session.conversation.writable:
        running.progress.stop()
