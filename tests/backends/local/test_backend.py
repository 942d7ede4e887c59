"""The backend: its properties, and the values it refuses."""

import pytest

from backends import ENGINES, EngineModel, FoundEngine, LocalEngine
from backends.local.engine_table import EngineKind
from tests.backends.local.engine_server import EngineServer
from tests.wire_server import Answer
from workers_ai import Client, InvalidRequestError, parse_request

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})
URL = "http://127.0.0.1:8080"
ANSWER = Answer.document({"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]})


def test_it_is_named_after_its_engine() -> None:
    labels = {kind: LocalEngine(URL, "m", kind=kind).label for kind in ENGINES}
    assert labels == {
        "ollama": "Ollama",
        "llama-server": "llama-server",
        "vllm": "vLLM",
        "lm-studio": "LM Studio",
        "openai": "OpenAI-compatible",
    }


def test_the_key_is_a_secret_and_goes_in_a_header() -> None:
    backend = LocalEngine(URL, "m", "sk-made-up-7261")
    assert backend.headers == {"Authorization": "Bearer sk-made-up-7261"}
    assert backend.secrets == ("sk-made-up-7261",)
    assert "sk-made-up-7261" not in f"{backend!r}{backend!s}"
    assert (LocalEngine(URL, "m").headers, LocalEngine(URL, "m").secrets) == ({}, ())


@pytest.mark.parametrize(
    ("kind", "model", "takes_tools", "result_role"),
    [
        ("ollama", "gemma3:4b", False, "user"),
        ("ollama", "qwen3:8b", True, "tool"),
        ("llama-server", "gemma-3-4b-it", False, "user"),
        ("vllm", "google/gemma-3-12b-it", False, "user"),
        ("lm-studio", "google/gemma-3-12b", True, "tool"),
        ("openai", "gpt-5", True, "tool"),
    ],
)
def test_tools_are_offered_as_the_model_takes_them(
    kind: EngineKind, model: str, result_role: str, *, takes_tools: bool
) -> None:
    support = LocalEngine(URL, model, kind=kind).tool_support
    assert support == (takes_tools, result_role, True)


def test_what_the_engine_reports_of_a_model_counts_more_than_its_name() -> None:
    found = FoundEngine("llama-server", URL, ())
    tools = LocalEngine.of(found, EngineModel("gemma-3-x", takes_tools=True, is_gemma3=True))
    assert tools.tool_support.takes_tools
    assert not tools.served.alternates
    hidden = LocalEngine.of(found, EngineModel("mine", takes_tools=False, is_gemma3=True))
    assert hidden.served.alternates


@pytest.mark.parametrize("url", ["", "host:80", "ftp://x", "http://u:p@x", "http://x/?a=1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        LocalEngine(url, "m")
    assert [fault.path for fault in caught.value.faults] == ["base_url"]


def test_what_cannot_be_a_key_or_a_name_is_refused() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        LocalEngine(URL, " ", "two words")
    assert [fault.path for fault in caught.value.faults] == ["api_key", "model"]
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize(
    "model",
    [
        "hf.co/unsloth/gemma-3-4b-it-GGUF:Q4_K_M",
        "../models/gemma 3?.gguf",
        "C:\\models\\gemma.gguf",
        "/models/gemma#3.gguf",
        "grüße",
    ],
)
@pytest.mark.parametrize("path", ["", "/v1", "/v1/"])
def test_any_name_of_a_model_reaches_the_engine(model: str, path: str) -> None:
    with EngineServer() as server:
        server.script(ANSWER)
        with Client(LocalEngine(server.origin + path, model)) as client:
            client.run(HELLO)
        [request] = server.requests

    assert request.path == "/v1/chat/completions"
    assert request.json()["model"] == model
    assert "authorization" not in request.headers
