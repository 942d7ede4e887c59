"""Answers that fail after they began, or with status 200 (wire.md 1.2, 2.1)."""

import shutil
from typing import Any

import pytest

from backends import LocalEngine
from exports import write_snippets
from tests.exports.code_snippets.hostile import hosted
from tests.exports.code_snippets.recorder import SAID, Recorder
from tests.exports.code_snippets.running import Ran, run_node, run_python
from workers_ai import Backend, parse_request

CHAT = {"messages": [{"role": "user", "content": "Hello"}]}
STREAM = {**CHAT, "stream": True}
RAW_STREAM = {"prompt": "Hello", "raw": True, "stream": True}


def cases(origin: str) -> dict[str, tuple[Backend, Any]]:
    gemma_3 = hosted(origin, "failed")
    gemma_4 = hosted(origin, "failed", model="@cf/google/gemma-4-26b-a4b-it")
    ollama = LocalEngine(f"{origin}/failed", "gemma", kind="ollama")
    other = LocalEngine(f"{origin}/failed", "gemma", kind="llama-server")
    return {
        "whole": (gemma_3, CHAT),
        "whole-newer": (gemma_4, CHAT),
        "stream": (gemma_3, STREAM),
        "stream-newer": (gemma_4, STREAM),
        "stream-ollama": (ollama, STREAM),
        "stream-ollama-raw": (ollama, RAW_STREAM),
        "stream-openai": (other, STREAM),
        "stream-openai-raw": (other, RAW_STREAM),
    }


@pytest.fixture(scope="module", params=["python", "python-requests", "javascript"])
def ended(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Ran]:
    """The results of the programs of one language."""
    name = str(request.param)
    if name == "javascript" and shutil.which("node") is None:
        pytest.skip("node is not installed")
    if name == "python-requests":
        pytest.importorskip("requests")
    root = tmp_path_factory.mktemp(name)
    run = run_node if name == "javascript" else run_python
    with Recorder() as recorder:
        asked = cases(recorder.origin).items()
        programs = {
            case: write_snippets(parse_request(body), backend)[name]
            for case, (backend, body) in asked
        }
        return run(root, programs)


def test_a_failure_ends_the_program_with_its_reason(ended: dict[str, Ran]) -> None:
    assert len(ended) == 8
    assert {case: each for case, each in ended.items() if not each.status} == {}
    assert {case: each.err for case, each in ended.items() if "the reason" not in each.err} == {}


def test_what_came_before_a_failure_is_printed(ended: dict[str, Ran]) -> None:
    printed = {case: each.out for case, each in ended.items()}

    assert printed == {case: SAID[0] * case.startswith("stream") for case in printed}
