"""The test server sends exactly the scripted bytes at the scripted times."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from tests.wire_server import Answer, Ending, Failure, Pause, WireServer

PATH = f"/client/v4/accounts/{'0' * 32}/ai/run/@cf/google/gemma-3-12b-it"
TOKEN = {"Authorization": "Bearer made-up"}


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


def connect(server: WireServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.origin.rpartition(":")[2])), 5)


def ask(sock: socket.socket, body: bytes = b"{}", path: str = PATH) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n"
    sock.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def everything(sock: socket.socket) -> bytes:
    data = b""
    while piece := sock.recv(65536):
        data += piece
    return data


def post(server: WireServer, answer: Answer) -> httpx.Response:
    server.script(answer)
    return httpx.post(server.origin + PATH, json={}, headers=TOKEN, timeout=5)


def test_the_bytes_of_a_native_stream_are_those_of_the_wire(server: WireServer) -> None:
    answer = Answer.stream(["Hé", 4, None]).whole()
    body = post(server, answer).content

    counted = b'{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}'
    assert body.split(b"\n\n") == [
        'data: {"response":"Hé","p":"abdef"}'.encode(),
        b'data: {"response":4,"p":"abdefghijklmnoprstuvxy"}',
        b'data: {"response":null,"p":"abdefghijklmnoprstuvxyz1234567890abdefg"}',
        b'data: {"response":""}',
        b'data: {"response":"","usage":%b}' % counted,
        b"data: [DONE]",
        b"",
    ]


def test_each_write_is_one_chunk_of_http(server: WireServer) -> None:
    server.script(Answer.events(b"abc", b"d", done=False).with_headers({"Connection": "close"}))
    with closing(connect(server)) as sock:
        ask(sock)
        sock.shutdown(socket.SHUT_WR)
        head, _, body = everything(sock).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n")
    assert body == b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"


def test_one_connection_carries_many_requests(server: WireServer) -> None:
    server.script(Answer.json("one"), Answer.stream(["two"]), Failure.html(502))
    with httpx.Client(headers=TOKEN) as client:
        statuses = [client.post(server.origin + PATH, json={"n": n}).status_code for n in range(4)]
        assert server.open_connections == 1

    assert statuses == [200, 200, 502, 502]
    assert [request.json()["n"] for request in server.requests] == [0, 1, 2, 3]
    assert server.connections == 1
    assert server.until(lambda s: s.open_connections == 0)
    assert [closing.mid_answer for closing in server.closed_by_client] == [False]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("POST", PATH.replace("@", "%40"), TOKEN, 404, 7003),
        ("POST", PATH.replace("0" * 32, "nobody"), TOKEN, 404, 7003),
        ("GET", PATH, TOKEN, 405, 7001),
        ("POST", PATH, {}, 400, 9106),
        ("POST", PATH, {"Authorization": "Bearer wrong"}, 401, 10000),
    ],
)
def test_a_request_that_no_account_could_send_is_refused(
    method: str, path: str, headers: dict[str, str], status: int, code: int
) -> None:
    with WireServer(api_token="right") as server:
        answer = httpx.request(method, server.origin + path, headers=headers)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["code"] == code


def test_the_retired_model_is_refused_in_the_documented_words(server: WireServer) -> None:
    answer = post(server, Failure.status(code=5028))

    assert answer.status_code == 410
    assert answer.content == (
        b'{"errors":[{"message":"AiError: Model has been deprecated: This model was deprecated on'
        b' 2026-05-30. Please use an alternative model. (82a04848-3b5f-4c7e-9d0a-6f1e2d3c4b5a)",'
        b'"code":5028}],"success":false,"result":{},"messages":[]}'
    )


def test_the_catalog_has_a_script_of_its_own(server: WireServer) -> None:
    url = f"{server.base_url}/accounts/{'0' * 32}/ai/models/search?search=nonsense"
    server.script(Answer.json("not for a search"))

    assert httpx.get(url, headers=TOKEN).json()["result"][0]["name"].startswith("@cf/")
    server.script_search(Failure.status(403, code=10000))
    assert httpx.get(url, headers=TOKEN).status_code == 403


def test_cutting_changes_the_writes_and_never_the_bytes() -> None:
    answer = Answer.stream(["naïve", " 🙂"])
    body = b"".join(piece for piece in answer.whole().body if isinstance(piece, bytes))

    for cut in (answer.cut(1), answer.cut(7), answer.cut_randomly(1), answer.cut_randomly(2)):
        assert b"".join(piece for piece in cut.body if isinstance(piece, bytes)) == body
    assert len(answer.cut(1).body) == len(body)
    assert answer.cut_randomly(1) == answer.cut_randomly(1) != answer.cut_randomly(2)


def test_line_ends_boms_and_comments_are_put_in() -> None:
    answer = Answer.events({"response": "a\nb"}, done=False).with_comments()

    assert answer.with_line_ends("\r").with_bom().body == (
        b"\xef\xbb\xbf",
        b': still here\rdata: {"response":"a\\nb"}\r\r',
    )


def test_a_lone_surrogate_travels_as_an_escape() -> None:
    assert Answer.events({"response": "\ud83d"}, done=False).body == (
        b'data: {"response":"\\ud83d"}\n\n',
    )


def test_tokens_come_at_their_rate_without_drift(server: WireServer) -> None:
    server.script(Answer.words(200, rate=500))
    httpx.post(server.origin + PATH, json={"stream": True}, headers=TOKEN)

    sent = server.requests[0].sent
    assert sent[200] - sent[1] == pytest.approx(199 / 500, abs=0.1)


def test_a_slow_first_byte_is_slow_and_the_rest_is_not(server: WireServer) -> None:
    server.script(Answer.stream(["late"]).after(0.2))
    httpx.post(server.origin + PATH, json={}, headers=TOKEN)
    request = server.requests[0]

    assert 0.2 <= request.sent[0] - request.time < 0.5
    assert request.sent[-1] - request.sent[0] < 0.1


def test_dripping_sends_head_and_body_byte_by_byte(server: WireServer) -> None:
    server.script(Answer.json("x").dripped(0.001))
    httpx.post(server.origin + PATH, json={}, headers=TOKEN)
    sent = server.requests[0].sent

    assert len(sent) > 200
    assert 0.0009 * len(sent) < sent[-1] - sent[0] < 0.002 * len(sent)


def test_a_reset_is_a_reset_and_a_close_is_a_close(server: WireServer) -> None:
    server.script(Answer.bare(Ending.RESET), Answer.bare(Ending.CLOSE))
    with closing(connect(server)) as sock:
        ask(sock)
        with pytest.raises(ConnectionResetError):
            everything(sock)
    with closing(connect(server)) as sock:
        ask(sock)
        assert everything(sock) == b""


def test_a_broken_stream_sends_what_comes_before(server: WireServer) -> None:
    server.script(Answer.stream(["a", "b", "c"]).broken(2, "close"))
    with closing(connect(server)) as sock:
        ask(sock)
        received = everything(sock)

    assert b'"response":"b"' in received
    assert b'"response":"c"' not in received
    assert not received.endswith(b"0\r\n\r\n")


def test_a_torn_stream_ends_inside_a_chunk(server: WireServer) -> None:
    server.script(Answer.stream(["a", "b"]).torn(1))
    with closing(connect(server)) as sock:
        ask(sock)

        assert everything(sock).endswith(b'40\r\ndata: {"respo')


def test_a_held_line_stays_open_until_the_client_leaves(server: WireServer) -> None:
    server.script(Answer.stream(["all"]).held())
    sock = connect(server)
    ask(sock)
    received = b""
    while b"[DONE]" not in received:
        received += sock.recv(65536)

    assert not server.until(lambda s: s.open_connections == 0, 0.2)
    left = time.monotonic()
    sock.close()
    assert server.until(lambda s: s.open_connections == 0)
    (seen,) = server.closed_by_client
    assert seen.mid_answer
    assert 0 <= seen.time - left < 0.1


def test_an_endless_stream_ends_when_the_client_leaves(server: WireServer) -> None:
    server.script(Answer.stream(["more"], done=False).endless())
    with closing(connect(server)) as sock:
        ask(sock)
        for _ in range(50):
            sock.recv(65536)

    assert server.until(lambda s: len(s.closed_by_client) == 1)


def test_stopping_ends_everything_at_once_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with WireServer() as server:
        server.script(Answer.bare(Pause(60)))
        idle, waiting = connect(server), connect(server)
        ask(waiting)
        assert server.until(lambda s: len(s.requests) == 1 and s.connections == 2)
        start = time.monotonic()
    with closing(idle), closing(waiting):
        assert time.monotonic() - start < 1
        assert threading.active_count() == before
        assert server.closed_by_client == []


def test_a_bomb_is_small_on_the_wire_and_large_behind_it(server: WireServer) -> None:
    answer = post(server, Answer.bomb(5))

    assert int(answer.headers["Content-Length"]) < 50_000
    assert len(answer.content) > 5_000_000


def test_a_body_that_comes_in_chunks_is_read_whole(server: WireServer) -> None:
    body = (part for part in (b'{"a":', b"1}"))
    httpx.post(server.origin + PATH, content=body, headers=TOKEN)

    assert server.requests[0].json() == {"a": 1}


def test_a_client_that_waits_for_continue_gets_it(server: WireServer) -> None:
    with closing(connect(server)) as sock:
        head = f"POST {PATH} HTTP/1.1\r\nAuthorization: Bearer t\r\nContent-Length: 2\r\n"
        sock.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"{}")
        assert sock.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_a_tls_handshake_is_turned_away(server: WireServer) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.origin.replace("http:", "https:"), timeout=5)


def test_another_process_can_set_the_script_and_read_the_requests() -> None:
    arguments = ["-m", "tests.wire_server", "--tokens", "3", "--rate", "500"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        [sys.executable, *arguments], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        origin = base_url.removesuffix("/client/v4")
        with httpx.Client(base_url=origin, headers=TOKEN) as client:
            assert "word2" in client.post(PATH, json={"stream": True}).text
            script = [
                [["Failure.status", {"code": 3021}], ["with_retry_after", {"retry_after": 7}]]
            ]
            assert client.post("/__script__", json={"run": script}).status_code == 200
            assert client.post(PATH, json={}).headers["Retry-After"] == "7"
            assert client.post("/__script__", json={"walk": []}).status_code == 400
            assert client.post("/__script__", json={"run": [[["Answer.x", {}]]]}).status_code == 400
            listed = client.get("/__requests__").json()
        os.kill(process.pid, signal.SIGTERM)

    assert [json.loads(request["body"]) for request in listed["requests"]] == [{"stream": True}, {}]
    assert listed["requests"][0]["headers"]["authorization"] == "Bearer made-up"
    assert all(a <= b for a, b in pairwise(listed["requests"][0]["sent"]))
    assert process.returncode == 0
