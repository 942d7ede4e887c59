"""The form for a sweep: parameters and their values, samples, and the expected cost."""

import streamlit as st

from conversations import Maker, Question, Run, RunSummary, StoreError, SweepPlan
from experiments import MOST_AXES, MOST_SAMPLES, SWEPT_PARAMETERS, Sweep, forecast
from workers_ai import PARAMETERS, InvalidRequestError

from ..chat.prompt_editor import all_pictures, current_question, draw_prompt
from ..chat.send_message import request_for
from ..current_backend import current_backend, explain_missing
from ..page_states import AxisDraft
from ..runs.run_controls import draw_earlier_runs, draw_pace
from ..session import Session, index_of, set_widget, widget
from ..shell.formatting import counted
from ..text.markdown_inline import escaped
from .sweep_drafts import sweep_of
from .sweep_run import draw_sweep_run

SEEDS = {"unset": "not sent", "fixed": "the same for all", "per sample": "one per sample"}
_LONGEST_NAME = 60


def draw_sweeps(session: Session) -> None:
    """Draw the open sweep, or else the form for a new one and the earlier sweeps."""
    page = session.tuning_page
    try:
        run = session.conversations.runs.find(page.run, session.owner) if page.run else None
        if run is not None and isinstance(run.plan, SweepPlan):
            draw_sweep_run(session, run)
            return
        if page.run:
            session.notice("The linked sweep was not found.")
            page.run = ""
        _draw_new(session)
        draw_earlier_runs(session, page, "sweep", "Earlier sweeps", _named)
    except StoreError as error:
        st.warning(f"{error} Sweeps cannot be shown.", icon=":material/cloud_off:")


def start_sweep(
    session: Session, sweep: Sweep, question: Question | None = None, *, look: str = ""
) -> None:
    """Start a sweep of a question, or of the one on the page; `look` is a hint shown with it."""
    own, earlier = current_question(session)
    if question is None:
        question = own
    else:
        earlier = ()
    if question is None:
        session.notice("There is nothing to ask yet.")
        return
    try:
        backend = current_backend(session)
        request = request_for(session, question, earlier, backend)
    except InvalidRequestError as error:
        session.notice(explain_missing(session, error))
        return
    page, chat = session.tuning_page, session.conversation
    pictures = all_pictures(question, earlier)
    plan = SweepPlan.of(
        sweep,
        request,
        question,
        pictures,
        maker=Maker.of(backend),
        settings=session.settings,
        chat=chat.id if earlier else "",
        leaf=(question.parent or "") if earlier else "",
        concurrency=page.concurrency,
        per_minute=page.per_minute,
        look=look,
    )
    run = Run(plan, session.owner, pictures)
    try:
        session.conversations.runs.begin(run, session.client(backend))
    except StoreError as error:
        session.notice(f"{error} Nothing was started.")
        return
    page.run, page.view = run.id, "sweep"


def _draw_new(session: Session) -> None:
    st.caption(
        "Ask the same question with many settings, and see the effects in figures and plots. "
        "Parameters that are not varied here keep their values from the sidebar."
    )
    question, settings = st.columns(2, gap="large")
    with question:
        st.markdown("**What to ask**")
        draw_prompt(session)
    with settings:
        st.markdown("**What to vary**")
        sweep = _draw_axes(session)
        _draw_samples(session)
        draw_pace(session.tuning_page, key="sweep")
        _draw_begin(session, sweep)


