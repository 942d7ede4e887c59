"""Engines are detected by their answers, and their models are read."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from backends import EngineModel, FoundEngine, LocalEngine, engine_at, find_engines, read_models
from tests.backends.local.engine_server import EngineServer
from tests.wire_server import Answer, Ending, Failure
from workers_ai import (
    APIConnectionError,
    AuthenticationError,
    Client,
    InvalidRequestError,
    ResponseError,
    WorkersAIError,
)

UNEXPECTED = Answer.document({"error": "Unexpected endpoint or method. (GET /api/version)"})
"""LM Studio's answer to any unknown path, with status 200."""

LLAMA = {
    "/v1/models": Answer.document(
        {
            "models": [{"name": "gemma-3-tiny", "capabilities": ["completion", "multimodal"]}],
            "object": "list",
            "data": [
                {
                    "id": "gemma-3-tiny",
                    "object": "model",
                    "owned_by": "llamacpp",
                    "meta": {"n_ctx": 4096, "n_ctx_train": 131072},
                }
            ],
        }
    ),
    "/props": Answer.document(
        {
            "modalities": {"vision": True, "audio": False},
            "chat_template_caps": {"supports_tools": False},
            "chat_template": "{{ '<start_of_image>' }}",
        }
    ),
}
"""Recorded: llama.cpp's server in xllamacpp 2026.10.11549, shortened."""

VLLM = {
    "/v1/models": Answer.document(
        {
            "object": "list",
            "data": [
                {"id": "google/gemma-3-12b-it", "owned_by": "vllm", "max_model_len": 2048},
                {"id": "mine", "owned_by": "vllm", "parent": "google/gemma-3-12b-it"},
            ],
        }
    ),
    "/health": Answer.of(b""),
}
"""Modeled on a run of vLLM 0.32."""

OLLAMA = {
    "/api/version": Answer.document({"version": "0.33.2"}),
    "/v1/models": Answer.document(
        {"object": "list", "data": [{"id": "qwen3:8b", "object": "model", "owned_by": "library"}]}
    ),
    "/api/tags": Answer.document(
        {
            "models": [
                {"name": "qwen3:8b", "details": {"family": "qwen3"}},
                {"name": "mine:latest", "details": {"family": "gemma3"}},
                {"name": "gemma3n:e4b", "details": {"family": "gemma3n"}},
            ]
        }
    ),
    "/api/ps": Answer.document({"models": [{"name": "mine:latest", "context_length": 4096}]}),
    "/api/show": Answer.document(
        {
            "capabilities": ["completion", "vision"],
            "model_info": {"gemma3.context_length": 131072},
        }
    ),
}
"""Modeled on Ollama 0.33.2's source and documentation."""

STUDIO = {
    "/v1/models": Answer.document(
        {"data": [{"id": "google/gemma-3-4b", "object": "model"}], "object": "list"}
    ),
    "/api/version": UNEXPECTED,
    "/api/v1/models": Answer.document(
        {
            "models": [
                {
                    "type": "llm",
                    "key": "google/gemma-3-4b",
                    "architecture": "gemma3",
                    "loaded_instances": [{"id": "a", "config": {"context_length": 8192}}],
                    "max_context_length": 131072,
                    "capabilities": {"vision": True, "trained_for_tool_use": False},
                },
                {"type": "embedding", "key": "text-embedding-nomic"},
            ]
        }
    ),
}
"""Modeled on LM Studio 0.4's documentation and its issue 1659."""

OLDER_STUDIO = {
    **STUDIO,
    "/api/v1/models": UNEXPECTED,
    "/api/v0/models": Answer.document(
        {
            "object": "list",
            "data": [
                {
                    "id": "gemma-3-4b-it",
                    "object": "model",
                    "type": "vlm",
                    "arch": "gemma3",
                    "max_context_length": 131072,
                },
                {"id": "nomic", "type": "embeddings"},
            ],
        }
    ),
}
"""Modeled on LM Studio 0.3's documentation."""

OTHER = {"/v1/models": Answer.document({"object": "list", "data": [{"id": "x", "owned_by": "me"}]})}
"""Recorded: llama-cpp-python 0.3.36."""


@contextmanager
def running(routes: Mapping[str, Answer]) -> Iterator[EngineServer]:
    with EngineServer(routes) as server:
        yield server


