"""The checks of what a backend can do: a few small calls, kept while the app runs."""

import streamlit as st

from experiments import CHECKS, BackendCheck, CheckResult
from workers_ai import Backend, InvalidRequestError

from ..current_backend import current_backend, explain_missing
from ..session import Session, session
from ..text.markdown_inline import escaped

REFRESH_SECONDS = 0.7
"""Seconds between updates while checks are running."""

_ICONS = {
    "works": ":green[:material/check_circle:]",
    "partly": ":orange[:material/error:]",
    "does not": ":red[:material/cancel:]",
    "not tried": ":gray[:material/remove:]",
}


def draw_backend_check(current: Session) -> None:
    """Draw the checks of the chosen backend, collapsed."""
    try:
        backend = current_backend(current)
    except InvalidRequestError:
        return
    # Drawn only when opened: each element in the sidebar costs time at every send.
    expander = st.expander(
        "What works here", icon=":material/fact_check:", key="backend-check", on_change="rerun"
    )
    if not expander.open:
        return
    with expander:
        check = checks().get(_key(current, backend))
        every = REFRESH_SECONDS if check and check.running else None
        st.fragment(_follow, key="check", run_every=every)(every is not None)


@st.cache_resource(show_spinner=False)
def checks() -> dict[tuple[str, ...], BackendCheck]:
    """Return the checks of this process, by owner and backend."""
    return {}


def _key(current: Session, backend: Backend) -> tuple[str, ...]:
    return current.owner, backend.label, backend.base_url, backend.model


def _follow(was_running: bool) -> None:  # noqa: FBT001 - a fragment's argument
    current = session()
    try:
        backend = current_backend(current)
    except InvalidRequestError as error:
        st.caption(explain_missing(current, error))
        return
    check = checks().get(_key(current, backend))
    running = check is not None and check.running
    for result in check.results if check else ():
        _draw_result(result)
    if check and running:
        st.caption(f"{len(check.results)} of {len(CHECKS)} checked")
        st.button("Stop", icon=":material/stop_circle:", key="check-stop", on_click=check.stop)
    else:
        st.button(
            "Check again" if check else "Check this backend",
            icon=":material/fact_check:",
            key="check-begin",
            help="Eight checks, ten calls: plain, streamed, with a picture, a tool, a schema, a "
            "seed, a system prompt, and raw.",
            on_click=_begin,
            args=(current,),
        )
    if running != was_running:
        # Only a full run can start or stop the browser's timer.
        st.rerun()


def _draw_result(result: CheckResult) -> None:
    st.markdown(
        f"{_ICONS[result.verdict]} **{result.title}**  \n:small[{escaped(result.sentence)}]"
    )


def _begin(current: Session) -> None:
    try:
        backend = current_backend(current)
    except InvalidRequestError as error:
        current.notice(explain_missing(current, error))
        return
    checks()[_key(current, backend)] = BackendCheck(current.client(backend)).start()
