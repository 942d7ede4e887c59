"""Failures of a real engine, and how they are reported."""

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from backends import LocalEngine, engine_at
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ChatRequest,
    Client,
    ContextWindowError,
    ImagePart,
    Message,
    WorkersAIError,
)

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine
    from tests.engine.tiny_gemma import TinyGemma

pytestmark = pytest.mark.engine

HELLO = ChatRequest(messages=[Message(role="user", content="Hello")], max_tokens=8)


def failure(client: Client, request: ChatRequest, *, stream: bool) -> WorkersAIError:
    with client, pytest.raises(WorkersAIError) as caught:
        _ = list(client.stream(request)) if stream else client.run(request)
    return caught.value


@pytest.mark.parametrize("stream", [True, False])
def test_too_long_a_prompt_is_its_own_error(engine: "RunningEngine", *, stream: bool) -> None:
    long = HELLO.replace(messages=[Message(role="user", content="word " * 9000)])
    error = failure(engine.client(), long, stream=stream)

    assert type(error) is ContextWindowError
    assert (error.status_code, error.code) == (413, 5021)
    assert "exceeds the available context size (8192 tokens)" in error.message


@pytest.mark.parametrize("stream", [True, False])
def test_a_broken_picture_is_an_error_in_the_engine_s_words(
    engine: "RunningEngine", *, stream: bool
) -> None:
    # Only the first bytes are a PNG's: the rest is up to the engine.
    part = ImagePart.of("data:image/png;base64,iVBORw0KGgpub3RoaW5nIGVsc2U=")
    request = HELLO.replace(messages=[Message(role="user", content=[part])])
    error = failure(engine.client(), request, stream=stream)

    assert type(error) is APIStatusError
    assert (error.status_code, error.code) == (400, 5004)
    assert "Failed to load image" in error.message


def test_a_schema_that_the_engine_cannot_read_is_an_error(engine: "RunningEngine") -> None:
    schema = {"type": "object", "properties": {"a": {"type": "nonsense"}}}
    error = failure(engine.client(), HELLO.replace(guided_json=schema), stream=False)

    assert (error.status_code, error.code) == (400, 8007)
    assert "nonsense" in error.message


def test_a_wrong_key_is_its_own_error(tiny_gemma: "TinyGemma") -> None:
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf

    with RunningEngine(tiny_gemma, api_key="sk-made-up-7261", mmproj="") as locked:
        with locked.client() as client:
            assert client.run(HELLO).usage is not None
        with pytest.raises(AuthenticationError):
            engine_at(locked.url)
        for key in ("sk-wrong", None):
            backend = LocalEngine(locked.url, "gemma-3-tiny", key, "llama-server")
            error = failure(Client(backend), HELLO, stream=True)
            assert type(error) is AuthenticationError
            assert "Invalid API Key" in error.message
            assert "sk-wrong" not in error.message


def test_an_engine_that_is_killed_amid_an_answer_and_started_again(
    tiny_gemma: "TinyGemma",
) -> None:
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf

    long: Any = HELLO.replace(max_tokens=7000, ignore_eos=True)
    with RunningEngine(tiny_gemma, mmproj="") as mortal, mortal.client() as client:
        stream = client.stream(long)
        first = next(stream)
        mortal.kill()
        with pytest.raises(APIConnectionError) as caught:
            list(stream)
        assert caught.value.partial.startswith(first.text)

        with pytest.raises(APIConnectionError, match="Could not connect"):
            client.run(HELLO)

        mortal.start()
        assert client.run(HELLO).usage is not None


def test_an_engine_that_comes_back_in_time_is_not_missed(tiny_gemma: "TinyGemma") -> None:
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf

    with RunningEngine(tiny_gemma, mmproj="") as mortal:
        backend = mortal.backend()
        mortal.kill()
        timer = threading.Timer(0.3, mortal.start)
        timer.start()
        start = time.monotonic()
        with Client(backend, max_retries=6, first_backoff=0.4) as client:
            answer = client.run(HELLO)
        timer.join()

    assert answer.usage is not None
    assert time.monotonic() - start < 20
