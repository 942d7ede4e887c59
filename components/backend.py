"""Who answers: the choice of backend, and what it takes to reach it."""

from dataclasses import replace

import streamlit as st

from workers_ai import (
    ENGINES,
    AddressRule,
    Backend,
    Cloudflare,
    InvalidRequestError,
    ParameterNote,
    WorkersAIError,
    model_card,
    models_in,
)

from .engines import described_model, draw_engine, engine_backend, find_first
from .failures import explain
from .finding import rule_for
from .session import READABLE_PACE, Session, place_of, seed_widget, set_widget, widget

NAMES = {"builtin": "Built-in", "cloudflare": "Workers AI", "local": "Local"}

PACES: dict[str, float | None] = {
    "Slow": 15.0,
    "Readable": READABLE_PACE,
    "Fast": 200.0,
    "Unpaced": None,
}


def draw_backend(session: Session) -> None:
    """Draw the choice of backend and its settings, for the sidebar."""
    if session.backend_name not in NAMES:
        session.notice(f"There is no backend “{session.backend_name}”; Built-in answers instead.")
        session.backend_name = "builtin"
    st.segmented_control(
        "Backend",
        list(NAMES),
        format_func=NAMES.__getitem__,
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


def current_backend(session: Session, name: str | None = None) -> Backend:
    """Return the backend that is set, or the one of another name.

    Raises `InvalidRequestError` when something is missing that it cannot do without.
    """
    name = name or session.backend_name
    if name == "local":
        find_first(session)
        return engine_backend(session)
    if name != "cloudflare":
        return session.built_in
    given = session.connection
    return Cloudflare(
        given.account_id,
        usable_token(session),
        model=given.model,
        base_url=given.base_url,
        gateway_id=given.gateway_id or None,
        rule=_rule(session),
    )


def _rule(session: Session) -> AddressRule | None:
    """Return what keeps an address that a visitor types from leading inside; None needs none."""
    rule = rule_for(session.configured)
    own = session.connection.base_url == session.configured.base_url
    return None if own or rule.allows_any else rule


def parameter_note(session: Session, name: str) -> ParameterNote | None:
    """Return what the chosen engine makes of a parameter, if that is not as documented."""
    if session.backend_name != "local":
        return None
    kind = session.engine.found.kind if session.engine.found else "openai"
    note = ENGINES[kind].parameter_notes.get(name)
    return note if note and note.sentence else None


def context_window(session: Session) -> int:
    """Return the tokens that the chosen model has room for, prompt and answer together."""
    if session.backend_name == "local":
        engine = session.engine
        known = engine.num_ctx or next(
            (
                model.context_window
                for model in (engine.found.models if engine.found else ())
                if model.id == engine.model
            ),
            None,
        )
        return known or model_card.context_window
    return model_card.context_window


def usable_token(session: Session) -> str:
    """Return the token to send: the typed one, or the operator's for the operator's own address.

    The operator's token never goes to an address or an account that a visitor has put in.
    """
    given, configured = session.connection, session.configured
    if given.api_token:
        return given.api_token
    theirs = (configured.base_url, configured.account_id)
    return configured.api_token if (given.base_url, given.account_id) == theirs else ""


def _status(session: Session) -> str:
    if session.backend_name == "local":
        find_first(session)
    try:
        backend = current_backend(session)
    except InvalidRequestError as error:
        return f":orange[●] Not ready. {missing(session, error)}"
    if session.backend_name == "builtin":
        return f":green[●] Ready · `{backend.model}`"
    if session.backend_name == "local":
        dot = ":green[●] Found" if session.engine.found else ":gray[●] Not checked yet"
        return f"{dot} · {backend.label}"
    if session.connection.models:
        return ":green[●] Connected"
    return ":gray[●] Not checked yet"


def _draw_built_in(session: Session) -> None:
    st.caption("A small model that has read this app's guide. Offline. It is **not Gemma**.")
    names = {pace: name for name, pace in PACES.items()}
    st.select_slider(
        "Pace",
        list(PACES),
        value=seed_widget("pace", names.get(session.pace, "Readable")),
        key="pace",
        help="How fast the built-in model writes. Unpaced is as fast as this machine can.",
        on_change=_set_pace,
        args=(session,),
    )


def _draw_cloudflare(session: Session) -> None:
    given = session.connection
    _text(session, "Account id", "account_id", "32 hexadecimal digits, from the dashboard.")
    _draw_token(session)
    if given.models:
        _draw_models(session)
    else:
        _text(session, "Model", "model", f"As `{model_card.model}`.")
    with st.expander("Address and gateway"):
        _text(session, "Base URL", "base_url", "The API, or anything that speaks it.")
        _text(session, "AI Gateway id", "gateway_id", "Optional: calls then go through it.")
    st.button(
        "Check the connection",
        icon=":material/network_check:",
        width="stretch",
        on_click=_check,
        args=(session,),
        help="Asks for the account's models. It costs nothing.",
    )
    if "gemma-3" not in given.model:
        st.toggle(
            "Let it think first",
            value=set_widget("thinking", session.settings.thinking),
            key="thinking",
            help="Some newer models think before they answer, which takes tokens. Switched off, "
            "the request says so in `chat_template_kwargs`.",
            on_change=_set_thinking,
            args=(session,),
        )
    if given.model == model_card.model:
        st.caption(
            ":material/info: This model was retired on Workers AI on 30 May 2026. Calls to it "
            "fail there; the check lists what your account can use."
        )


def _draw_token(session: Session) -> None:
    if usable_token(session):
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
        help="Kept in the server's memory for this session only. It needs the permissions "
        "Workers AI Read and Edit.",
        on_change=_take_token,
        args=(session,),
    )


