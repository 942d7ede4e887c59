"""Two to four settings side by side: one question, and the answers as they stream."""

import json
from dataclasses import replace
from typing import Any

import streamlit as st

from experiments import request_difference
from workers_ai import PARAMETERS, InvalidRequestError, Parameters, Reply, Request, Snapshot
from workers_ai.validation import read_parameter

from ..chat.failure_card import explain
from ..chat.prompt_editor import current_question, draw_prompt
from ..chat.send_message import request_for
from ..current_backend import current_backend, explain_missing
from ..page_states import Column
from ..session import Session, index_of, session, set_widget, widget
from ..shell.formatting import duration
from ..sidebar.backend_choice import BACKEND_LABELS
from ..sidebar.presets import all_presets, apply_preset
from ..text.markdown import as_markdown
from ..text.markdown_inline import escaped
from ..text.text_diff import draw_text_diff

MOST_COLUMNS = 4
REFRESH_SECONDS = 0.25
"""Seconds between paints."""

LETTERS = "ABCD"
_NUMBERS = [name for name, each in PARAMETERS.items() if each.kind != "boolean"]
_LONGEST_SHOWN = 60


def draw_comparison(current: Session) -> None:
    """Draw the prompt, the columns of settings, and the answers."""
    page = current.tuning_page
    if not page.columns:
        page.columns = _first_columns(current)
    st.caption(
        "One question, up to four combinations of settings and backend. The answers stream in "
        "parallel; once they have ended, differences from the first are highlighted."
    )
    draw_prompt(current)
    _draw_settings(current)
    running = _is_running(current)
    with st.container(horizontal=True, key="compare-actions"):
        question, _ = current_question(current)
        st.button(
            "Ask all",
            icon=":material/send:",
            key="compare-ask",
            disabled=running or question is None,
            on_click=_ask,
            args=(current,),
        )
        if running:
            st.button("Stop", icon=":material/stop_circle:", on_click=_stop, args=(current,))
    st.fragment(_follow, key="compare", run_every=REFRESH_SECONDS if running else None)(running)


def _first_columns(current: Session) -> list[Column]:
    mine = with_streaming(current.settings.parameters)
    cold = Parameters(**{**mine.model_dump(), "temperature": 0})
    return [Column(current.backend_name, mine), Column(current.backend_name, cold)]


def with_streaming(parameters: Parameters) -> Parameters:
    """Return the parameters with streaming on, so that answers show as they are written."""
    return Parameters(**{**parameters.model_dump(), "stream": True})


def _is_running(current: Session) -> bool:
    replies = [column.reply for column in current.tuning_page.columns]
    return any(reply and reply.snapshot().finish is None for reply in replies)


def _draw_settings(current: Session) -> None:
    columns = current.tuning_page.columns
    for at, (area, column) in enumerate(zip(st.columns(len(columns)), columns, strict=True)):
        with area:
            st.selectbox(
                f"{LETTERS[at]}: backend",
                list(BACKEND_LABELS),
                format_func=BACKEND_LABELS.__getitem__,
                index=index_of(
                    set_widget(f"compare-backend-{at}", column.backend_name), list(BACKEND_LABELS)
                ),
                key=f"compare-backend-{at}",
                on_change=_set_backend,
                args=(current, at),
            )
            st.menu_button(
                "Preset",
                ["Sidebar settings", *all_presets(current)],
                key=f"compare-preset-{at}",
                on_click=_preset,
                args=(current, at),
            )
    shown: dict[str, list[str]] = {"parameter": list(_NUMBERS)}
    for at, column in enumerate(columns):
        shown[LETTERS[at]] = [_typed(getattr(column.parameters, name)) for name in _NUMBERS]
    edited = st.data_editor(
        shown,
        hide_index=True,
        disabled=["parameter"],
        key=f"compare-settings-{_fingerprint(shown)}",
        num_rows="fixed",
    )
    _apply(current, edited)
    for at, column in enumerate(columns):
        for sentence in column.refused:
            st.caption(f":red[:material/error: {LETTERS[at]}: {escaped(sentence)}]")
    with st.container(horizontal=True):
        if len(columns) < MOST_COLUMNS:
            st.button(
                "Add a column",
                icon=":material/add:",
                type="tertiary",
                on_click=_add,
                args=(current,),
            )
        if len(columns) > 2:  # noqa: PLR2004 - one has nothing to compare with
            st.button(
                "Remove last column",
                icon=":material/close:",
                type="tertiary",
                on_click=_remove_last,
                args=(current,),
            )


def _fingerprint(shown: dict[str, list[str]]) -> int:
    """Return a number that changes with the settings: an editor keeps its edits under its key."""
    return hash(json.dumps(shown))


def _typed(value: float | None) -> str:
    return "" if value is None else json.dumps(value)


