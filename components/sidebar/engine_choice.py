"""Local engines: the choice of an engine and its model, and how to get one."""

import platform

import streamlit as st

from backends import (
    ENGINES,
    SUGGESTED_MODEL,
    Download,
    EngineModel,
    FoundEngine,
    LocalEngine,
    engine_at,
    steps_to_gemma,
)
from workers_ai import InvalidRequestError, WorkersAIError

from ..chat.failure_card import explain
from ..session import Session, index_of, set_widget, widget
from ..text.markdown_inline import escaped
from .engine_discovery import clear_engine_cache, engine_address_rule, local_engines

OTHER_ADDRESS = ""
"""The option to type an address."""

_WINDOWS = (None, 8_192, 16_384, 32_768, 65_536, 131_072)
_EVERY = 1.0


def engine_backend(session: Session) -> LocalEngine:
    """Return the chosen engine and model.

    Raises `InvalidRequestError` if one of them is missing.
    """
    engine, rule = session.engine, engine_address_rule(session.configured)
    model = _chosen_model(session)
    key = api_key_to_send(session) or None
    if engine.found and model:
        return LocalEngine.of(engine.found, model, api_key=key, num_ctx=engine.num_ctx, rule=rule)
    return LocalEngine(engine.base_url, engine.model, key, num_ctx=engine.num_ctx, rule=rule)


def api_key_to_send(session: Session) -> str:
    """Return the key to send: the typed one, or the operator's for the operator's own engine."""
    engine, configured = session.engine, session.configured
    if engine.api_key:
        return engine.api_key
    return configured.local_api_key if engine.base_url == configured.local_url else ""


def choose_engine(session: Session, found: FoundEngine) -> None:
    """Choose an engine. If it lacks the chosen model, choose the configured or the first one."""
    engine = session.engine
    engine.found, engine.base_url = found, found.base_url
    names = [model.id for model in found.models]
    wanted = session.configured.local_model
    if engine.model not in names and names:
        engine.model = wanted if wanted in names else names[0]


def choose_first_engine(session: Session) -> None:
    """Choose the configured engine or the first one found, if none has been chosen yet."""
    engine = session.engine
    if engine.found or engine.searched:
        return
    engine.searched = True
    if engine.base_url:
        _connect(session)
    elif here := local_engines(session.configured):
        choose_engine(session, here[0])


def draw_engine(session: Session) -> None:
    """Draw the choice of engine, for the sidebar."""
    choose_first_engine(session)
    engine = session.engine
    here = local_engines(session.configured)
    _draw_engines(session, here)
    if engine.entered_by_hand or not here:
        _draw_address(session)
    if engine.found:
        _draw_models(session, engine.found)
    elif not here:
        _draw_install_steps()
    st.button(
        "Search again",
        icon=":material/search:",
        type="tertiary",
        help="Looks for Ollama, llama-server, vLLM and LM Studio on their usual ports.",
        on_click=_look,
        args=(session,),
    )


def _draw_engines(session: Session, here: tuple[FoundEngine, ...]) -> None:
    if not here:
        return
    names = {found.base_url: _name(found) for found in here}
    engine = session.engine
    st.selectbox(
        "Engine",
        [*names, OTHER_ADDRESS],
        format_func=lambda url: names.get(url, "Another address"),
        index=index_of(
            set_widget("engine", OTHER_ADDRESS if engine.entered_by_hand else engine.base_url),
            [*names, OTHER_ADDRESS],
        ),
        key="engine",
        on_change=_choose,
        args=(session,),
    )


def _draw_address(session: Session) -> None:
    engine = session.engine
    st.text_input(
        "Address",
        value=set_widget("engine_url", engine.base_url),
        key="engine_url",
        placeholder="http://127.0.0.1:11434",
        help="Ollama, llama-server, vLLM, LM Studio, or any server with an OpenAI-compatible API.",
        on_change=_type_address,
        args=(session,),
    )
    if engine.api_key:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/key: API key kept for this session")
            st.button(
                "Forget", key="forget-key", type="tertiary", on_click=_forget, args=(session,)
            )
    else:
        st.text_input(
            "API key (optional)",
            type="password",
            key="engine_key",
            autocomplete="off",
            help="Kept in the server's memory for this session only.",
            on_change=_take_key,
            args=(session,),
        )
    if engine.problem:
        st.caption(f":red[:material/error: {escaped(engine.problem)}]")


