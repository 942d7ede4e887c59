"""The choice of backend, and the settings that it needs."""

from dataclasses import replace

import streamlit as st

from backends import read_models
from workers_ai import InvalidRequestError, WorkersAIError, model_card

from ..chat.failure_card import explain
from ..current_backend import api_token_to_send, current_backend, explain_missing
from ..session import READABLE_PACE, Session, index_of, set_widget, set_widget_once, widget
from .engine_choice import choose_first_engine, described_model, draw_engine

BACKEND_LABELS = {"builtin": "Built-in", "cloudflare": "Workers AI", "local": "Local"}

PACES: dict[str, float | None] = {
    "Slow": 15.0,
    "Readable": READABLE_PACE,
    "Fast": 200.0,
    "Unpaced": None,
}


def draw_backend(session: Session) -> None:
    """Draw the choice of backend and its settings, for the sidebar."""
    if session.backend_name not in BACKEND_LABELS:
        session.notice(f"Unknown backend “{session.backend_name}”; using Built-in instead.")
        session.backend_name = "builtin"
    st.segmented_control(
        "Backend",
        list(BACKEND_LABELS),
        format_func=BACKEND_LABELS.__getitem__,
        default=set_widget("backend", session.backend_name),
        key="backend",
        required=True,
        width="stretch",
        on_change=_choose,
        args=(session,),
    )
    st.markdown(_status(session))
    if session.backend_name == "builtin":
        _draw_built_in(session)
    elif session.backend_name == "local":
        draw_engine(session)
    else:
        _draw_cloudflare(session)


def _status(session: Session) -> str:
    if session.backend_name == "local":
        choose_first_engine(session)
    try:
        backend = current_backend(session)
    except InvalidRequestError as error:
        return f":orange[●] Not ready. {explain_missing(session, error)}"
    if session.backend_name == "builtin":
        return f":green[●] Ready · `{backend.model}`"
    if session.backend_name == "local":
        dot = ":green[●] Found" if session.engine.found else ":gray[●] Not checked yet"
        return f"{dot} · {backend.label}"
    if session.connection.models:
        return ":green[●] Connected"
    return ":gray[●] Not checked yet"


def _draw_built_in(session: Session) -> None:
    st.caption("A small offline model, built from this app's guide. It is **not Gemma**.")
    names = {pace: name for name, pace in PACES.items()}
    st.select_slider(
        "Pace",
        list(PACES),
        value=set_widget_once("pace", names.get(session.pace, "Readable")),
        key="pace",
        help="How fast the built-in model writes. Unpaced is as fast as this machine allows.",
        on_change=_set_pace,
        args=(session,),
    )


def _draw_cloudflare(session: Session) -> None:
    connection = session.connection
    _text(session, "Account ID", "account_id", "32 hexadecimal digits, from the dashboard.")
    _draw_token(session)
    if connection.models:
        _draw_models(session)
    else:
        _text(session, "Model", "model", f"For example `{model_card.model}`.")
    with st.expander("Address and gateway"):
        _text(session, "Base URL", "base_url", "The API, or a compatible server.")
        _text(session, "AI Gateway ID", "gateway_id", "Optional: sends calls through this gateway.")
    st.button(
        "Check the connection",
        icon=":material/network_check:",
        width="stretch",
        on_click=_check,
        args=(session,),
        help="Lists the account's models. This is free of charge.",
    )
    if "gemma-3" not in connection.model:
        st.toggle(
            "Think before answering",
            value=set_widget("thinking", session.settings.thinking),
            key="thinking",
            help="Some newer models think before they answer, which uses tokens. When this switch "
            "is off, the request disables thinking in `chat_template_kwargs`.",
            on_change=_set_thinking,
            args=(session,),
        )
    if connection.model == model_card.model:
        st.caption(
            ":material/info: This model was retired on Workers AI on May 30, 2026. Calls to it "
            "fail there; the check lists what your account can use."
        )


def _draw_token(session: Session) -> None:
    if api_token_to_send(session):
        typed = bool(session.connection.api_token)
        with st.container(horizontal=True, vertical_alignment="center"):
            where = "kept for this session" if typed else "from the server's environment"
            st.markdown(f":material/key: API token {where}")
            if typed:
                st.button("Forget", type="tertiary", on_click=_forget, args=(session,))
        return
    st.text_input(
        "API token",
        type="password",
        key="api_token",
        autocomplete="off",
        help="Kept in the server's memory for this session only. It needs the "
        "Workers AI Read and Edit permissions.",
        on_change=_take_token,
        args=(session,),
    )


def _draw_models(session: Session) -> None:
    connection = session.connection
    known = {model.id: model for model in connection.models}
    st.selectbox(
        "Model",
        sorted({*known, connection.model}),
        index=index_of(
            set_widget_once("listed_model", connection.model), sorted({*known, connection.model})
        ),
        key="listed_model",
        format_func=lambda name: described_model(known.get(name), name),
        accept_new_options=True,
        on_change=_set_text,
        args=(session, "listed_model", "model"),
    )


def _text(session: Session, label: str, name: str, explained: str) -> None:
    shown = set_widget_once(name, getattr(session.connection, name))
    st.text_input(
        label,
        value=shown,
        key=name,
        help=explained,
        on_change=_set_text,
        args=(session, name, name),
    )


def _choose(session: Session) -> None:
    session.backend_name = widget("backend", session.backend_name) or session.backend_name


def _set_thinking(session: Session) -> None:
    thinking = widget("thinking", default=True)
    session.settings = replace(session.settings, thinking=thinking)


def _set_pace(session: Session) -> None:
    session.pace = PACES[widget("pace", "Readable")]


def _set_text(session: Session, key: str, name: str) -> None:
    setattr(session.connection, name, (widget(key, "") or "").strip())


def _take_token(session: Session) -> None:
    session.connection.api_token = widget("api_token", "").strip()
    set_widget("api_token", "")


def _forget(session: Session) -> None:
    session.connection.api_token = ""
    session.clients.clear()


def _check(session: Session) -> None:
    try:
        found = session.client(current_backend(session)).models()
    except InvalidRequestError as error:
        session.notice(explain_missing(session, error))
    except WorkersAIError as error:
        cause, remedy = explain(error, current_backend(session))
        session.notice(f"{cause} {remedy}")
    else:
        session.connection.models = read_models(found)
        models = "model" if len(found) == 1 else "models"
        session.notice(f"Connected. The account offers {len(found)} text {models}.")
