"""A run over many images: its table, and one answer at a time."""

import streamlit as st

from conversations import Picture, PicturePlan, Run, StoreError, run_csv, run_json, run_rows
from schemas import of_one_kind

from ..chat.checked_answer import draw_verdict
from ..chat.picture_cards import icon
from ..runs.run_progress import draw_run
from ..session import Session
from ..shell.formatting import counted
from ..shell.links import show_conversation
from ..shell.page_setup import PAGES
from ..text.markdown_inline import escaped

FILES = {"csv": run_csv, "json": run_json}

_MOST_ICONS = 200
"""Longer tables have no thumbnails: they are sent to the browser with every change."""

_COLUMNS = {
    "icon": st.column_config.ImageColumn("", width=60),
    "picture": st.column_config.TextColumn(width=170),
    "question": st.column_config.TextColumn(width=200),
    "state": st.column_config.TextColumn(width=100),
    "answer": st.column_config.TextColumn(width=640),
}


def draw_picture_run(current: Session, run: Run[PicturePlan]) -> None:
    """Draw a run; while it is in progress, this part of the page updates automatically."""
    words = escaped(" · ".join(run.plan.questions))
    count = len(run.pictures)
    about = counted(count, "picture")
    guided = " · answers follow the schema" if run.plan.settings.guided else ""
    st.button(
        "All runs",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_leave,
        args=(current,),
    )
    st.markdown(f"**{words}**")
    st.caption(f"{about} · {escaped(run.plan.maker.label)}{guided}")
    draw_run(current, run, _draw_table, FILES, "pictures")


def _draw_table(current: Session, run: Run[PicturePlan]) -> None:
    rows = of_one_kind(run_rows(run))
    if len(rows) <= _MOST_ICONS:
        rows = [{"icon": icon(_picture(run, at)), **row} for at, row in enumerate(rows)]
    chosen = st.dataframe(
        rows,
        hide_index=True,
        key="run-table",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_COLUMNS,
        placeholder="",
    )
    selected = chosen.selection.rows
    if selected and selected[0] < len(rows):
        _draw_one(current, run, run.keys[selected[0]])
    else:
        st.caption("Select a row to see its picture and the full answer.")


def _draw_one(current: Session, run: Run[PicturePlan], key: str) -> None:
    at, question = run.plan.place(key)
    picture, found, judged = run.pictures[at], run.outcome(key), run.judged(key)
    with st.container(border=True, key="run-one"):
        left, right = st.columns([1, 2], gap="medium")
        with left:
            st.image(picture.thumbnail, alt=picture.name, width=280)
            st.text(picture.name)
        with right:
            st.text(run.plan.questions[question])
            if found.error:
                st.markdown(f":red[:material/error:] {escaped(found.error.message)}")
            if judged is not None:
                draw_verdict(judged, found.text, key="run")
            elif found.text:
                st.text(found.text)
            if found.state in {"done", "failed"}:
                st.button(
                    "Open as a chat",
                    icon=":material/forum:",
                    key="run-chat",
                    on_click=_open_chat,
                    args=(current, run, key),
                )


def _picture(run: Run[PicturePlan], row: int) -> Picture:
    at, _ = run.plan.place(run.keys[row])
    return run.pictures[at]


def _leave(current: Session) -> None:
    current.images_page.run = ""


def _open_chat(current: Session, run: Run[PicturePlan], key: str) -> None:
    try:
        kept = current.conversations.keep(run.conversation(key))
    except StoreError as error:
        current.notice(f"{error} The chat was not created.")
        return
    show_conversation(current, kept)
    st.switch_page(PAGES / "playground.py")