def _draw_models(session: Session, found: FoundEngine) -> None:
    engine = session.engine
    known = {model.id: model for model in found.models}
    if known:
        st.selectbox(
            "Model",
            list(dict.fromkeys([*known, engine.model])),
            index=index_of(
                set_widget("engine_model", engine.model),
                list(dict.fromkeys([*known, engine.model])),
            ),
            key="engine_model",
            format_func=lambda name: described_model(known.get(name), name),
            accept_new_options=True,
            on_change=_choose_model,
            args=(session,),
        )
    else:
        st.caption(f"{ENGINES[found.kind].label} is running, but has no models yet.")
    if found.kind == "ollama":
        st.selectbox(
            "Context window",
            _WINDOWS,
            index=index_of(set_widget("num_ctx", engine.num_ctx), _WINDOWS),
            key="num_ctx",
            format_func=lambda size: f"{size:,} tokens" if size else "Ollama's default",
            help="Ollama's default is small. A larger window takes more memory.",
            on_change=_set_window,
            args=(session,),
        )
        if not any(model.is_gemma3 for model in found.models):
            _draw_download(session, found)


def _draw_install_steps() -> None:
    system = platform.system()
    st.caption("No engine found on this machine. To get Gemma 3, run:")
    st.code("\n".join(steps_to_gemma(system)), language="bash", wrap_lines=True)


def _draw_download(session: Session, found: FoundEngine) -> None:
    st.fragment(_follow_download, key="download", run_every=_every(found))(session, found)


def _follow_download(session: Session, found: FoundEngine) -> None:
    download = downloads().get((found.base_url, SUGGESTED_MODEL))
    if download is None or not download.running:
        if download and download.progress.done:
            _look(session)
            st.rerun()
        if download and download.error:
            st.caption(f":red[:material/error: {escaped(download.error.message)}]")
        st.button(
            f"Download {SUGGESTED_MODEL} (3.3 GB)",
            icon=":material/download:",
            on_click=_download,
            args=(session, found),
        )
        return
    progress = download.progress
    st.progress(progress.fraction, f"{escaped(progress.status)} · {progress.fraction:.0%}")
    st.button("Cancel", icon=":material/close:", key="cancel-download", on_click=download.stop)


def _every(found: FoundEngine) -> float | None:
    download = downloads().get((found.base_url, SUGGESTED_MODEL))
    return _EVERY if download and download.running else None


@st.cache_resource(show_spinner=False)
def downloads() -> dict[tuple[str, str], Download]:
    """Return the downloads of this process, which all tabs share."""
    return {}


def _download(session: Session, found: FoundEngine) -> None:
    key = api_key_to_send(session) or None
    download = Download(
        found.base_url, SUGGESTED_MODEL, api_key=key, rule=engine_address_rule(session.configured)
    )
    downloads()[found.base_url, SUGGESTED_MODEL] = download.start()
    st.rerun()


def _chosen_model(session: Session) -> EngineModel | None:
    found = session.engine.found
    models = found.models if found else ()
    known = next((model for model in models if model.id == session.engine.model), None)
    return known or (EngineModel(session.engine.model) if session.engine.model else None)


def _name(found: FoundEngine) -> str:
    return f"{ENGINES[found.kind].label} · {found.base_url.partition('://')[2]}"


def described_model(model: EngineModel | None, name: str) -> str:
    """Return a model's name with what is known about it."""
    facts = [name]
    if model and model.sees_images:
        facts.append("sees images")
    if model and model.takes_tools:
        facts.append("tools")
    if model and model.context_window:
        facts.append(f"{model.context_window:,} tokens")
    return " · ".join(facts)


def _choose(session: Session) -> None:
    engine = session.engine
    url = widget("engine", OTHER_ADDRESS)
    engine.entered_by_hand, engine.problem = url == OTHER_ADDRESS, ""
    for found in local_engines(session.configured):
        if found.base_url == url:
            choose_engine(session, found)


def _type_address(session: Session) -> None:
    engine = session.engine
    engine.base_url = (widget("engine_url", "") or "").strip()
    engine.entered_by_hand, engine.found, engine.problem = True, None, ""
    if engine.base_url:
        _connect(session)


def _take_key(session: Session) -> None:
    session.engine.api_key = (widget("engine_key", "") or "").strip()
    set_widget("engine_key", "")
    if session.engine.base_url:
        _connect(session)


def _forget(session: Session) -> None:
    session.engine.api_key = ""
    session.clients.clear()


def _choose_model(session: Session) -> None:
    session.engine.model = (widget("engine_model", "") or "").strip()


def _set_window(session: Session) -> None:
    session.engine.num_ctx = widget("num_ctx", None)


def _look(session: Session) -> None:
    clear_engine_cache()
    session.engine.searched = False
    if not session.engine.entered_by_hand:
        session.engine.found = None
        session.engine.base_url = session.configured.local_url
    choose_first_engine(session)


def _connect(session: Session) -> None:
    engine = session.engine
    engine.problem = ""
    try:
        found = engine_at(
            engine.base_url,
            api_key_to_send(session) or None,
            rule=engine_address_rule(session.configured),
        )
    except InvalidRequestError as error:
        engine.problem = str(error)
    except WorkersAIError as error:
        cause, _ = explain(error, _UnknownEngine(engine.base_url))
        engine.problem = f"{cause} {error.message}"
    else:
        choose_engine(session, found)


class _UnknownEngine:
    """An engine that has not answered yet."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.model = ""
