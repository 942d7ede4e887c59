"""The code for the built-in model, answered by the local endpoint itself."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from backends import BuiltIn
from exports import Snippet, write_snippets
from tests.backends.endpoint.serving import Served, serving_built_in
from tests.exports.code_snippets.running import run_node, run_python, run_shell
from workers_ai import ChatRequest, Client, parse_request

QUESTION = {"messages": [{"role": "user", "content": "What is a neuron?"}], "temperature": 0}
REQUESTS = {"whole": parse_request(QUESTION), "stream": parse_request({**QUESTION, "stream": True})}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving_built_in() as served:
        yield served


@pytest.fixture(scope="module")
def text() -> str:
    request = REQUESTS["whole"]
    assert isinstance(request, ChatRequest)
    with Client(BuiltIn()) as client:
        return client.run(request).text


def code(served: Served, name: str) -> Mapping[str, Snippet]:
    return {
        case: write_snippets(request, BuiltIn(), base_url=served.base_url)[name]
        for case, request in REQUESTS.items()
    }


@pytest.mark.parametrize("name", ["python", "python-requests", "javascript"])
def test_a_program_prints_the_answer(served: Served, text: str, tmp_path: Path, name: str) -> None:
    if name == "javascript" and shutil.which("node") is None:
        pytest.skip("node is not installed")
    if name == "python-requests":
        pytest.importorskip("requests")
    run = run_node if name == "javascript" else run_python
    ran = run(tmp_path, code(served, name))

    assert {case: each.err for case, each in ran.items() if each.status} == {}
    assert ran["stream"].out == f"{text}\n"
    assert text[:40] in ran["whole"].out


def test_curl_shows_what_comes(served: Served, text: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    ran = run_shell(tmp_path, code(served, "curl"))

    assert json.loads(ran["whole"].out)["result"]["response"] == text
    assert ran["stream"].out.endswith("data: [DONE]\n\n")
