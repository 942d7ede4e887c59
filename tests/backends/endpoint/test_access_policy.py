"""Access to the endpoint, its limits, and what happens when a caller leaves."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends import BuiltIn, endpoint_app
from backends.endpoint.access_policy import AccessPolicy, is_loopback
from backends.endpoint.limits import Limits
from backends.endpoint.redaction import Redactor
from backends.endpoint.service import Service
from tests.backends.endpoint.conftest import UPSTREAM_TOKEN
from tests.backends.endpoint.serving import (
    ACCOUNT,
    FREE,
    GEMMA,
    HELLO,
    Served,
    serving,
    serving_built_in,
)
from tests.backends.endpoint.test_run import inference_error
from tests.wire_server import Answer, WireServer
from workers_ai import PARAMETERS, Client, Cloudflare, parse_request

TOKEN = "one-of-my-own-4417"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Served]:
    with serving_built_in(token=TOKEN) as served:
        yield served


def front_end(answer: httpx.Response) -> tuple[int, int]:
    """Check the shape of an error of the API's front end (wire.md 3.1); return its numbers."""
    body = answer.json()
    (error,) = body["errors"]
    assert list(body) == ["result", "success", "errors", "messages"]
    assert (body["result"], body["success"], body["messages"]) == (None, False, [])
    assert list(error) == ["code", "message"]
    return answer.status_code, error["code"]


# Tokens


@pytest.mark.parametrize("route", ["run", "chat", "search", "verify"])
@pytest.mark.parametrize("authorization", ["", "Basic eDp5", "Bearer", "Bearer a b", "Bearer é"])
def test_without_a_bearer_token_it_is_9106(guarded: Served, route: str, authorization: str) -> None:
    assert front_end(asked(guarded, route, authorization)) == (400, 9106)


@pytest.mark.parametrize("given", ["x", TOKEN[:-1], TOKEN + "x", TOKEN.upper()])
def test_a_wrong_token_is_10000_and_1000_when_it_is_verified(guarded: Served, given: str) -> None:
    for route in ("run", "chat", "search"):
        assert front_end(asked(guarded, route, f"Bearer {given}")) == (401, 10000)
    assert front_end(asked(guarded, "verify", f"Bearer {given}")) == (401, 1000)


@pytest.mark.parametrize("route", ["run", "chat", "search", "verify"])
def test_the_right_token_is_taken(guarded: Served, route: str) -> None:
    assert asked(guarded, route, f"bearer  {TOKEN}").status_code == 200


@pytest.mark.parametrize("path", ["/user", f"/accounts/{ACCOUNT}"])
def test_a_verified_token_is_active_in_the_documented_words(guarded: Served, path: str) -> None:
    answer = guarded.get(f"{path}/tokens/verify", authorization=f"Bearer {TOKEN}").json()
    token_id = answer["result"].pop("id")

    assert len(token_id) == 32
    assert answer == {
        "result": {"status": "active"},
        "success": True,
        "errors": [],
        "messages": [
            {"code": 10000, "message": "This API Token is valid and active", "type": None}
        ],
    }


def asked(served: Served, route: str, authorization: str) -> httpx.Response:
    headers = [(b"Authorization", authorization.encode())]
    paths = {
        "run": served.run_path,
        "chat": served.chat_path,
        "search": f"/client/v4/accounts/{ACCOUNT}/ai/models/search",
        "verify": "/client/v4/user/tokens/verify",
    }
    body = {"run": HELLO, "chat": {"model": GEMMA, **HELLO}}.get(route)
    method = "POST" if body else "GET"
    with httpx.Client(base_url=served.origin, trust_env=False, timeout=20) as client:
        return client.request(method, paths[route], headers=headers, json=body)


def test_our_own_client_tells_a_refused_token(guarded: Served) -> None:
    with Client(guarded.backend("wrong")) as client, pytest.raises(Exception, match="Authen"):
        client.models()
    with Client(guarded.backend(TOKEN)) as client:
        assert client.models()


# Addresses