def _draw_models(session: Session) -> None:
    given = session.connection
    known = {model.id: model for model in given.models}
    st.selectbox(
        "Model",
        sorted({*known, given.model}),
        index=place_of(seed_widget("listed_model", given.model), sorted({*known, given.model})),
        key="listed_model",
        format_func=lambda name: described_model(known.get(name), name),
        accept_new_options=True,
        on_change=_set_text,
        args=(session, "listed_model", "model"),
    )


def _text(session: Session, label: str, name: str, explained: str) -> None:
    shown = seed_widget(name, getattr(session.connection, name))
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
        session.notice(missing(session, error))
    except WorkersAIError as error:
        cause, remedy = explain(error, current_backend(session))
        session.notice(f"{cause} {remedy}")
    else:
        session.connection.models = models_in(found)
        models = "model" if len(found) == 1 else "models"
        session.notice(f"Connected. The account offers {len(found)} text {models}.")


_LABELS = {
    "account_id": "an account id",
    "api_token": "an API token",
    "model": "a model id",
    "base_url": "a base URL",
    "gateway_id": "a gateway id without spaces",
}


def missing(session: Session, error: InvalidRequestError, name: str | None = None) -> str:
    """Say what the backend still needs, or what else keeps a request from being made."""
    if (name or session.backend_name) == "local":
        return _missing_engine(session, error)
    connection = session.connection
    needed = [_LABELS[fault.path] for fault in error.faults if fault.path in _LABELS]
    typed = "https" if connection.base_url.startswith("https") else "http"
    detail = next((fault.message for fault in error.faults if fault.path == "base_url"), "")
    if not needed and not detail:
        return f"Nothing was sent. {error}"
    note = f" Base URL ({typed}): {detail}" if detail else ""
    return f"Workers AI needs {' and '.join(needed)}.{note} Fill it in under Backend."


def _missing_engine(session: Session, error: InvalidRequestError) -> str:
    paths = {fault.path for fault in error.faults}
    if not session.engine.base_url:
        return "No local engine was found. Start one, or type its address, under Backend."
    if paths == {"model"}:
        return "The engine has no model yet. Choose or get one under Backend."
    return f"Nothing was sent. {error}"
