"""The code is run, and what arrives is what the app would send."""

import importlib.util
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workers_ai.snippets.hostile import CASES, hosted
from tests.workers_ai.snippets.recorder import TEXT, Recorder
from tests.workers_ai.snippets.running import ENVIRONMENT, Ran, run_node, run_python, run_shell
from workers_ai import ChatRequest, PromptRequest
from workers_ai.snippets import Snippet, write_snippets

Run = Callable[[Path, Mapping[str, Snippet]], dict[str, Ran]]
ACCOUNT = ENVIRONMENT["CLOUDFLARE_ACCOUNT_ID"]
TOKEN = f"Bearer {ENVIRONMENT['CLOUDFLARE_API_TOKEN']}"


def with_dash(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    return run_shell(root, snippets, "dash")


def with_bash(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    return run_shell(root, snippets, "bash --posix")


LANGUAGES: list[tuple[str, str, Run]] = [
    ("curl", "curl dash", with_dash),
    ("curl", "curl bash", with_bash),
    ("python", "", run_python),
    ("python-requests", "", run_python),
    ("javascript", "node", run_node),
    ("openai", "openai", run_python),
    ("cloudflare", "cloudflare", run_python),
]
LIBRARIES = {"openai", "cloudflare"}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


def skip_without(name: str, needed: str) -> None:
    if name in LIBRARIES and importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    for program in needed.split() if name not in LIBRARIES else ():
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def sent(request: ChatRequest | PromptRequest) -> Any:
    return json.loads(request.json_bytes())


@pytest.mark.parametrize("images", ["inline", "file"])
@pytest.mark.parametrize(("name", "needed", "run"), LANGUAGES)
def test_what_arrives_is_the_body(
    recorder: Recorder, tmp_path: Path, name: str, needed: str, run: Run, images: Any
) -> None:
    skip_without(name, needed)
    found = {}
    for case, request in CASES.items():
        if images == "inline" or "picture" in case or case in {"odd-heads", "images-key"}:
            backend = hosted(recorder.origin, case)
            written = write_snippets(request, backend, images=images)
            if name not in written.absent:
                found[case] = written[name]
    ran = run(tmp_path, found)

    assert {case: each for case, each in ran.items() if each.status} == {}
    for case in found:
        arrived = recorder.of(case)
        assert arrived.json() == expected(name, CASES[case]), case
        assert arrived.headers["authorization"] == TOKEN
        assert arrived.headers["content-type"].startswith("application/json")
        assert arrived.path.startswith(f"/{case}/client/v4/accounts/{ACCOUNT}/ai/"), case


def expected(name: str, request: ChatRequest | PromptRequest) -> Any:
    body = sent(request)
    if name != "openai":
        return body
    for message in body["messages"]:
        if isinstance(message.get("content"), dict):
            message["content"] = [message["content"]]
    if body.get("tools"):
        flat = {"type": "function"}
        body["tools"] = [t if "function" in t else {**flat, "function": t} for t in body["tools"]]
    return {**body, "model": "@cf/google/gemma-3-12b-it"}
