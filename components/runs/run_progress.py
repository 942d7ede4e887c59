"""The progress of a run, and the buttons that stop, resume, retry and download it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import streamlit as st

from conversations import Run
from experiments import Batch, BatchSnapshot
from workers_ai import Client, InvalidRequestError

from ..current_backend import current_backend, explain_missing
from ..session import Session, session
from ..text.markdown_inline import escaped

REFRESH_SECONDS = 1.0
"""Seconds between updates of an active run."""

SLOW_REFRESH_SECONDS = 2.5
"""The same for a run of many calls: drawing it takes time away from the calls."""

_MANY = 200

Draw = Callable[[Session, Run[Any]], None]
Files = Mapping[str, Callable[[Run[Any]], str]]
"""Writers by file extension."""

_MINUTES_FROM = timedelta(minutes=2)


def draw_run(current: Session, run: Run[Any], draw: Draw, files: Files, name: str) -> None:
    """Draw a run, and redraw it from time to time while it is active.

    `draw` draws what is below the buttons. The files are named `name` plus their extension.
    """
    going_on = is_active(current.conversations.runs.batch(run.id))
    every = (
        (REFRESH_SECONDS if len(run.keys) <= _MANY else SLOW_REFRESH_SECONDS) if going_on else None
    )
    fragment = st.fragment(_follow, key=f"run-{run.plan.kind}", run_every=every)
    fragment(run, going_on, draw, files, name)


def is_active(batch: Batch | None) -> bool:
    """Return whether calls are in progress or still to start."""
    return _goes_on(batch.snapshot() if batch else None)


def _goes_on(snapshot: BatchSnapshot | None) -> bool:
    if snapshot is None:
        return False
    return snapshot.state == "running" or snapshot.counts["running"] > 0


def _follow(
    run: Run[Any],
    was_going_on: bool,  # noqa: FBT001 - a fragment's argument
    draw: Draw,
    files: Files,
    name: str,
) -> None:
    current = session()
    batch = current.conversations.runs.batch(run.id)
    snapshot = batch.snapshot() if batch else None
    if snapshot:
        run.outcomes = {each.key: each for each in snapshot.outcomes}
    _draw_progress(run, snapshot)
    going_on = _goes_on(snapshot)
    _draw_actions(current, run, files, name, going_on=going_on)
    draw(current, run)
    # State as drawn: the run may have ended since.
    if going_on != was_going_on:
        # Only a full run can start or stop the browser's timer.
        st.rerun()


def _draw_progress(run: Run[Any], snapshot: BatchSnapshot | None) -> None:
    keys = run.keys
    states = [run.outcome(key).state for key in keys]
    done, failed = states.count("done"), states.count("failed")
    status = f"{done} of {len(keys)} answered"
    if failed:
        status += f" · {failed} failed"
    if snapshot and snapshot.state == "running":
        left = snapshot.seconds_left
        status += "" if left is None else f" · about {_time(left)} left"
    elif done + failed < len(keys):
        status += " · stopped"
    st.progress((done + failed) / max(1, len(keys)), status)
    if snapshot is None:
        return
    if snapshot.problem:
        why = escaped(snapshot.problem.message)
        st.error(f"Stopped automatically. {why}", icon=":material/block:")
    elif snapshot.pace.reason:
        st.caption(f":orange[:material/speed: {escaped(snapshot.pace.reason)}]")
    if snapshot.save_problem:
        answers = "1 answer is" if snapshot.unsaved == 1 else f"{snapshot.unsaved} answers are"
        st.warning(
            f"{answers} not saved yet. {escaped(snapshot.save_problem)}",
            icon=":material/cloud_off:",
        )


def _time(seconds: float) -> str:
    whole = timedelta(seconds=max(1, round(seconds)))
    if whole < _MINUTES_FROM:
        return f"{whole.seconds} s"
    return f"{round(whole.total_seconds() / 60):,} min"


def _draw_actions(
    current: Session, run: Run[Any], files: Files, name: str, *, going_on: bool
) -> None:
    states = {run.outcome(key).state for key in run.keys}
    with st.container(horizontal=True, key="run-actions"):
        if going_on:
            _draw_action("Stop", ":material/stop_circle:", _stop, current, run)
        elif states & {"waiting", "stopped"}:
            _draw_action("Resume", ":material/play_arrow:", _resume, current, run)
        if "failed" in states:
            _draw_action("Retry failed", ":material/refresh:", _retry, current, run)
        for ending, write in files.items() if "done" in states else ():
            _draw_download(run, f"{name}.{ending}", write)


def _draw_action(
    label: str, icon: str, act: Callable[[Session, Run[Any]], None], current: Session, run: Run[Any]
) -> None:
    st.button(label, icon=icon, key=f"run-{act.__name__}", on_click=act, args=(current, run))


def _draw_download(run: Run[Any], file: str, write: Callable[[Run[Any]], str]) -> None:
    ending = file.rpartition(".")[2]
    st.download_button(
        {"md": "Markdown"}.get(ending, ending.upper()),
        lambda: write(run),
        file_name=file,
        icon=":material/download:",
        on_click="ignore",
        key=f"run-file-{ending}",
    )


def _stop(current: Session, run: Run[Any]) -> None:
    if batch := current.conversations.runs.batch(run.id):
        batch.stop()


def _resume(current: Session, run: Run[Any]) -> None:
    if client := _client(current):
        current.conversations.runs.resume(run, client)


def _retry(current: Session, run: Run[Any]) -> None:
    if client := _client(current):
        current.conversations.runs.retry_failed(run, client)


def _client(current: Session) -> Client | None:
    try:
        return current.client(current_backend(current))
    except InvalidRequestError as error:
        current.notice(explain_missing(current, error))
        return None
