"""Engines on one's own machine: which one, which of its models, and how to get one."""

import platform

import streamlit as st

from workers_ai import (
    ENGINES,
    SUGGESTED,
    Download,
    EngineModel,
    FoundEngine,
    InvalidRequestError,
    LocalEngine,
    WorkersAIError,
    engine_at,
    steps_to_gemma,
)

from .failures import explain
from .finding import engines_here, look_again, rule_for
from .markdown_inline import escaped
from .session import Session, place_of, set_widget, widget

ELSEWHERE = ""
"""The choice of an address that is typed."""

_WINDOWS = (None, 8_192, 16_384, 32_768, 65_536, 131_072)
_EVERY = 1.0


def engine_backend(session: Session) -> LocalEngine:
    """Return the engine and the model that are chosen.

    Raises `InvalidRequestError` where one of them is missing.
    """
    given, rule = session.engine, rule_for(session.configured)
    model = _chosen_model(session)
    key = usable_key(session) or None
    if given.found and model:
        return LocalEngine.of(given.found, model, api_key=key, num_ctx=given.num_ctx, rule=rule)
    return LocalEngine(given.base_url, given.model, key, num_ctx=given.num_ctx, rule=rule)


def usable_key(session: Session) -> str:
    """Return the key to send: the typed one, or the operator's for the operator's own engine."""
    given, configured = session.engine, session.configured
    if given.api_key:
        return given.api_key
    return configured.local_api_key if given.base_url == configured.local_url else ""


def choose_engine(session: Session, found: FoundEngine) -> None:
    """Take an engine, and the model of it that comes first or was asked for."""
    given = session.engine
    given.found, given.base_url = found, found.base_url
    names = [model.id for model in found.models]
    wanted = session.configured.local_model
    if given.model not in names and names:
        given.model = wanted if wanted in names else names[0]


def find_first(session: Session) -> None:
    """Take what is there, where nothing has been chosen yet."""
    given = session.engine
    if given.found or given.tried:
        return
    given.tried = True
    if given.base_url:
        _connect(session)
    elif here := engines_here(session.configured):
        choose_engine(session, here[0])


def draw_engine(session: Session) -> None:
    """Draw the choice for the sidebar."""
    find_first(session)
    given = session.engine
    here = engines_here(session.configured)
    _draw_engines(session, here)
    if given.by_hand or not here:
        _draw_address(session)
    if given.found:
        _draw_models(session, given.found)
    elif not here:
        _draw_getting()
    st.button(
        "Look again",
        icon=":material/search:",
        type="tertiary",
        help="Ollama, llama-server, vLLM and LM Studio are looked for at their usual ports.",
        on_click=_look,
        args=(session,),
    )


def _draw_engines(session: Session, here: tuple[FoundEngine, ...]) -> None:
    if not here:
        return
    names = {found.base_url: _name(found) for found in here}
    given = session.engine
    st.selectbox(
        "Engine",
        [*names, ELSEWHERE],
        format_func=lambda url: names.get(url, "Another address"),
        index=place_of(
            set_widget("engine", ELSEWHERE if given.by_hand else given.base_url),
            [*names, ELSEWHERE],
        ),
        key="engine",
        on_change=_choose,
        args=(session,),
    )


def _draw_address(session: Session) -> None:
    given = session.engine
    st.text_input(
        "Address",
        value=set_widget("engine_url", given.base_url),
        key="engine_url",
        placeholder="http://127.0.0.1:11434",
        help="Of Ollama, llama-server, vLLM, LM Studio, or anything with OpenAI's API.",
        on_change=_type_address,
        args=(session,),
    )
    if given.api_key:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/key: Key kept for this session")
            st.button(
                "Forget", key="forget-key", type="tertiary", on_click=_forget, args=(session,)
            )
    else:
        st.text_input(
            "Key, if it wants one",
            type="password",
            key="engine_key",
            autocomplete="off",
            help="Kept in the server's memory for this session only.",
            on_change=_take_key,
            args=(session,),
        )
    if given.problem:
        st.caption(f":red[:material/error: {escaped(given.problem)}]")


