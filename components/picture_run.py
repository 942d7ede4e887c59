"""A run about many pictures: how far it is, its table, and one answer at a time."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from components.backend import current_backend, missing
from components.checked_answer import draw_judged
from components.links import show_conversation
from components.markdown_inline import escaped
from components.navigation import PAGES
from components.pictures import icon
from components.session import Session, session
from conversations import Picture, Run, StoreError, run_csv, run_json, run_rows
from workers_ai import Batch, BatchSnapshot, Client, InvalidRequestError, of_one_kind

EVERY = 1.0
"""Seconds between two looks at a run that is going on."""

_MOST_ICONS = 200
"""Rows up to which each has its picture: they are sent to the browser with every change."""

_TABLE_HEIGHT = 420
_COLUMNS = {
    "icon": st.column_config.ImageColumn("", width=60),
    "picture": st.column_config.TextColumn(width=170),
    "question": st.column_config.TextColumn(width=200),
    "state": st.column_config.TextColumn(width=100),
    "answer": st.column_config.TextColumn(width=640),
}


def draw_run(current: Session, run: Run) -> None:
    """Draw all of a run; while it goes on, this part of the page follows it by itself."""
    words = escaped(" · ".join(run.plan.questions))
    count = len(run.pictures)
    about = "1 picture" if count == 1 else f"{count} pictures"
    guided = " · answers follow the schema" if run.plan.settings.guided else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "All runs",
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=_leave,
            args=(current,),
        )
    st.markdown(f"**{words}**")
    st.caption(f"{about} · {escaped(run.plan.maker.label)}{guided}")
    going_on = _goes_on(current.conversations.runs.batch(run.id))
    st.fragment(_follow, key="picture-run", run_every=EVERY if going_on else None)(run, going_on)


def _follow(run: Run, was_going_on: bool) -> None:  # noqa: FBT001 - a fragment's argument
    current = session()
    batch = current.conversations.runs.batch(run.id)
    if batch is not None:
        snapshot = batch.snapshot()
        run.outcomes = {each.key: each for each in snapshot.outcomes}
        _draw_progress(run, snapshot)
    else:
        _draw_progress(run, None)
    _draw_actions(current, run, batch)
    _draw_table(current, run)
    if _goes_on(batch) != was_going_on:
        # Only a full run can begin or end the browser's timer.
        st.rerun()


def _goes_on(batch: Batch | None) -> bool:
    if batch is None:
        return False
    snapshot = batch.snapshot()
    return snapshot.state == "running" or snapshot.counts["running"] > 0


def _draw_progress(run: Run, snapshot: BatchSnapshot | None) -> None:
    keys = run.keys
    states = [run.outcome(key).state for key in keys]
    done, failed = states.count("done"), states.count("failed")
    words = f"{done} of {len(keys)} answered"
    if failed:
        words += f" · {failed} failed"
    if snapshot and _goes_on_now(snapshot) and snapshot.seconds_left is not None:
        words += f" · about {_time(snapshot.seconds_left)} left"
    elif done + failed < len(keys):
        words += " · stopped"
    st.progress((done + failed) / max(1, len(keys)), words)
    if snapshot is None:
        return
    if snapshot.problem:
        st.error(
            f"It stopped by itself. {escaped(snapshot.problem.message)}", icon=":material/block:"
        )
    elif snapshot.pace.reason:
        st.caption(f":orange[:material/speed: {escaped(snapshot.pace.reason)}]")
    if snapshot.save_problem:
        st.warning(
            f"{snapshot.unsaved} answers are not saved yet. {escaped(snapshot.save_problem)}",
            icon=":material/cloud_off:",
        )


def _goes_on_now(snapshot: BatchSnapshot) -> bool:
    return snapshot.state == "running"


def _time(seconds: float) -> str:
    whole = timedelta(seconds=max(1, round(seconds)))
    if whole < timedelta(minutes=2):
        return f"{whole.seconds} s"
    return f"{round(whole.total_seconds() / 60):,} min"


def _draw_actions(current: Session, run: Run, batch: Batch | None) -> None:
    states = [run.outcome(key).state for key in run.keys]
    with st.container(horizontal=True, key="run-actions"):
        if _goes_on(batch):
            st.button(
                "Stop",
                icon=":material/stop_circle:",
                key="run-stop",
                on_click=_stop,
                args=(current, run),
            )
        elif "waiting" in states or "stopped" in states:
            st.button(
                "Resume",
                icon=":material/play_arrow:",
                key="run-resume",
                on_click=_resume,
                args=(current, run),
            )
        if "failed" in states:
            st.button(
                "Retry the failed",
                icon=":material/refresh:",
                key="run-retry",
                on_click=_retry,
                args=(current, run),
            )
        if "done" in states:
            for name, make in (("CSV", run_csv), ("JSON", run_json)):
                _draw_download(name, run, make)


def _draw_download(name: str, run: Run, make: Callable[[Run], str]) -> None:
    st.download_button(
        name,
        lambda: make(run),
        file_name=f"pictures.{name.lower()}",
        icon=":material/download:",
        on_click="ignore",
        key=f"run-{name.lower()}",
    )


def _draw_table(current: Session, run: Run) -> None:
    rows = of_one_kind(run_rows(run))
    if len(rows) <= _MOST_ICONS:
        rows = [{"icon": icon(_picture(run, at)), **row} for at, row in enumerate(rows)]
    chosen = st.dataframe(
        rows,
        hide_index=True,
        height=min(_TABLE_HEIGHT, 38 + 36 * len(rows)),
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
        st.caption("Choose a row to see its picture and the whole answer.")


def _draw_one(current: Session, run: Run, key: str) -> None:
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
                draw_judged(judged, found.text, key="run")
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


def _picture(run: Run, row: int) -> Picture:
    at, _ = run.plan.place(run.keys[row])
    return run.pictures[at]


def _leave(current: Session) -> None:
    current.images_page.run = ""


def _stop(current: Session, run: Run) -> None:
    if batch := current.conversations.runs.batch(run.id):
        batch.stop()


def _resume(current: Session, run: Run) -> None:
    if client := _client(current):
        current.conversations.runs.go_on(run, client)


def _retry(current: Session, run: Run) -> None:
    if client := _client(current):
        current.conversations.runs.retry_failed(run, client)


def _client(current: Session) -> Client | None:
    try:
        return current.client(current_backend(current))
    except InvalidRequestError as error:
        current.notice(missing(current, error))
        return None


def _open_chat(current: Session, run: Run, key: str) -> None:
    try:
        kept = current.conversations.keep(run.conversation(key))
    except StoreError as error:
        current.notice(f"{error} The chat was not made.")
        return
    show_conversation(current, kept)
    st.switch_page(PAGES / "playground.py")
