"""The endpoint served alone, and next to Streamlit's pages."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from backends import BuiltIn, endpoint_app
from backends.endpoint.__main__ import bound_socket, require_token_off_loopback
from backends.endpoint.environment import backend_of, endpoint_token
from backends.endpoint.routes import ROOT
from tests.backends.endpoint.serving import ACCOUNT, GEMMA, HELLO, Served, serving
from tests.backends.endpoint.test_run import TOOL
from tests.backends.local.engine_server import EngineServer
from tests.wire_server import Answer, usage
from workers_ai import Cloudflare, InvalidRequestError, WorkersAIError

PROJECT = Path(__file__).parents[3]
TOKEN = "one-of-my-own-9902"


@contextmanager
def program(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "backends.endpoint", *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_one_command_serves_the_endpoint_and_logs_nothing() -> None:
    with program("--port", "0", "--token-from-env", "MINE", MINE=TOKEN) as process:
        assert process.stdout
        label, _, address = process.stdout.readline().strip().rpartition(" answers at ")
        url = f"{address}/accounts/{ACCOUNT}/ai/run/{GEMMA}"
        given = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(trust_env=False, timeout=20) as client:
            answer = client.post(url, json=HELLO, headers=given)
            refused = client.post(url, json=HELLO, headers={"authorization": "Bearer x"})
        process.terminate()
        said = process.communicate(timeout=20)

    assert label == "Built-in (cabochon-help-ngram)"
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith(ROOT)
    assert answer.json()["result"]["response"]
    assert "server" not in answer.headers
    assert refused.status_code == 401
    assert said == ("", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "0.0.0.0"], "can be reached from other machines"),
        (["--token-from-env", "NOT_SET"], "The variable NOT_SET must hold"),
        (["--backend", "cloudflare"], "account_id: expected letters"),
    ],
)
def test_what_is_not_set_up_is_said_in_a_sentence(words: list[str], sentence: str) -> None:
    environment = dict.fromkeys(("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "NOT_SET"), "")
    with program(*words, **environment) as process:
        out, said = process.communicate(timeout=20)

    assert (out, process.returncode) == ("", 1)
    assert sentence in said
    assert "Traceback" not in said


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with bound_socket("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        with program("--port", port) as process:
            _, said = process.communicate(timeout=20)

    assert said == f"Port {port} of 127.0.0.1 cannot be used: Address already in use.\n"


def test_a_socket_sends_head_and_body_without_a_pause() -> None:
    with (
        bound_socket("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_only_loopback_goes_without_a_token() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        require_token_off_loopback(host, None)
    require_token_off_loopback("0.0.0.0", TOKEN)
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(ValueError, match="--token-from-env"):
            require_token_off_loopback(host, None)


@pytest.mark.parametrize("token", ["", "two words", "é", "line\nend"])
def test_a_token_that_no_header_holds_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="The variable MINE must hold") as caught:
        endpoint_token("MINE", {"MINE": token})
    assert not token or token not in str(caught.value)


def test_a_token_is_taken_from_the_variable_that_is_named_and_no_other() -> None:
    environment = {"MINE": TOKEN, "CABOCHON_ENDPOINT_TOKEN": "other"}

    assert endpoint_token("MINE", environment) == TOKEN
    assert endpoint_token(None, environment) is None


def test_backends_are_set_by_the_environment() -> None:
    account = {"CLOUDFLARE_ACCOUNT_ID": "0" * 32, "CLOUDFLARE_AUTH_TOKEN": "x"}
    further = {"CABOCHON_MODEL": "@cf/other", "CLOUDFLARE_BASE_URL": "http://localhost:1/v4"}

    assert backend_of("builtin", {}) == BuiltIn()
    assert backend_of("cloudflare", account) == Cloudflare("0" * 32, "x")
    named = backend_of("cloudflare", account | further)
    assert (named.model, named.base_url) == ("@cf/other", "http://localhost:1/v4")
    with pytest.raises(InvalidRequestError):
        backend_of("cloudflare", {})


def test_an_engine_that_is_not_there_is_said(free_port: int) -> None:
    with pytest.raises(WorkersAIError):
        backend_of("local", {"CABOCHON_LOCAL_URL": f"http://127.0.0.1:{free_port}"})


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_local_engine_answers_in_both_forms() -> None:
    listed = Answer.document({"object": "list", "data": [{"id": "gemma-3-4b-it"}]})
    with EngineServer({"/v1/models": listed}) as engine:
        choice = {"message": {"content": '{"name": "get_weather", "parameters": {"city": "Rome"}}'}}
        engine.script(Answer.document({"choices": [choice], "usage": usage(9)}))
        backend = backend_of("local", {"CABOCHON_LOCAL_URL": engine.origin})
        with serving(endpoint_app(backend)) as served:
            run, chat = served.run(), served.chat(tools=[TOOL])
            body = engine.requests[-1].json()

    assert run.json()["result"]["usage"]["completion_tokens"] == 9
    assert "x-cabochon-sent-to" not in run.headers
    # Gemma's template has no tools: they are described in the prompt and found in the text.
    assert "tools" not in body
    assert "Get the current weather" in str(body["messages"])
    answer = chat.json()["choices"][0]
    assert answer["finish_reason"] == "tool_calls"
    function = {"name": "get_weather", "arguments": '{"city": "Rome"}'}
    assert answer["message"]["tool_calls"][0]["function"] == function


STREAMLIT = """
import streamlit as st
from backends import BuiltIn
from backends.endpoint.routes import routes

app = st.App("page.py", routes=routes(BuiltIn()))
"""


def test_the_routes_stand_beside_streamlit_s_pages(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "app.py").write_text(STREAMLIT)
    (tmp_path / "page.py").write_text("import streamlit as st\nst.write('Hello')\n")
    origin = f"http://127.0.0.1:{free_port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(free_port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
    )
    headers = {"authorization": "Bearer mine"}
    try:
        with httpx.Client(base_url=origin, headers=headers, trust_env=False, timeout=20) as http:
            wait_for(http)
            served = Served(origin, http)
            page = http.get("/")
            answer, streamed = served.run(), served.chat(stream=True)
            refused = served.run(Origin="http://evil.example")
            lost = http.get("/client/v4/elsewhere")
    finally:
        process.terminate()
        process.wait(20)

    assert "<html" in page.text
    assert answer.json()["success"]
    assert streamed.text.endswith("data: [DONE]\n\n")
    assert (refused.status_code, lost.status_code) == (403, 404)
    assert lost.json()["errors"][0]["code"] == 7003


def wait_for(http: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if http.get("/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("Streamlit was not served")


def test_an_error_of_the_program_is_reported_in_the_documented_form() -> None:
    class Broken(BuiltIn):
        def transport(self) -> httpx.BaseTransport:
            raise ZeroDivisionError

    with serving(endpoint_app(Broken())) as served:
        answer = served.run()

    assert answer.status_code == 500
    assert answer.json()["errors"][0]["code"] == 7009
    assert "Zero" not in answer.text