@pytest.mark.parametrize(
    ("method", "path", "refused"),
    [
        ("GET", "/", (404, 7003)),
        ("GET", "/client/v4", (404, 7003)),
        ("POST", "/client/v4/accounts/0/ai/run/@cf/x", (404, 7003)),
        ("POST", f"/client/v4/accounts/{ACCOUNT}/ai/run/", (404, 7003)),
        ("POST", f"/client/v4/accounts/{ACCOUNT}/ai/walk", (404, 7003)),
        ("GET", f"/client/v4/accounts/{ACCOUNT}/ai/run/{GEMMA}", (405, 7001)),
        ("OPTIONS", f"/client/v4/accounts/{ACCOUNT}/ai/run/{GEMMA}", (405, 7001)),
        ("POST", f"/client/v4/accounts/{ACCOUNT}/ai/models/search", (405, 7001)),
        ("GET", f"/client/v4/accounts/{ACCOUNT}/ai/v1/models", (405, 7001)),
        ("DELETE", "/client/v4/user/tokens/verify", (405, 7001)),
    ],
)
def test_other_paths_and_methods_are_refused_by_the_front_end(
    built_in: Served, method: str, path: str, refused: tuple[int, int]
) -> None:
    answer = built_in.http.request(method, path)

    assert front_end(answer) == refused
    expected = "Could not route to" if refused[0] == 404 else f"{method} not supported for"
    assert answer.json()["errors"][0]["message"].startswith(expected)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "x@127.0.0.1", "", "[::1"]
)
def test_a_name_that_was_bent_to_this_machine_is_refused(built_in: Served, host: str) -> None:
    assert front_end(built_in.run(Host=host)) == (403, 10000)