def _draw_models(session: Session, found: FoundEngine) -> None:
    given = session.engine
    known = {model.id: model for model in found.models}
    if known:
        st.selectbox(
            "Model",
            list(dict.fromkeys([*known, given.model])),
            index=place_of(
                set_widget("engine_model", given.model), list(dict.fromkeys([*known, given.model]))
            ),
            key="engine_model",
            format_func=lambda name: described_model(known.get(name), name),
            accept_new_options=True,
            on_change=_choose_model,
            args=(session,),
        )
    else:
        st.caption(f"{ENGINES[found.kind].label} answers, but has no model yet.")
    if found.kind == "ollama":
        st.selectbox(
            "Context window",
            _WINDOWS,
            index=place_of(set_widget("num_ctx", given.num_ctx), _WINDOWS),
            key="num_ctx",
            format_func=lambda size: f"{size:,} tokens" if size else "As Ollama has it",
            help="Ollama gives a model few tokens unless it is asked for more, which takes memory.",
            on_change=_set_window,
            args=(session,),
        )
        if not any(model.is_gemma3 for model in found.models):
            _draw_download(session, found)


def _draw_getting() -> None:
    system = platform.system()
    st.caption("No engine answers on this machine. To get Gemma 3, type:")
    st.code("\n".join(steps_to_gemma(system)), language="bash", wrap_lines=True)


def _draw_download(session: Session, found: FoundEngine) -> None:
    st.fragment(_follow_download, key="download", run_every=_every(found))(session, found)


def _follow_download(session: Session, found: FoundEngine) -> None:
    download = downloads().get((found.base_url, SUGGESTED))
    if download is None or not download.running:
        if download and download.progress.done:
            _look(session)
            st.rerun()
        if download and download.error:
            st.caption(f":red[:material/error: {escaped(download.error.message)}]")
        st.button(
            f"Get {SUGGESTED} (3.3 GB)",
            icon=":material/download:",
            on_click=_download,
            args=(session, found),
        )
        return
    progress = download.progress
    st.progress(progress.fraction, f"{escaped(progress.status)} · {progress.fraction:.0%}")
    st.button("Cancel", icon=":material/close:", key="cancel-download", on_click=download.stop)


def _every(found: FoundEngine) -> float | None:
    download = downloads().get((found.base_url, SUGGESTED))
    return _EVERY if download and download.running else None


@st.cache_resource(show_spinner=False)
def downloads() -> dict[tuple[str, str], Download]:
    """Return the downloads of this process: other tabs see them too."""
    return {}


def _download(session: Session, found: FoundEngine) -> None:
    key = usable_key(session) or None
    download = Download(found.base_url, SUGGESTED, api_key=key, rule=rule_for(session.configured))
    downloads()[found.base_url, SUGGESTED] = download.start()
    st.rerun()


def _chosen_model(session: Session) -> EngineModel | None:
    found = session.engine.found
    models = found.models if found else ()
    known = next((model for model in models if model.id == session.engine.model), None)
    return known or (EngineModel(session.engine.model) if session.engine.model else None)


def _name(found: FoundEngine) -> str:
    return f"{ENGINES[found.kind].label} · {found.base_url.partition('://')[2]}"


def described_model(model: EngineModel | None, name: str) -> str:
    """Return a model's name with what is known of it."""
    facts = [name]
    if model and model.sees_images:
        facts.append("sees images")
    if model and model.takes_tools:
        facts.append("tools")
    if model and model.context_window:
        facts.append(f"{model.context_window:,} tokens")
    return " · ".join(facts)


def _choose(session: Session) -> None:
    given = session.engine
    url = widget("engine", ELSEWHERE)
    given.by_hand, given.problem = url == ELSEWHERE, ""
    for found in engines_here(session.configured):
        if found.base_url == url:
            choose_engine(session, found)


def _type_address(session: Session) -> None:
    given = session.engine
    given.base_url = (widget("engine_url", "") or "").strip()
    given.by_hand, given.found, given.problem = True, None, ""
    if given.base_url:
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
    look_again()
    session.engine.tried = False
    if not session.engine.by_hand:
        session.engine.found = None
        session.engine.base_url = session.configured.local_url
    find_first(session)


def _connect(session: Session) -> None:
    given = session.engine
    given.problem = ""
    try:
        found = engine_at(
            given.base_url, usable_key(session) or None, rule=rule_for(session.configured)
        )
    except InvalidRequestError as error:
        given.problem = str(error)
    except WorkersAIError as error:
        cause, _ = explain(error, _Asked(given.base_url))
        given.problem = f"{cause} {error.message}"
    else:
        choose_engine(session, found)


class _Asked:
    """An engine that has not answered yet."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.model = ""
