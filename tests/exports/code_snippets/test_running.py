"""The code is run, and the requests that arrive are those the app would send."""

import importlib.util
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from backends import BuiltIn, LocalEngine
from exports import Snippet, write_snippets
from schemas import sample_picture
from tests.exports.code_snippets.hostile import CASES, TEXTS, hosted
from tests.exports.code_snippets.recorder import TEXT, Received, Recorder
from tests.exports.code_snippets.running import ENVIRONMENT, Ran, run_node, run_python, run_shell
from workers_ai import Backend, ChatRequest, Cloudflare, PromptRequest, parse_request, read_image

Run = Callable[[Path, Mapping[str, Snippet]], dict[str, Ran]]
Request = ChatRequest | PromptRequest

ACCOUNT = ENVIRONMENT["CLOUDFLARE_ACCOUNT_ID"]
SECRET = f"Bearer {ENVIRONMENT['CLOUDFLARE_API_TOKEN']}"
GEMMA = "@cf/google/gemma-3-12b-it"
GEMMA_4 = "@cf/google/gemma-4-26b-a4b-it"


def with_dash(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    return run_shell(root, snippets, "dash")


def with_bash(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    return run_shell(root, snippets, "bash --posix")


NEEDED = {"curl": ["curl", "dash", "bash"], "javascript": ["node"]}
RUNS: dict[str, Run] = {
    "curl": with_dash,
    "python": run_python,
    "python-requests": run_python,
    "javascript": run_node,
    "openai": run_python,
    "cloudflare": run_python,
}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


def runnable(name: str) -> str:
    """Return the name, or skip the test if such code cannot be run."""
    for program in NEEDED.get(name, []):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if name in {"openai", "cloudflare"} and importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


@pytest.fixture(params=RUNS)
def name(request: pytest.FixtureRequest) -> str:
    """Each kind of code."""
    return runnable(request.param)


@pytest.fixture(params=[name for name in RUNS if name != "cloudflare"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each kind of code that can call an engine."""
    return runnable(request.param)


def written(
    name: str, requests: Mapping[str, tuple[Backend, Request]], **options: Any
) -> dict[str, Snippet]:
    """Return the code of one kind for each request that it supports."""
    sets = {
        case: write_snippets(each, backend, **options) for case, (backend, each) in requests.items()
    }
    return {case: found[name] for case, found in sets.items() if name not in found.absent}


def ran_well(run: Run, root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    ran = run(root, snippets)
    assert {case: each for case, each in ran.items() if each.status} == {}
    assert ran.keys() == snippets.keys()
    return ran


def as_sent(request: Request) -> Any:
    return json.loads(request.json_bytes())


def as_chat(request: Request) -> Any:
    """Return the body that OpenAI's client should send."""
    body = as_sent(request)
    for message in body["messages"]:
        if isinstance(message.get("content"), dict):
            message["content"] = [message["content"]]
    if body.get("tools"):
        flat = {"type": "function"}
        body["tools"] = [t if "function" in t else {**flat, "function": t} for t in body["tools"]]
    return {**body, "model": GEMMA}


def check_hosted(name: str, case: str, arrived: Received) -> None:
    request = CASES[case]
    address = "v1/chat/completions" if name == "openai" else f"run/{GEMMA}"
    assert arrived.json() == (as_chat(request) if name == "openai" else as_sent(request)), case
    assert unquote(arrived.path) == f"/{case}/client/v4/accounts/{ACCOUNT}/ai/{address}"
    assert arrived.headers["authorization"] == SECRET
    assert arrived.headers["content-type"].startswith("application/json")


def test_only_half_characters_are_not_sent_as_they_are() -> None:
    changed = {case for case, request in CASES.items() if as_sent(request) != request.body()}

    assert changed == {"chat-surrogate", "prompt-surrogate"}
    assert len(CASES) > 90


def test_what_arrives_is_the_body(recorder: Recorder, tmp_path: Path, name: str) -> None:
    asked = {case: (hosted(recorder.origin, case), each) for case, each in CASES.items()}
    snippets = written(name, asked)
    ran = ran_well(RUNS[name], tmp_path, snippets)

    assert len(snippets) > (45 if name == "openai" else 90)
    for case in snippets:
        check_hosted(name, case, recorder.of(case))
    if name in {"python", "python-requests", "javascript", "openai", "cloudflare"}:
        streamed = {case: each.out for case, each in ran.items() if CASES[case].stream}
        assert streamed == dict.fromkeys(streamed, f"{TEXT}\n")


def test_pictures_are_read_from_files(recorder: Recorder, tmp_path: Path, name: str) -> None:
    check_files(recorder, tmp_path, name, RUNS[name])


def test_bash_reads_pictures_from_files_too(recorder: Recorder, tmp_path: Path) -> None:
    check_files(recorder, tmp_path, runnable("curl"), with_bash)


def check_files(recorder: Recorder, root: Path, name: str, run: Run) -> None:
    cases = [case for case in CASES if "picture" in case or case in {"odd-heads", "images-key"}]
    asked = {case: (hosted(recorder.origin, case), CASES[case]) for case in cases}
    snippets = written(name, asked, images="file")
    ran_well(run, root, snippets)

    for case in snippets:
        check_hosted(name, case, recorder.of(case))
    assert len(snippets["large-picture"].code) < 3000
    assert sorted(snippets["picture-again"].files) == ["picture-1.png", "picture-2.png"]
    assert list(snippets["same-picture"].files) == ["picture-1.png"]


PNG = read_image(sample_picture("chart")).data_uri
CHAT = {
    "messages": [
        {"role": "system", "content": TEXTS["lines-quoted"]},
        {"role": "user", "content": TEXTS["shell"]},
    ],
    "guided_json": {"type": "object", "properties": {"a": {"enum": [TEXTS["javascript"]]}}},
    "top_k": 5,
    "repetition_penalty": 1.1,
}
PICTURE = {
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What's this?"},
                {"type": "image_url", "image_url": {"url": PNG}},
            ],
        }
    ],
    "stream": True,
}
RAW = {"prompt": TEXTS["backslashes"], "raw": True, "guided_json": {"type": "object"}}
ASKED = {"chat": CHAT, "stream": {**CHAT, "stream": True}, "picture": PICTURE, "raw": RAW}
ASKED["raw-stream"] = {**RAW, "stream": True}
KINDS: tuple[Any, ...] = ("ollama", "llama-server", "vllm", "lm-studio", "openai")


@pytest.mark.parametrize("images", ["inline", "file"])
def test_an_engine_is_asked_as_the_app_asks_it(
    recorder: Recorder, tmp_path: Path, engine_name: str, images: Any
) -> None:
    name = engine_name
    asked: dict[str, tuple[LocalEngine, Request]] = {}
    for kind in KINDS:
        for case, body in ASKED.items():
            case_name = f"{kind}-{case}"
            url = f"{recorder.origin}/{case_name}"
            key = "made-up" if kind == "vllm" else None
            model = 'it\'s "my" $(id) gemma-3 `x`'
            asked[case_name] = (LocalEngine(url, model, key, kind), parse_request(body))
    snippets = written(name, asked, images=images)
    ran = ran_well(RUNS[name], tmp_path, snippets)

    assert snippets.keys() == asked.keys()
    for case, (backend, request) in asked.items():
        arrived, expected = recorder.of(case), backend.engine_request(request)
        if name != "openai" or backend.kind != "ollama":
            version = "" if backend.kind == "ollama" else "/v1"
            assert arrived.path == f"/{case}{version}{expected.path}"
            assert arrived.json() == expected.body, case
        known = arrived.headers.get("authorization") == SECRET
        assert known is (backend.kind == "vllm")
        if arrived.json().get("stream") and name != "curl":
            assert ran[case].out == f"{TEXT}\n"
        elif name != "curl":
            assert TEXT[:5] in ran[case].out


def test_openai_s_client_asks_ollama_what_its_other_address_takes(
    recorder: Recorder, tmp_path: Path
) -> None:
    runnable("openai")
    backend = LocalEngine(f"{recorder.origin}/case", "gemma3", kind="ollama")
    ran_well(run_python, tmp_path, written("openai", {"case": (backend, parse_request(CHAT))}))
    arrived = recorder.of("case")

    assert arrived.path == "/case/v1/chat/completions"
    assert arrived.json()["response_format"]["type"] == "json_schema"
    assert arrived.headers["authorization"] == "Bearer not needed"


BASE = "it's-\"q\"-$HOME-`id`-${x}-$(id)-%41-!x-[a]-{b}-\\back-é-'''-</script>"
GATEWAY = 'it\'s-"q"-$HOME-`id`-${x}-$(id)-%s-!x-{b}-\\back\\'


def test_an_odd_address_and_an_odd_gateway_arrive(
    recorder: Recorder, tmp_path: Path, name: str
) -> None:
    base_url = f"{recorder.origin}/case/{BASE}"
    backend = Cloudflare("0" * 32, "cfut_secret", GEMMA_4, base_url, GATEWAY)
    asked = {"case": (backend, parse_request({**CHAT, "stream": True}))}
    ran = ran_well(RUNS[name], tmp_path, written(name, asked))
    arrived = recorder.of("case")
    rest = "v1/chat/completions" if name == "openai" else f"run/{GEMMA_4}"
    expected = httpx.URL(f"{base_url}/accounts/{ACCOUNT}/ai/{rest}")

    assert arrived.headers["cf-aig-gateway-id"] == GATEWAY
    assert unquote(arrived.path) == unquote(expected.raw_path.decode())
    assert name == "curl" or ran["case"].out == f"{TEXT}\n"


def test_a_model_on_this_machine_is_asked_through_the_local_endpoint(
    recorder: Recorder, tmp_path: Path, name: str
) -> None:
    asked = {"case": (BuiltIn(), parse_request(CHAT))}
    base_url = f"{recorder.origin}/case/client/v4"
    snippets = written(name, asked, base_url=base_url, account_id="f" * 32)
    ran = ran_well(RUNS[name], tmp_path, snippets)
    arrived = recorder.of("case")

    assert unquote(arrived.path).startswith(f"/case/client/v4/accounts/{'f' * 32}/ai/")
    assert arrived.json()["messages"] == CHAT["messages"]
    assert TEXT[:5] in ran["case"].out


def test_a_refusal_ends_the_program_with_its_reason(
    recorder: Recorder, tmp_path: Path, name: str
) -> None:
    bodies = {"whole": CHAT, "streamed": {**CHAT, "stream": True}}
    asked = {
        case: (hosted(recorder.origin, "refused"), parse_request(body))
        for case, body in bodies.items()
    }
    ran = RUNS[name](tmp_path, written(name, asked))

    for each in ran.values():
        assert each.status != 0
        # OpenAI's client only shows the reasons of its own errors.
        reason = "400" if name == "openai" else "the reason"
        assert reason in (each.out if name == "curl" else each.err)