def port_of(server: EngineServer) -> int:
    return int(server.origin.rpartition(":")[2])


FOUND: dict[str, tuple[Mapping[str, Answer], str, list[EngineModel]]] = {
    "llama-server": (
        LLAMA,
        "llama-server",
        [EngineModel("gemma-3-tiny", 4096, sees_images=True, takes_tools=False, is_gemma3=True)],
    ),
    "vllm": (
        VLLM,
        "vllm",
        [
            EngineModel("google/gemma-3-12b-it", 2048, is_gemma3=True),
            EngineModel("mine", is_gemma3=True),
        ],
    ),
    "ollama": (
        OLLAMA,
        "ollama",
        [
            EngineModel("mine:latest", 4096, sees_images=True, takes_tools=False, is_gemma3=True),
            EngineModel("qwen3:8b", None, sees_images=True, takes_tools=False),
            EngineModel("gemma3n:e4b", None, sees_images=True, takes_tools=False),
        ],
    ),
    "lm-studio": (
        STUDIO,
        "lm-studio",
        [
            EngineModel(
                "google/gemma-3-4b", 8192, sees_images=True, takes_tools=True, is_gemma3=True
            )
        ],
    ),
    "older lm-studio": (
        OLDER_STUDIO,
        "lm-studio",
        [EngineModel("gemma-3-4b-it", 131072, sees_images=True, takes_tools=True, is_gemma3=True)],
    ),
    "other": (OTHER, "openai", [EngineModel("x")]),
}


@pytest.mark.parametrize("name", FOUND)
def test_each_engine_is_recognized_by_its_body(name: str) -> None:
    routes, kind, models = FOUND[name]
    with running(routes) as server:
        expected = FoundEngine(kind, server.origin, tuple(models))  # type: ignore[arg-type]
        assert find_engines([port_of(server)], timeout=2) == [expected]
        assert engine_at(server.origin) == expected
        assert engine_at(f"{server.origin}/v1/") == expected


@pytest.mark.parametrize("name", FOUND)
def test_the_catalog_of_a_backend_lists_the_same_models(name: str) -> None:
    routes, kind, models = FOUND[name]
    with running(routes) as server:
        backend = LocalEngine(server.origin, models[0].id, kind=kind)  # type: ignore[arg-type]
        with Client(backend) as client:
            entries = client.models()

    listed = read_models(entries)
    assert [in_catalog(model) for model in listed] == [in_catalog(model) for model in models]


def in_catalog(model: EngineModel) -> tuple[Any, ...]:
    """Return what a catalog lists; it does not include the architecture."""
    return model.id, model.context_window, model.sees_images, model.takes_tools


NOT_ENGINES: dict[str, Mapping[str, Answer]] = {
    "a web page": {"/v1/models": Failure.portal()},
    "no list": {"/v1/models": Answer.document({"hello": 1})},
    "a list without ids": {"/v1/models": Answer.document({"data": [{"name": "x"}, 7, None]})},
    "an array": {"/v1/models": Answer.document([1])},
    "nothing": {},
    "deep": {"/v1/models": Answer.of(b"[" * 100_000)},
    "broken": {"/v1/models": Answer.bare(Ending.RESET)},
    "not http": {"/v1/models": Answer.bare(b"-ERR unknown command\r\n")},
    "a redirect": {"/v1/models": Failure.redirect("http://127.0.0.1:1/")},
}


@pytest.mark.parametrize("name", NOT_ENGINES)
def test_what_is_no_engine_is_not_found(name: str) -> None:
    with running(NOT_ENGINES[name]) as server:
        assert find_engines([port_of(server)], timeout=2) == []
        with pytest.raises(WorkersAIError):
            engine_at(server.origin, timeout=2)


def test_five_engines_are_found_at_once_with_gemma_first() -> None:
    with ExitStack() as stack:
        all_routes = (OTHER, LLAMA, VLLM, OLLAMA, STUDIO)
        servers = [stack.enter_context(running(routes)) for routes in all_routes]
        found = find_engines(list(map(port_of, servers)), timeout=2)

    assert [engine.kind for engine in found] == [
        *("llama-server", "vllm", "ollama", "lm-studio", "openai")
    ]