def _draw_axes(session: Session) -> Sweep | None:
    draft = session.tuning_page.sweep
    sweep, faults = sweep_of(draft)
    for at, axis in enumerate(draft.axes):
        with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                f"Parameter {at + 1}",
                SWEPT_PARAMETERS,
                index=index_of(set_widget(f"axis-{at}", axis.parameter), SWEPT_PARAMETERS),
                key=f"axis-{at}",
                width=190,
                on_change=_set_axis,
                args=(session, at),
            )
            st.text_input(
                "Values",
                value=set_widget(f"values-{at}", axis.values),
                key=f"values-{at}",
                help=f"A list, such as `0, 0.6, 1`, or a range, such as `0..1 step 0.25`. "
                f"Accepted: {PARAMETERS[axis.parameter].accepted}.",
                on_change=_set_axis,
                args=(session, at),
            )
            st.button(
                "Remove",
                icon=":material/close:",
                type="tertiary",
                key=f"menu-axis-{at}",
                on_click=_remove_axis,
                args=(session, at),
            )
        if at in faults:
            st.caption(f":red[:material/error: {escaped(faults[at])}]")
    if len(draft.axes) < MOST_AXES:
        st.button(
            "Add a parameter",
            icon=":material/add:",
            type="tertiary",
            on_click=_add_axis,
            args=(session,),
        )
    if -1 in faults:
        st.caption(f":red[:material/error: {escaped(faults[-1])}]")
    return sweep


def _draw_samples(session: Session) -> None:
    draft = session.tuning_page.sweep
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        st.number_input(
            "Samples",
            1,
            MOST_SAMPLES,
            value=set_widget("samples", draft.samples),
            key="samples",
            help="How many times each combination is asked.",
            on_change=_set_samples,
            args=(session,),
        )
    with middle:
        st.selectbox(
            "Seed",
            list(SEEDS),
            format_func=SEEDS.__getitem__,
            index=index_of(set_widget("seeds", draft.seeds), list(SEEDS)),
            key="seeds",
            on_change=_set_samples,
            args=(session,),
        )
    if draft.seeds == "unset":
        return
    with right:
        st.number_input(
            "First seed",
            1,
            9_999_999_999,
            value=set_widget("first_seed", draft.first_seed),
            key="first_seed",
            on_change=_set_samples,
            args=(session,),
        )


def _draw_begin(session: Session, sweep: Sweep | None) -> None:
    question, earlier = current_question(session)
    if sweep and question:
        try:
            backend = current_backend(session)
            request = request_for(session, question, earlier, backend)
        except (InvalidRequestError, StoreError) as error:
            st.caption(escaped(str(error)))
        else:
            seen = forecast(sweep, request, concurrency=session.tuning_page.concurrency)
            amount = (
                f"{counted(seen.calls, 'request')}, about {seen.input_tokens:,} input tokens and "
                f"at most {seen.output_tokens:,} output tokens"
            )
            paid = session.backend_name == "cloudflare"
            st.caption(amount + (f"; at most \\${seen.cost:,.2f}." if paid else "."))
    st.button(
        f"Start {counted(sweep.count, 'request')}" if sweep else "Start",
        icon=":material/play_arrow:",
        key="sweep-begin",
        disabled=not (sweep and question),
        on_click=_begin,
        args=(session,),
    )


def _named(summary: RunSummary[SweepPlan]) -> str:
    text = summary.plan.asked or "pictures"
    title = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
    names = ", ".join(f"`{axis.parameter}`" for axis in summary.plan.sweep.axes)
    return f"{names} · {escaped(title)}" if names else escaped(title)


def _set_axis(session: Session, at: int) -> None:
    draft = session.tuning_page.sweep
    draft.axes[at] = AxisDraft(widget(f"axis-{at}", ""), widget(f"values-{at}", "") or "")


def _remove_axis(session: Session, at: int) -> None:
    del session.tuning_page.sweep.axes[at]


def _add_axis(session: Session) -> None:
    axes = session.tuning_page.sweep.axes
    used = {axis.parameter for axis in axes}
    axes.append(AxisDraft(next(name for name in _FIRST if name not in used), ""))


_FIRST = ("temperature", "top_p", "top_k", "repetition_penalty")


def _set_samples(session: Session) -> None:
    draft = session.tuning_page.sweep
    draft.samples = int(widget("samples", draft.samples))
    draft.seeds = widget("seeds", draft.seeds)
    draft.first_seed = int(widget("first_seed", draft.first_seed))


def _begin(session: Session) -> None:
    sweep, _ = sweep_of(session.tuning_page.sweep)
    if sweep:
        start_sweep(session, sweep)