def _apply(current: Session, edited: Any) -> None:
    """Apply what was typed into the table, and rerun if anything has changed."""
    changed = False
    for at, column in enumerate(current.tuning_page.columns):
        typed = dict(zip(_NUMBERS, edited[LETTERS[at]], strict=True))
        values: dict[str, Any] = {}
        refused: list[str] = []
        for name, text in typed.items():
            try:
                values[name] = read_parameter(name, text.strip()) if text and text.strip() else None
            except InvalidRequestError as error:
                refused.append(f"{name}: {error.faults[0].message}")
                values[name] = getattr(column.parameters, name)
        new = Parameters(**{**column.parameters.model_dump(), **values})
        if new != column.parameters:
            column.parameters, changed = new, True
        column.refused = tuple(refused)
    if changed:
        st.rerun()


def _follow(was_running: bool) -> None:  # noqa: FBT001 - a fragment's argument
    current = session()
    columns = current.tuning_page.columns
    if not any(column.reply for column in columns):
        return
    ended = not _is_running(current)
    first = columns[0].reply.snapshot() if columns[0].reply else None
    for at, (area, column) in enumerate(zip(st.columns(len(columns)), columns, strict=True)):
        if column.reply is None:
            continue
        with area, st.container(border=True, key=f"answer-compare-{at}"):
            _draw_answer(at, column.reply, first if ended and at else None)
            if ended:
                st.button(
                    "Use these settings",
                    icon=":material/tune:",
                    key=f"compare-use-{at}",
                    on_click=_use,
                    args=(current, at),
                )
    if ended:
        _draw_requests(columns)
    if ended and was_running:
        st.rerun()


def _draw_answer(at: int, reply: Reply, first: Snapshot | None) -> None:
    snapshot, backend = reply.snapshot(), reply.client.backend
    st.markdown(f"**{LETTERS[at]}** :gray[{escaped(backend.label)}]")
    if snapshot.error:
        cause, remedy = explain(snapshot.error, backend)
        st.markdown(f":red[:material/error:] {cause} {remedy}")
    if first is not None and first.text and snapshot.text:
        draw_text_diff(first.text, snapshot.text)
    elif snapshot.text:
        st.markdown(as_markdown(snapshot.text, finished=snapshot.finish is not None))
    elif snapshot.finish is None:
        st.caption("Waiting for the first word …")
    st.caption(_figures(snapshot))


def _figures(snapshot: Snapshot) -> str:
    if snapshot.finish is None:
        return "in progress"
    facts = []
    if snapshot.first_text is not None:
        facts.append(f"first token {duration(snapshot.first_text)}")
    facts.append(duration(snapshot.seconds))
    if snapshot.usage:
        facts.append(f"{snapshot.usage.completion_tokens} tokens")
    return " · ".join([*facts, snapshot.finish.replace("_", " ")])


def _draw_requests(columns: list[Column]) -> None:
    bodies = [column.reply.request.body() for column in columns if column.reply]
    with st.expander("How the requests differ", icon=":material/difference:"):
        for at, body in enumerate(bodies[1:], start=1):
            changes = request_difference(bodies[0], body)
            st.markdown(f"**{LETTERS[0]} → {LETTERS[at]}**")
            if not changes:
                st.caption("They are identical.")
                continue
            rows = [
                {"where": each.path, LETTERS[0]: _json(each.before), LETTERS[at]: _json(each.after)}
                for each in changes
            ]
            st.dataframe(rows, hide_index=True, placeholder="")


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _ask(current: Session) -> None:
    question, earlier = current_question(current)
    if question is None:
        return
    made: list[tuple[Column, Request]] = []
    settings = current.settings
    for at, column in enumerate(current.tuning_page.columns):
        try:
            backend = current_backend(current, column.backend_name)
            current.settings = replace(settings, parameters=column.parameters)
            request = request_for(current, question, earlier, backend)
        except InvalidRequestError as error:
            current.notice(f"{LETTERS[at]}: {explain_missing(current, error, column.backend_name)}")
            return
        finally:
            current.settings = settings
        made.append((column, request))
    for column, request in made:
        client = current.client(current_backend(current, column.backend_name))
        column.reply = Reply(client, request)
        column.reply.start()


def _stop(current: Session) -> None:
    for column in current.tuning_page.columns:
        if column.reply:
            column.reply.stop()


def _set_backend(current: Session, at: int) -> None:
    current.tuning_page.columns[at].backend_name = widget(f"compare-backend-{at}", "builtin")


def _preset(current: Session, at: int) -> None:
    chosen = widget(f"compare-preset-{at}", "")
    column = current.tuning_page.columns[at]
    if preset := all_presets(current).get(chosen):
        column.parameters = apply_preset(column.parameters, preset)
    elif chosen:
        column.parameters = with_streaming(current.settings.parameters)


def _add(current: Session) -> None:
    last = current.tuning_page.columns[-1]
    current.tuning_page.columns.append(Column(last.backend_name, last.parameters))


def _remove_last(current: Session) -> None:
    del current.tuning_page.columns[-1]


def _use(current: Session, at: int) -> None:
    column = current.tuning_page.columns[at]
    current.refused.clear()
    current.change_parameters(**column.parameters.model_dump())
    current.backend_name = column.backend_name
    current.notice("These settings are now in use, in the playground too.")
    st.rerun()
