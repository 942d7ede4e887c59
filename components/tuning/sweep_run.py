"""A running or finished sweep: its figures, plots, and answers side by side."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from conversations import Conversation, Run, StoreError, SweepPlan, read_schema
from experiments import Outcome, export_rows, figures_of
from schemas import of_one_kind

from ..runs.run_progress import draw_run, is_active
from ..session import Session
from ..shell.formatting import counted
from ..shell.links import show_conversation
from ..shell.page_setup import PAGES
from ..text.markdown_inline import escaped
from ..text.text_diff import draw_text_diff
from .plots import draw_bars, draw_boxes, draw_heat_map

FIGURES = {
    "words": "Words",
    "distinct_1": "Distinct words (distinct-1)",
    "distinct_2": "Distinct pairs (distinct-2)",
    "repetition": "Repetition",
    "similarity": "Similarity of samples",
    "equal": "Identical samples",
    "schema_valid": "Follows the schema",
    "first_text": "Seconds to first text",
    "seconds": "Seconds",
    "tokens_per_second": "Tokens per second",
    "cost": "Dollars",
}
"""Labels of the figures that can be plotted, by name in `Figures`."""

ANSWER_FIGURES = {
    "words": "Words",
    "characters": "Characters",
    "seconds": "Seconds",
    "first_text": "Seconds to first text",
    "tokens_per_second": "Tokens per second",
    "repetition": "Repetition",
}
"""Labels of the figures that single answers have."""

_MOST_LIVE = 300
"""Most cells whose texts are drawn during the sweep: every change sends them all again."""

_MOST_MEASURED = 4000
"""Groups of answers whose figures are cached."""

_MOST_BESIDE = 4
_TEXT_WIDTH = 520


def draw_sweep_run(current: Session, run: Run[SweepPlan]) -> None:
    """Draw the page of a sweep."""
    plan = run.plan
    st.button(
        "All sweeps",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_leave,
        args=(current,),
    )
    st.markdown(f"**{escaped(plan.asked or 'Pictures')}**")
    counts = [(axis.parameter, len(axis.values)) for axis in plan.sweep.axes]
    axes = [f"{name}: {counted(n, 'value')}" for name, n in counts]
    samples = "1 sample" if plan.sweep.samples == 1 else f"{plan.sweep.samples} samples"
    st.caption(" · ".join([*axes, samples, escaped(plan.maker.label)]))
    if plan.look:
        st.info(escaped(plan.look), icon=":material/school:")
    files = {"csv": sweep_csv, "json": sweep_json, "md": sweep_markdown}
    draw_run(current, run, _draw_findings, files, "sweep")


def sweep_csv(run: Run[SweepPlan]) -> str:
    """Write all answers with their settings and figures as CSV."""
    return export_rows(answer_rows(run), "csv")


def sweep_json(run: Run[SweepPlan]) -> str:
    """Write all answers with their settings and figures as JSON."""
    return export_rows(answer_rows(run), "json")


def sweep_markdown(run: Run[SweepPlan]) -> str:
    """Write the figures of each combination as a Markdown table."""
    return export_rows(figure_rows(run), "markdown")


def answer_rows(run: Run[SweepPlan]) -> list[dict[str, Any]]:
    """Return a row for each cell: its settings, state, text and figures."""
    return [_answer_row(run, key) for key in run.keys]


def figure_rows(run: Run[SweepPlan]) -> list[dict[str, Any]]:
    """Return a row for each combination of values, without columns that are empty throughout."""
    names = [axis.parameter for axis in run.plan.sweep.axes]
    rows = [
        dict(zip(names, values, strict=True)) | _figures(run, [cell.key for cell in cells])
        for values, cells in groupby(run.plan.sweep.cells(), key=lambda cell: cell.values)
    ]
    known = {name for row in rows for name, value in row.items() if value is not None}
    return [{name: row[name] for name in row if name in known} for row in rows]


def _figures(run: Run[SweepPlan], keys: Sequence[str]) -> dict[str, Any]:
    """Return the figures of the given answers that have ended."""
    outcomes = [run.outcome(key) for key in keys]
    ended = [each for each in outcomes if each.state in {"done", "failed"}]
    marks = repr([(each.key, each.state, each.seconds, each.attempts) for each in ended])
    return _measured(run.id, marks, ended, _schema(run))


@st.cache_data(max_entries=_MOST_MEASURED, show_spinner=False)
def _measured(run_id: str, marks: str, _ended: Sequence[Outcome], _schema: Any) -> dict[str, Any]:
    """Measure answers, cached: a run is drawn every second, with few new answers each time.

    The cache key is the run and the marks of its answers; the answers themselves are not hashed.
    """
    del run_id, marks
    return figures_of(_ended, _schema).row()


def _schema(run: Run[SweepPlan]) -> Any:
    settings = run.plan.settings
    return read_schema(settings.schema).value if settings.guided else None


def _answer_row(run: Run[SweepPlan], key: str) -> dict[str, Any]:
    cell, found = run.plan.cell(key), run.outcome(key)
    names = [axis.parameter for axis in run.plan.sweep.axes]
    row: dict[str, Any] = dict(zip(names, cell.values, strict=True))
    row |= {"sample": cell.sample, "state": found.state, "text": found.text}
    if found.state == "done":
        figures = _figures(run, [key])
        row |= {name: figures[name] for name in (*ANSWER_FIGURES, "cost")}
        row["finish"] = found.finish
    elif found.error:
        row["trouble"] = found.error.message
    return row


def _draw_findings(current: Session, run: Run[SweepPlan]) -> None:
    _draw_figures(run)
    live = is_active(current.conversations.runs.batch(run.id))
    if live and len(run.keys) > _MOST_LIVE:
        st.caption("Answers appear when the sweep has finished or stopped.")
        return
    _draw_plots(run)
    _draw_answers(current, run)


def _draw_figures(run: Run[SweepPlan]) -> None:
    counted = {"failed", "unfinished", "empty", "cut"}
    rows = figure_rows(run)
    dull = {name for name in counted if not any(row.get(name) for row in rows)}
    shown = [{n: _short(v) for n, v in row.items() if n not in dull} for row in rows]
    st.dataframe(
        of_one_kind(shown),
        hide_index=True,
        key="sweep-figures",
        placeholder="",
    )


def _draw_plots(run: Run[SweepPlan]) -> None:
    axes = [axis.parameter for axis in run.plan.sweep.axes]
    rows = answer_rows(run)
    if not axes or not any(row["state"] == "done" for row in rows):
        return
    whole = figure_rows(run)
    has = [name for name in FIGURES if any(row.get(name) is not None for row in whole)]
    left, right = st.columns(2, gap="large")
    with left:
        figure = st.selectbox(
            "Figure", has, format_func=FIGURES.__getitem__, key="sweep-figure", width=280
        )
        if figure and len(axes) > 1:
            draw_heat_map(whole, axes[0], axes[1], figure, FIGURES[figure])
        elif figure:
            draw_bars(whole, axes[0], figure, FIGURES[figure])
    with right:
        spread = st.selectbox(
            "Spread of individual answers",
            list(ANSWER_FIGURES),
            format_func=ANSWER_FIGURES.__getitem__,
            key="sweep-spread",
            width=280,
        )
        if spread:
            second = axes[1] if len(axes) > 1 else ""
            draw_boxes(rows, axes[0], spread, ANSWER_FIGURES[spread], second)


def _draw_answers(current: Session, run: Run[SweepPlan]) -> None:
    rows = [
        {n: _short(v) for n, v in row.items() if n not in {*ANSWER_FIGURES, "cost", "finish"}}
        for row in answer_rows(run)
    ]
    chosen = st.dataframe(
        of_one_kind(rows),
        hide_index=True,
        key="sweep-answers",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={"text": st.column_config.TextColumn("answer", width=_TEXT_WIDTH)},
        placeholder="",
    )
    keys = run.keys
    selected = [keys[at] for at in chosen.selection.rows if at < len(keys)][:_MOST_BESIDE]
    if not selected:
        st.caption("Select rows to read the answers, up to four side by side.")
        return
    _draw_beside(current, run, selected)


def _draw_beside(current: Session, run: Run[SweepPlan], keys: Sequence[str]) -> None:
    first = run.outcome(keys[0]).text
    for column, key in zip(st.columns(len(keys)), keys, strict=True):
        found = run.outcome(key)
        with column, st.container(border=True):
            st.caption(escaped(key.replace(",", " · ").replace("=", " ")))
            if found.error:
                st.markdown(f":red[:material/error:] {escaped(found.error.message)}")
            if key == keys[0]:
                st.text(found.text or "(empty)")
            else:
                draw_text_diff(first, found.text)
            with st.container(horizontal=True, gap="small"):
                st.button(
                    "Use these settings",
                    icon=":material/tune:",
                    key=f"use-{key}",
                    on_click=_use,
                    args=(current, run, key),
                )
                if found.state in {"done", "failed"}:
                    st.button(
                        "Open as a chat",
                        icon=":material/forum:",
                        key=f"chat-{key}",
                        on_click=_open_chat,
                        args=(current, run, key),
                    )


def _short(value: Any) -> Any:
    return float(f"{value:.3g}") if isinstance(value, float) else value


def _leave(current: Session) -> None:
    current.tuning_page.run = ""


def _use(current: Session, run: Run[SweepPlan], key: str) -> None:
    current.refused.clear()
    values = run.plan.settings_of(key).parameters.model_dump()
    current.change_parameters(**values)
    current.notice("These settings are now in use, in the playground too.")
    st.rerun()


def _open_chat(current: Session, run: Run[SweepPlan], key: str) -> None:
    try:
        kept = current.conversations.keep(_conversation(current, run, key))
    except StoreError as error:
        current.notice(f"{error} The chat was not created.")
        return
    show_conversation(current, kept)
    st.switch_page(PAGES / "playground.py")


def _conversation(current: Session, run: Run[SweepPlan], key: str) -> Conversation:
    """Return the cell as a chat, after the earlier turns if they still exist."""
    plan = run.plan
    before = current.conversations.open(plan.chat, current.owner) if plan.chat else None
    return run.conversation(key, before.path_to(plan.leaf) if before else ())
