"""Engines on the page: found, chosen, typed in, kept off internal hosts; downloading a model."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import streamlit as st

from components.shell.configuration import Configuration
from components.sidebar.engine_choice import downloads
from components.sidebar.engine_discovery import (
    clear_engine_cache,
    engine_address_rule,
    local_engines,
)
from tests.backends.local.engine_server import CHAT, EngineServer
from tests.backends.local.test_discovery import LLAMA, OLLAMA, STUDIO, VLLM
from tests.components.conftest import OpenTab
from tests.wire_server import Answer

OpenEngine = Callable[..., EngineServer]
KEY = "engine-canary-55e0"
RECORDED = (
    b'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Paris."},'
    b'"finish_reason":null}]}\n\ndata: {"choices":[{"index":0,"delta":{},'
    b'"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)


@pytest.fixture
def open_engine() -> Iterator[OpenEngine]:
    with ExitStack() as stack:
        yield lambda *given, **more: stack.enter_context(EngineServer(*given, **more))


def _wait_until_found(configured: Configuration, count: int) -> None:
    """Search until all are found: the app itself waits only a quarter of a second."""
    deadline = time.monotonic() + 20
    while len(local_engines(configured)) < count:
        assert time.monotonic() < deadline, "the engines were not found"
        clear_engine_cache()


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Search for engines at the ports of these."""

    def look_at(*engines: EngineServer) -> None:
        ports = ", ".join(str(urlsplit(engine.origin).port) for engine in engines)
        monkeypatch.setenv("CABOCHON_ENGINE_PORTS", ports)
        _wait_until_found(Configuration(engine_ports=ports), len(engines))

    return look_at


def test_an_engine_with_gemma_is_found_and_answers(
    open_tab: OpenTab, open_engine: OpenEngine, look: Callable[..., None]
) -> None:
    engine = open_engine(LLAMA)
    look(engine)
    tab = open_tab()

    assert tab.session.backend_name == "local"
    assert "llama-server" in tab.everything
    assert (
        "gemma-3-tiny · sees images · 4,096 tokens" in tab.at.selectbox(key="engine_model").options
    )
    assert "of 4,096 tokens" in tab.everything
    engine.script(Answer.of(RECORDED, "text/event-stream"))
    tab.ask("Hello")
    assert engine.requests[-1].path == CHAT["llama-server"]
    assert engine.requests[-1].json()["model"] == "gemma-3-tiny"
    assert "Paris" in tab.answer
    assert tab.turn.answer.record.maker.kind == "local"


def test_an_engine_without_gemma_is_offered_but_not_chosen(
    open_tab: OpenTab, open_engine: OpenEngine, look: Callable[..., None]
) -> None:
    other = {**OLLAMA, "/api/tags": Answer.document({"models": [{"name": "qwen3:8b"}]})}
    look(open_engine(other))
    tab = open_tab()
    assert tab.session.backend_name == "builtin"
    tab.set("segmented_control", "backend", "local")

    assert "Download gemma3:4b" in "".join(button.label for button in tab.at.button)
    assert tab.session.engine.model == "qwen3:8b"