@pytest.mark.parametrize(
    "host", ["localhost:1", "127.0.0.1", "[::1]:8788", "LOCALHOST", "127.9.9.9"]
)
def test_the_names_of_loopback_are_taken(built_in: Served, host: str) -> None:
    assert built_in.run(Host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[evil"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_is_refused(built_in: Served, headers: dict[str, str]) -> None:
    for answer in (built_in.run(**headers), built_in.get("/user/tokens/verify", **headers)):
        assert front_end(answer) == (403, 10000)
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_page_of_the_same_origin_may_ask(built_in: Served) -> None:
    headers = {"Origin": built_in.origin, "Sec-Fetch-Site": "same-origin"}

    assert built_in.run(**headers).status_code == 200


def test_who_comes_through_a_proxy_needs_a_token(built_in: Served, guarded: Served) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}

    assert front_end(built_in.run(**forwarded)) == (403, 10000)
    assert guarded.run(**forwarded, Authorization=f"Bearer {TOKEN}").status_code == 200


@pytest.mark.parametrize("peer", ["203.0.113.7", "::ffff:203.0.113.7", "testclient"])
def test_other_machines_need_a_token(peer: str) -> None:
    headers = {"host": "127.0.0.1"}

    assert AccessPolicy(None, frozenset()).refusal(headers, peer) is not None
    assert AccessPolicy(TOKEN, frozenset()).refusal(headers, peer) is None
    assert AccessPolicy(None, frozenset()).refusal(headers, "::ffff:127.0.0.1") is None


def test_a_door_shows_no_token_and_takes_the_hosts_that_it_is_given() -> None:
    policy = AccessPolicy(TOKEN, frozenset({"models.example"}))

    assert TOKEN not in repr(policy)
    assert policy.refusal({"host": "Models.example:443"}, "203.0.113.7") is None
    assert policy.refusal({"host": "other.example"}, "203.0.113.7") is not None
    assert AccessPolicy(TOKEN, None).refusal({"host": "other.example"}, "203.0.113.7") is None


def test_a_name_is_not_looked_up() -> None:
    assert [is_loopback(name) for name in ("localhost", "::1", "127.8.8.8")] == [True] * 3
    assert not any(map(is_loopback, ("localhost.example", "0.0.0.0", "::", "8.8.8.8")))


# Limits


def test_a_body_over_the_limit_is_3006_announced_or_not() -> None:
    def in_pieces() -> Iterator[bytes]:
        yield from [b'{"prompt":"', *[b"x" * 1000] * 3, b'"}']

    with serving_built_in(limits=Limits(body=2000)) as served:
        announced = served.run({"prompt": "x" * 3000})
        in_chunks = served.http.post(served.run_path, content=in_pieces())
        fits = served.run({"prompt": "x" * 1000})

    assert [inference_error(answer) for answer in (announced, in_chunks)] == [3006, 3006]
    assert (announced.status_code, in_chunks.status_code, fits.status_code) == (413, 413, 200)


def test_a_body_that_does_not_come_is_3007() -> None:
    with serving_built_in(limits=Limits(body_seconds=0.2)) as served:
        host, port = served.origin.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = f"POST {served.run_path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n"
            connection.sendall(f"{head}Authorization: Bearer x\r\n\r\n{{".encode())
            answer = b""
            while b"}" not in answer and (came := connection.recv(65_536)):
                answer += came

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":3007' in answer


def test_the_rate_is_limited_for_all_together_and_says_when_to_come_back() -> None:
    with serving_built_in(limits=Limits(per_minute=2)) as served:
        answers = [served.run(), served.chat(), served.run(), served.chat()]
        listing = served.get(f"/accounts/{ACCOUNT}/ai/models/search")

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert {inference_error(answer) for answer in answers[2:]} == {3021}
    assert 50 <= int(answers[2].headers["retry-after"]) <= 60
    assert listing.status_code == 200


def test_more_answers_at_once_than_there_is_room_for_are_3040(upstream: WireServer) -> None:
    upstream.script(Answer.stream(["a"] * 3000).paced(0.02), Answer.json("b"))
    backend = Cloudflare("0" * 32, UPSTREAM_TOKEN, base_url=upstream.base_url)
    with serving(endpoint_app(backend, limits=Limits(concurrency=1))) as served:
        body = {**HELLO, "stream": True}
        with served.http.stream("POST", served.run_path, json=body) as answer:
            # Kept: a discarded iterator closes the connection.
            pieces = answer.iter_raw()
            next(pieces)
            refused = served.run()
        after = until_taken(served)

    assert (refused.status_code, inference_error(refused)) == (429, 3040)
    assert refused.headers["retry-after"] == "1"
    assert after < 2


def until_taken(served: Served) -> float:
    """Return the seconds until the endpoint accepts requests again."""
    began = time.monotonic()
    while served.run().status_code == 429:
        assert time.monotonic() - began < 10
    return time.monotonic() - began


@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_who_leaves_ends_the_call_of_the_backend(
    over_wire: Served, upstream: WireServer, *, stream: bool
) -> None:
    """Before the first byte, and after it."""
    slow = Answer.stream(["a"] * 1000).paced(0.02) if stream else Answer.json("x").after(60)
    upstream.script(slow)
    with httpx.Client(base_url=over_wire.origin, trust_env=False, timeout=0.5) as client:
        headers = {"authorization": "Bearer x"}
        if stream:
            body = {**HELLO, "stream": True}
            with client.stream("POST", over_wire.run_path, json=body, headers=headers) as answer:
                next(answer.iter_raw())
        else:
            with pytest.raises(httpx.ReadTimeout):
                client.post(over_wire.run_path, json=HELLO, headers=headers)
        left = time.monotonic()

    assert upstream.until(lambda server: bool(server.closed_by_client), 3)
    assert upstream.closed_by_client[0].time - left < 1


def test_a_slow_reader_does_not_fill_the_memory(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.events(b"data: {}\n\n" * 1000, done=False).endless())
    headers = {"authorization": "Bearer x"}
    with httpx.stream(
        "POST", over_wire.origin + over_wire.run_path, json=HELLO, headers=headers, trust_env=False
    ) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        time.sleep(1)
        (request,) = upstream.requests
        held = len(request.sent)
        time.sleep(0.3)

        assert len(request.sent) - held < 3
        # 10 kB per write: 20 MB include the sockets' buffers on both sides.
        assert held < 2000


def test_two_hundred_streams_are_held_at_once() -> None:
    at_once = threading.Barrier(200)

    def listen(served: Served) -> bytes:
        with served.http.stream("POST", served.run_path, json={**HELLO, "stream": True}) as answer:
            pieces = answer.iter_raw()
            first = next(pieces)
            at_once.wait(30)
            return first + b"".join(pieces)

    with WireServer(api_token=UPSTREAM_TOKEN) as upstream:
        upstream.script(Answer.words(30, rate=10))
        backend = Cloudflare("0" * 32, UPSTREAM_TOKEN, base_url=upstream.base_url)
        with (
            serving(endpoint_app(backend, limits=FREE)) as served,
            httpx.Client(
                base_url=served.origin,
                headers={"authorization": "Bearer x"},
                limits=httpx.Limits(max_connections=200),
                trust_env=False,
                timeout=30,
            ) as http,
            ThreadPoolExecutor(200) as pool,
        ):
            served.http.close()
            served.http = http
            heard = list(pool.map(lambda _: listen(served), range(200)))

    assert len(set(heard)) == 1
    assert heard[0].endswith(b"data: [DONE]\n\n")


def test_a_server_that_stops_does_not_wait_for_its_streams() -> None:
    headers = {"authorization": "Bearer x"}
    with httpx.Client(headers=headers, trust_env=False, timeout=20) as client:
        with serving(endpoint_app(BuiltIn(tokens_per_second=0.5))) as served:
            body = {**HELLO, "stream": True}
            request = client.build_request("POST", served.origin + served.run_path, json=body)
            answer = client.send(request, stream=True)
            pieces = answer.iter_raw()
            next(pieces)
            began = time.monotonic()
        assert time.monotonic() - began < 10
        answer.close()


# Secrets


def test_no_token_and_no_prompt_is_logged(
    guarded: Served, over_wire: Served, upstream: WireServer, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "uvicorn", "httpcore", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    upstream.script(Answer.stream(["Fine"]).broken(1, "reset"))
    body = {"prompt": "a secret prompt", "stream": True}
    guarded.run(body, Authorization=f"Bearer {TOKEN}")
    guarded.run(body, Authorization="Bearer wrong-token-77")
    over_wire.run(body)
    own = (record for record in caplog.records if record.name.split(".")[0] != "httpx")
    logged = "\n".join(f"{record.getMessage()} {record.args!r}" for record in own)

    for secret in (TOKEN, "wrong-token-77", UPSTREAM_TOKEN, "a secret prompt"):
        assert secret not in logged


@given(data=st.data())
def test_a_secret_is_found_however_it_is_cut(data: st.DataObject) -> None:
    secret = data.draw(st.text('ab-"', min_size=1, max_size=6), "secret")
    text = data.draw(st.lists(st.sampled_from(["a", "b", "-", "\n", secret]), max_size=20), "text")
    whole = "".join(text).encode()
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole))), "cuts"))
    redactor = Redactor([secret])
    passed = [
        redactor.feed(whole[a:b]) for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)
    ]
    shown = b"".join(passed) + redactor.flush()

    assert secret.encode() not in shown.replace(b"[redacted]", b"|")
    if secret.encode() not in whole:
        assert shown == whole


