"""Pulling a model through Ollama: progress, errors and canceling."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from backends import steps_to_gemma
from backends.local.model_download import PullProgress, pull
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.recordings import NDJSON, ndjson
from tests.wire_server import Answer
from workers_ai import APIConnectionError, APIStatusError, InvalidRequestError, Stop, WorkersAIError
from workers_ai.address_policy import LOOPBACK, AddressRule

STEPS = (
    {"status": "pulling manifest"},
    {"status": "pulling aeda25e63ebd", "digest": "sha256:aeda", "total": 3000},
    {"status": "pulling aeda25e63ebd", "digest": "sha256:aeda", "total": 3000, "completed": 1500},
    {"status": "pulling e0a42594d802", "digest": "sha256:e0a4", "total": 1000, "completed": 1000},
    {"status": "pulling aeda25e63ebd", "digest": "sha256:aeda", "total": 3000, "completed": 3000},
    {"status": "verifying sha256 digest"},
    {"status": "writing manifest"},
    {"status": "success"},
)
"""Modeled on Ollama 0.33.2's documentation of /api/pull."""


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        yield running


def lines(*steps: object) -> Answer:
    return Answer(tuple(map(ndjson, steps)), headers={"Content-Type": NDJSON})


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_progress_counts_all_parts_and_ends_done(server: EngineServer, size: int) -> None:
    server.script(lines(*STEPS).cut(size))
    reports = list(pull(server.origin, "gemma3:4b"))

    assert [(each.completed, each.total) for each in reports] == [
        *((0, 0), (0, 3000), (1500, 3000), (2500, 4000), (4000, 4000)),
        *((4000, 4000), (4000, 4000), (4000, 4000)),
    ]
    assert [each.done for each in reports] == [False] * 7 + [True]
    assert [each.fraction for each in reports[:4]] == [0.0, 0.0, 0.5, 0.625]
    assert reports[-1].fraction == 1.0
    assert server.requests[0].path == "/api/pull"
    assert server.requests[0].json() == {"model": "gemma3:4b", "stream": True}


def test_a_model_that_is_here_already_is_done_at_once(server: EngineServer) -> None:
    server.script(lines({"status": "success"}))
    assert list(pull(server.origin, "gemma3:4b")) == [PullProgress("success", done=True)]


def test_an_address_with_v1_is_ollama_s_too(server: EngineServer) -> None:
    server.script(lines({"status": "success"}))
    list(pull(f"{server.origin}/v1/", "gemma3:4b"))
    assert server.requests[0].path == "/api/pull"


def test_trouble_amid_the_download_is_raised_in_ollama_s_words(server: EngineServer) -> None:
    server.script(lines(*STEPS[:3], {"error": "pull model manifest: file does not exist"}))
    with pytest.raises(APIStatusError, match="file does not exist"):
        list(pull(server.origin, "gemma9:4b"))


def test_trouble_before_it_is_raised_too(server: EngineServer) -> None:
    server.script(Answer.document({"error": "invalid model name"}, 400))
    with pytest.raises(WorkersAIError, match="invalid model name"):
        list(pull(server.origin, "?"))


def test_a_download_that_just_ends_is_no_success(server: EngineServer) -> None:
    server.script(lines(*STEPS[:4]))
    with pytest.raises(APIConnectionError, match="again to resume"):
        list(pull(server.origin, "gemma3:4b"))


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_line_that_breaks_is_an_error(server: EngineServer, how: str) -> None:
    server.script(lines(*STEPS).broken(3, how))
    with pytest.raises(APIConnectionError):
        list(pull(server.origin, "gemma3:4b"))


def test_closing_the_iterator_ends_the_download(server: EngineServer) -> None:
    server.script(lines(*STEPS[:3]).held())
    with closing(pull(server.origin, "gemma3:4b")) as progress:  # type: ignore[type-var]
        next(progress)

    assert server.until(lambda s: s.open_connections == 0)
    assert server.closed_by_client[0].mid_answer


def test_stop_ends_the_download_from_another_thread(server: EngineServer) -> None:
    server.script(lines(*STEPS[:3]).held())
    stop = Stop()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    start = time.monotonic()
    reports = list(pull(server.origin, "gemma3:4b", stop=stop))
    timer.join()

    assert time.monotonic() - start < 1
    assert [each.done for each in reports] == [False] * 3
    assert server.until(lambda s: s.open_connections == 0)


def test_lines_that_are_not_json_are_passed_over(server: EngineServer) -> None:
    server.script(Answer((b"oops\n[1]\n\n", ndjson({"status": "success"}))))
    assert list(pull(server.origin, "gemma3:4b"))[-1].done


def test_a_rule_holds_here_too(server: EngineServer) -> None:
    with pytest.raises(InvalidRequestError, match="is not allowed"):
        list(pull(server.origin, "gemma3:4b", rule=AddressRule.of("10.0.0.0/8")))
    with pytest.raises(InvalidRequestError):
        list(pull("nowhere", "gemma3:4b", rule=LOOPBACK))
    assert server.connections == 0


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows", "Plan 9"])
def test_three_lines_say_how_to_get_gemma(system: str) -> None:
    install, start, get = steps_to_gemma(system)
    assert "ollama" in install.lower()
    assert (start, get) == ("ollama serve", "ollama pull gemma3:4b")