def test_the_operators_setting_takes_precedence_over_engines_found(
    open_tab: OpenTab,
    open_engine: OpenEngine,
    look: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look(open_engine(LLAMA))
    monkeypatch.setenv("CABOCHON_BACKEND", "builtin")

    assert open_tab().session.backend_name == "builtin"


def test_several_engines_can_be_chosen_from(
    open_tab: OpenTab, open_engine: OpenEngine, look: Callable[..., None]
) -> None:
    engines = [open_engine(each) for each in (LLAMA, VLLM, OLLAMA, STUDIO)]
    look(*engines)
    tab = open_tab()
    tab.set("selectbox", "engine", engines[1].origin)

    assert tab.session.engine.model == "google/gemma-3-12b-it"
    assert "vLLM" in tab.everything
    assert "From 0 to 2" in tab.everything


def test_without_an_engine_the_page_shows_how_to_get_one(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.set("segmented_control", "backend", "local")

    assert "ollama pull gemma3:4b" in tab.everything
    tab.submit("Hello")
    assert "No local engine was found" in tab.toasts
    assert not tab.session.conversation.turns


def test_an_address_is_typed_with_a_key_that_is_never_shown(
    open_tab: OpenTab, open_engine: OpenEngine
) -> None:
    engine = open_engine(LLAMA, api_key=KEY)
    tab = open_tab()
    tab.set("segmented_control", "backend", "local")
    tab.set("text_input", "engine_url", f"{engine.origin}/v1")
    assert tab.session.engine.found is None
    assert tab.session.engine.problem
    tab.set("text_input", "engine_key", KEY)

    assert tab.session.engine.found is not None
    engine.script(Answer.of(RECORDED, "text/event-stream"))
    tab.ask("Hello")
    assert "Paris" in tab.answer
    tab.session.show_request = True
    tab.run()
    assert KEY not in tab.sent_to_browser
    assert KEY not in json.dumps(tab.link)


@pytest.mark.parametrize("url", ["ftp://x", "127.0.0.1:1", "http://127.0.0.1:1", "http://a b"])
def test_an_address_that_does_not_work_is_explained(open_tab: OpenTab, url: str) -> None:
    tab = open_tab()
    tab.set("segmented_control", "backend", "local")
    tab.set("text_input", "engine_url", url)

    assert tab.session.engine.problem
    assert tab.session.engine.base_url == url


def test_the_operators_key_goes_only_to_the_operators_engine(
    open_tab: OpenTab, open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = open_engine(LLAMA, api_key=KEY), open_engine(LLAMA)
    monkeypatch.setenv("CABOCHON_LOCAL_URL", own.origin)
    monkeypatch.setenv("CABOCHON_LOCAL_API_KEY", KEY)
    tab = open_tab()
    assert tab.session.engine.found is not None
    tab.set("text_input", "engine_url", other.origin)

    assert tab.session.engine.found is not None
    assert other.requests
    assert not [each for each in other.requests if "authorization" in each.headers]


def test_a_visitor_cannot_make_the_server_call_internal_hosts(
    open_tab: OpenTab, open_engine: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = open_engine(LLAMA)
    monkeypatch.setenv("CABOCHON_ENGINE_ADDRESSES", "gpu.example.org:8000")
    tab = open_tab()
    tab.set("segmented_control", "backend", "local")
    for url in (inside.origin, inside.origin.replace("127.0.0.1", "localhost")):
        tab.set("text_input", "engine_url", url)
        assert "is not allowed" in tab.session.engine.problem
    tab.set("segmented_control", "backend", "cloudflare")
    tab.set("text_input", "account_id", "0" * 32)
    tab.set("text_input", "api_token", "token")
    tab.set("text_input", "base_url", f"{inside.origin}/client/v4")
    tab.submit("Hello")
    tab.settled()

    assert "is not allowed" in tab.answer
    assert not inside.requests


def test_a_server_for_others_allows_only_the_operators_own_engine() -> None:
    before = st.get_option("server.address")
    st._config.set_option("server.address", "0.0.0.0")
    try:
        own = Configuration(local_url="http://10.1.2.3:8000/v1")
        assert engine_address_rule(own).refusal("http://10.1.2.3:8000") is None
        assert engine_address_rule(own).refusal("http://10.1.2.3:22")
        assert engine_address_rule(own).refusal("http://127.0.0.1:8000")
        assert engine_address_rule(Configuration()).refusal("http://93.184.215.14")
        assert engine_address_rule(Configuration(engine_addresses="§")).refusal("http://10.1.2.3")
    finally:
        st._config.set_option("server.address", before)


def test_the_request_panel_shows_what_the_engine_is_sent(
    open_tab: OpenTab, open_engine: OpenEngine, look: Callable[..., None]
) -> None:
    look(open_engine(OLLAMA))
    tab = open_tab()
    assert "sent as repeat_penalty" not in tab.everything
    assert "may be ignored here" in tab.everything
    tab.session.show_request = True
    tab.run()

    assert "Request to Ollama" in "".join(each.label for each in tab.at.expander)
    assert '"num_predict": 256' in tab.everything
    assert "the documented default" in tab.everything


def test_a_model_is_pulled_with_progress(
    open_tab: OpenTab, open_engine: OpenEngine, look: Callable[..., None]
) -> None:
    routes = {**OLLAMA, "/api/tags": Answer.document({"models": [{"name": "qwen3:8b"}]})}
    engine = open_engine(routes)
    look(engine)
    tab = open_tab()
    tab.set("segmented_control", "backend", "local")
    lines = [
        {"status": "pulling manifest"},
        {"status": "pulling x", "digest": "a", "total": 10, "completed": 5},
        {"status": "success"},
    ]
    engine.script(Answer.of("".join(json.dumps(each) + "\n" for each in lines).encode()).after(0.3))
    tab.click("Download gemma3:4b (3.3 GB)")
    assert tab.at.button(key="cancel-download")
    assert engine.until(lambda server: any(r.path == "/api/pull" for r in server.requests))
    engine.routes["/api/tags"] = Answer.document({"models": [{"name": "gemma3:4b"}]})
    assert downloads()[engine.origin, "gemma3:4b"].wait(5)
    tab.run()
    tab.run()

    assert tab.session.engine.model == "gemma3:4b"