def test_a_service_counts_nobody_at_first_and_closes() -> None:
    service = Service(BuiltIn(), Limits())

    assert service.in_progress == 0
    service.close()


# Arbitrary input


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = [
    *PARAMETERS,
    *("prompt", "messages", "tools", "guided_json", "functions", "lora", "response_format"),
    *("stop", "n", "tool_choice", "stream_options", "model", "max_completion_tokens"),
]
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "role": st.sampled_from(["user", "assistant", "system", "tool", "developer"]) | JSON,
            "content": st.text(max_size=9) | JSON,
            "tool_calls": JSON,
            "name": JSON,
        },
    ),
    max_size=3,
)
BODIES = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5) | st.fixed_dictionaries(
    {"messages": MESSAGES | JSON, "max_tokens": st.integers(-2, 9)},
    optional={"stream": st.booleans(), "tools": JSON, "guided_json": JSON, "stop": JSON},
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES | JSON)
def test_no_body_makes_the_endpoint_fail(built_in: Served, body: Any) -> None:
    for path in (built_in.run_path, built_in.chat_path):
        whole = {"model": GEMMA, **body} if isinstance(body, dict) else body
        content = json.dumps(whole if path == built_in.chat_path else body).encode()
        answer = built_in.http.post(path, content=content)
        if answer.status_code == 200:
            assert "errors" not in answer.text or answer.json()["errors"] == []
        else:
            assert 400 <= answer.status_code < 500
            assert inference_error(answer)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=50))
def test_no_bytes_make_the_endpoint_fail(built_in: Served, content: bytes) -> None:
    for path in (built_in.run_path, built_in.chat_path):
        assert inference_error(built_in.http.post(path, content=content)) == 5006


def test_a_request_that_our_client_makes_is_taken(built_in: Served) -> None:
    with Client(built_in.backend()) as client:
        assert client.run(parse_request({"prompt": "Hello"})).text