def test_looking_is_over_in_time_whoever_is_silent() -> None:
    slow = {"/v1/models": Answer.bare(Ending.HOLD)}
    refusing = {"/v1/models": Answer.document({"error": "x" * 900}, 404).dripped(0.05)}
    dripping = {"/v1/models": OTHER["/v1/models"].dripped(0.05)}
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running(routes)) for routes in (slow, dripping, refusing, OTHER)
        ]
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1))
        ports = [*map(port_of, servers), deaf.getsockname()[1]]
        find_engines(ports, timeout=0.3)  # one-time loading does not count
        start = time.monotonic()
        found = find_engines(ports, timeout=0.3)
        took = time.monotonic() - start

    assert [engine.base_url for engine in found] == [servers[3].origin]
    assert took < 0.5


def test_looking_where_nobody_listens_takes_no_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    start = time.monotonic()
    assert find_engines([port] * 4) == []
    assert time.monotonic() - start < 0.3


def test_a_server_that_still_loads_is_found_without_models() -> None:
    body = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}
    loading = Answer.document(body, 503).with_headers({"Server": "llama.cpp"})
    with running({"/v1/models": loading}) as server:
        found = find_engines([port_of(server)], timeout=2)

    assert found == [FoundEngine("llama-server", server.origin, ())]


def test_a_key_is_needed_where_one_is_asked_for_and_goes_along() -> None:
    with EngineServer(VLLM, api_key="sk-made-up-7261") as server:
        assert find_engines([port_of(server)], timeout=2) == []
        assert engine_at(server.origin, "sk-made-up-7261").kind == "vllm"
        with pytest.raises(AuthenticationError):
            engine_at(server.origin, "sk-wrong")
        with pytest.raises(AuthenticationError):
            engine_at(server.origin)


def test_an_address_with_a_path_of_its_own_is_kept() -> None:
    routes = {"/proxy/v1beta/openai/models": OTHER["/v1/models"]}
    with running(routes) as server:
        url = f"{server.origin}/proxy/v1beta/openai"
        assert engine_at(url) == FoundEngine("openai", url, (EngineModel("x"),))


def test_ollama_s_address_may_come_with_its_api() -> None:
    with running(OLLAMA) as server:
        assert engine_at(f"{server.origin}/api").base_url == server.origin


@pytest.mark.parametrize("url", ["", "nowhere", "file:///etc/passwd", "http://user:pw@host"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequestError):
        engine_at(url)


def test_a_failure_has_its_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(APIConnectionError, match="Could not connect"):
        engine_at(f"http://127.0.0.1:{port}")
    with (
        running({"/v1/models": Answer.document({"hello": 1})}) as server,
        pytest.raises(ResponseError, match="not an engine"),
    ):
        engine_at(server.origin)


def test_the_catalog_of_workers_ai_is_read_too() -> None:
    gemma_4 = {
        "name": "@cf/google/gemma-4-26b-a4b-it",
        "properties": [
            {"property_id": "context_window", "value": "256000"},
            {"property_id": "price", "value": [{"unit": "per M input tokens", "price": 0.1}]},
            {"property_id": "vision", "value": "true"},
            {"property_id": "function_calling", "value": "true"},
        ],
    }
    gemma_3 = {"name": "@cf/google/gemma-3-12b-it", "properties": []}
    assert read_models([gemma_4, gemma_3, {"id": "nameless"}]) == (
        EngineModel("@cf/google/gemma-3-12b-it", is_gemma3=True),
        EngineModel("@cf/google/gemma-4-26b-a4b-it", 256_000, sees_images=True, takes_tools=True),
    )


@pytest.mark.parametrize(
    ("name", "is_gemma_3"),
    [
        ("gemma3:12b", True),
        ("hf.co/unsloth/gemma-3-4b-it-GGUF:Q4_K_M", True),
        ("google/gemma-3-12b", True),
        ("Gemma 3 27B", True),
        ("medgemma3", True),
        ("gemma3n:e4b", False),
        ("gemma-3n-E4B-it", False),
        ("gemma-4-26b", False),
        ("gemma2:9b", False),
        ("gemma-30b", False),
        ("qwen3:8b", False),
    ],
)
def test_gemma_3_is_known_by_its_name(name: str, *, is_gemma_3: bool) -> None:
    [model] = read_models([{"name": name}])
    assert model.is_gemma3 is is_gemma_3
