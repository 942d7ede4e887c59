"""The documented form: our own client talks to the endpoint as it does to Workers AI."""

import json
import re
from typing import Any

import httpx
import pytest

from schemas import sample_picture
from tests.backends.endpoint.serving import ACCOUNT, GEMMA, HELLO, Served
from tests.wire_server import Answer, Failure, Request, WireServer, event
from workers_ai import (
    APIStatusError,
    AuthenticationError,
    Client,
    ContextWindowError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    Stop,
    parse_request,
    read_image,
)

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TOOL = {
    "name": "get_weather",
    "description": "Get the current weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city"}},
        "required": ["city"],
    },
}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "size": {"type": "integer"}},
    "required": ["city", "size"],
    "additionalProperties": False,
}


def question(text: str, **body: Any) -> Any:
    return parse_request({"messages": [{"role": "user", "content": text}], **body})


def test_our_client_gets_the_answer_that_the_backend_gives(built_in: Served) -> None:
    with Client(built_in.backend()) as client:
        whole = client.run(question("What is a neuron?", temperature=0))
        *chunks, last = client.stream(question("What is a neuron?", temperature=0))

    assert whole.finish == last.finish == "done"
    assert "".join(chunk.text for chunk in chunks) == whole.text
    assert whole.text.startswith("A neuron is the unit")
    assert last.usage == whole.usage
    assert last.damaged == 0


def test_a_stream_can_be_stopped(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.stream(["a"] * 1000).paced(0.01))
    stop = Stop()
    with Client(over_wire.backend()) as client:
        answer = client.stream(question("Hello"), stop=stop)
        next(answer)
        stop.set()

        assert [chunk.finish for chunk in answer][-1] == "stopped"
    assert upstream.until(lambda server: bool(server.closed_by_client), 3)


def test_tools_are_called(built_in: Served) -> None:
    with Client(built_in.backend()) as client:
        answer = client.run(question("What is the weather in Paris?", tools=[TOOL]))

    (call,) = answer.tool_calls
    assert (call.name, call.arguments) == ("get_weather", {"city": "Paris"})


def test_guided_json_is_followed(built_in: Served) -> None:
    with Client(built_in.backend()) as client:
        answer = client.run(question("Describe Paris", guided_json=SCHEMA))

    assert set(json.loads(answer.text)) == {"city", "size"}


def test_the_schema_of_a_response_format_is_followed(built_in: Served) -> None:
    """Libraries send it for models that have no `guided_json` (wire.md 6)."""
    response_format = {"type": "json_schema", "json_schema": SCHEMA}
    answer = built_in.run({**HELLO, "response_format": response_format}).json()

    assert set(json.loads(answer["result"]["response"])) == {"city", "size"}


def test_a_picture_is_looked_at(built_in: Served) -> None:
    picture = {
        "type": "image_url",
        "image_url": {"url": read_image(sample_picture("receipt")).data_uri},
    }
    content = [{"type": "text", "text": "What is in this picture?"}, picture]
    with Client(built_in.backend()) as client:
        answer = client.run(parse_request({"messages": [{"role": "user", "content": content}]}))

    assert "pixels" in answer.text


def test_the_catalog_has_the_documented_model_and_the_backend_s_own(built_in: Served) -> None:
    with Client(built_in.backend()) as client:
        names = [entry["name"] for entry in client.models()]

    assert names == [GEMMA, "cabochon-help-ngram"]


@pytest.mark.parametrize("query", ["search=zzz", "page=2"])
def test_a_search_that_finds_nothing_is_an_empty_list(built_in: Served, query: str) -> None:
    answer = built_in.get(f"/accounts/{ACCOUNT}/ai/models/search?{query}")

    assert answer.json() == {"result": [], "success": True, "errors": [], "messages": []}


def test_the_backend_s_own_model_id_is_answered_too(built_in: Served) -> None:
    with Client(built_in.backend(model="cabochon-help-ngram")) as client:
        assert client.run(question("Hello")).text


def test_the_schemas_are_the_page_s(built_in: Served) -> None:
    path = f"/accounts/{ACCOUNT}/ai/models/schema?model="
    schema = built_in.get(path + GEMMA).json()["result"]

    assert list(schema) == ["input", "output"]
    assert schema["input"]["oneOf"][0]["required"] == ["prompt"]
    assert built_in.get(path + "cabochon-help-ngram").json()["result"] == schema
    assert built_in.get(path + "@cf/other").json()["errors"][0]["code"] == 5007


def test_every_answer_says_who_made_it(built_in: Served) -> None:
    headers = built_in.run().headers

    assert headers["x-cabochon-backend"] == "Built-in"
    assert headers["x-cabochon-model"] == "cabochon-help-ngram"
    assert re.fullmatch(UUID, headers["cf-ai-req-id"])


def test_the_bytes_of_the_backend_pass_unchanged(over_wire: Served, upstream: WireServer) -> None:
    body = b'{"result":{"response":"caf\xc3\xa9 \\ud83d\\ude42"},"success":true,"errors":[]}'
    upstream.script(Answer.of(body))

    assert over_wire.run().content == body


@pytest.mark.parametrize("cut", ["events", "bytes", "whole"])
def test_the_bytes_of_a_stream_pass_unchanged(
    over_wire: Served, upstream: WireServer, cut: str
) -> None:
    events = Answer.stream_b(["Grü", "ße", " 🙂"])
    sent = b"".join(piece for piece in events.body if isinstance(piece, bytes))
    upstream.script({"events": events, "bytes": events.cut(1), "whole": events.whole()}[cut])
    answer = over_wire.run({**HELLO, "stream": True})

    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.content == sent


def test_what_was_asked_goes_to_the_backend_s_model_byte_by_byte(
    over_wire: Served, upstream: WireServer
) -> None:
    sent = b'{ "prompt": "caf\xc3\xa9", "temperature": 1e0, "made_up": [1] }'
    headers = {"x-session-affinity": "s1", "cf-aig-gateway-id": "theirs", "cookie": "a=b"}
    over_wire.http.post(over_wire.run_path, content=sent, headers=headers)

    (request,) = upstream.requests
    assert request.body == sent
    assert request.path == f"/client/v4/accounts/{'0' * 32}/ai/run/{GEMMA}"
    assert request.headers["x-session-affinity"] == "s1"
    assert not {"cf-aig-gateway-id", "cookie", "origin"} & set(request.headers)


def test_a_path_may_be_percent_encoded(built_in: Served) -> None:
    path = f"/client/v4/accounts/{ACCOUNT}/ai/run/%40cf%2Fgoogle%2Fgemma-3-12b-it"

    assert built_in.http.post(path, json=HELLO).status_code == 200


ERRORS: list[tuple[int, type[APIStatusError]]] = [
    (3036, QuotaError),
    (3040, RateLimitError),
    (3046, APIStatusError),
    (5006, APIStatusError),
    (5018, ModelUnavailableError),
    (5021, ContextWindowError),
    (5028, ModelUnavailableError),
    (7009, APIStatusError),
    (10000, AuthenticationError),
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("code", "kind"), ERRORS)
def test_every_error_of_the_backend_passes_as_it_is(
    over_wire: Served, upstream: WireServer, code: int, kind: type[APIStatusError], *, stream: bool
) -> None:
    failure = Failure.status(code=code, retry_after=7)
    upstream.script(failure)
    answer = over_wire.run({**HELLO, "stream": stream})

    assert answer.content == failure.body[0]
    assert answer.status_code == failure.status
    assert answer.headers["retry-after"] == "7"
    with Client(over_wire.backend(), max_retries=0) as client, pytest.raises(kind) as caught:
        client.run(question("Hello"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Failure.gateway(), 401, 2009),
        (Failure.relayed(), 400, 5006),
        (Failure.openai(), 400, 7009),
        (Failure.html(502), 502, 7009),
        (Failure.html(403), 403, 7009),
        (Failure.empty(500), 500, 7009),
        (Failure.empty(), 502, 7009),
        (Failure.portal(), 502, 7009),
        (Failure.redirect("http://elsewhere.invalid/"), 502, 7009),
        (Failure.huge(megabytes=2), 500, 7009),
        (Answer.document([1, 2]), 502, 7009),
        (Answer.flood('{"result":', 9, "application/json"), 502, 7009),
    ],
)
def test_what_is_no_documented_error_becomes_one(
    over_wire: Served, upstream: WireServer, failure: Answer, status: int, code: int
) -> None:
    upstream.script(failure)
    answer = over_wire.run()

    assert (answer.status_code, inference_error(answer)) == (status, code)
    assert len(answer.content) < 2000


def inference_error(answer: httpx.Response) -> int:
    """Check the shape of an error of Workers AI itself, and return its code (wire.md 3.1)."""
    body = answer.json()
    (error,) = body.pop("errors")
    assert body == {"success": False, "result": {}, "messages": []}
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(rf"AiError: .+ \({UUID}\)", error["message"], re.DOTALL)
    assert "\n" not in error["message"]
    return int(error["code"])


def test_a_success_that_is_a_failure_passes_as_it_came(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Failure.unsuccessful())

    assert over_wire.run().content == Failure.unsuccessful().body[0]


def test_nobody_at_the_backend_s_address_is_7009(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.bare())

    assert inference_error(over_wire.run()) == 7009


def test_a_stream_that_breaks_ends_with_an_error_event(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Answer.stream(["Hel", "lo"]).torn(2))
    *events, half, last = over_wire.run({**HELLO, "stream": True}).text.split("\n\n")[:-1]

    assert [json.loads(each[6:])["response"] for each in events] == ["Hel", "lo"]
    assert half == 'data: {"respo'
    assert json.loads(last[6:])["errors"][0]["code"] == 7009


def test_a_stream_that_just_ends_is_not_made_whole(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.stream(["Hel", "lo"], done=False))
    with Client(over_wire.backend()) as client:
        *_, last = client.stream(question("Hello"))

    assert last.finish == "ended_early"


def test_a_line_that_stays_open_behind_done_does_not_hold_the_answer(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Answer.stream(["Hello"]).held())

    assert over_wire.run({**HELLO, "stream": True}).text.endswith("data: [DONE]\n\n")


def test_connections_to_the_backend_are_used_again(over_wire: Served, upstream: WireServer) -> None:
    for body in (HELLO, {**HELLO, "stream": True}) * 3:
        assert over_wire.run(body).status_code == 200
    for stream in (False, True) * 3:
        assert over_wire.chat(stream=stream).status_code == 200

    assert upstream.connections == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[1]",
        '{"prompt":"x"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"prompt":"x","temperature":NaN}',
        b'{"prompt":"x","temperature":9}',
        b'{"messages":[{"role":"user","content":null}]}',
    ],
)
def test_a_bad_body_is_5006_and_never_reaches_the_backend(
    over_wire: Served, upstream: WireServer, content: bytes
) -> None:
    for path in (over_wire.run_path, over_wire.chat_path):
        chat = path == over_wire.chat_path and b"content" in content
        if not chat:  # null is allowed there
            answer = over_wire.http.post(path, content=content)
            assert (answer.status_code, inference_error(answer)) == (400, 5006)
    assert upstream.requests == []


def test_a_fault_is_named_by_its_place(built_in: Served) -> None:
    message = built_in.run({"prompt": "x", "temperature": 9}).json()["errors"][0]["message"]

    assert message.startswith("AiError: Bad input: Error: '/temperature' 9 is not accepted")


def test_an_unknown_model_is_5007(built_in: Served) -> None:
    path = f"/client/v4/accounts/{ACCOUNT}/ai/run/@cf/meta/other"
    answer = built_in.http.post(path, json=HELLO)

    assert (answer.status_code, inference_error(answer)) == (400, 5007)
    assert inference_error(built_in.chat(model="other")) == 5007


def echoed(how: str) -> Any:
    def answer(request: Request) -> Answer:
        token = request.headers["authorization"].removeprefix("Bearer ")
        spelled = Answer.events({"response": f"Your token is {token}."}, event({"response": token}))
        return {
            "error": Failure.status(code=10000, message=f"Bad token {token}"),
            "page": Answer.of(f"<html><title>{token}</title>".encode(), "text/html", 502),
            "text": Answer.of(f"no {token}".encode(), "text/plain", 418),
            "headers": Answer.json("x").with_headers({"cf-ray": token, "x-echo": token}),
            "answer": Answer.json(f"It is {token}"),
            "stream": spelled.cut(1),
            "amid": Answer.events(
                {"response": "a"}, {"errors": [{"code": 3040, "message": token}]}
            ),
            "status line": Answer.bare(f"HTTP/9 {token}\r\n\r\n".encode()),
        }[how]

    return answer


@pytest.mark.parametrize("route", ["run", "chat"])
@pytest.mark.parametrize(
    "how", ["error", "page", "text", "headers", "answer", "stream", "amid", "status line"]
)
def test_the_operator_s_token_reaches_no_caller(
    over_wire: Served, upstream: WireServer, how: str, route: str
) -> None:
    upstream.script(echoed(how))
    for stream in (False, True):
        body = {**HELLO, "stream": stream}
        answer = over_wire.run(body) if route == "run" else over_wire.chat(stream=stream)
        seen = f"{answer.text} {answer.headers}"
        assert "operators-canary" not in seen
    assert upstream.requests[0].headers["authorization"].endswith("operators-canary-5518")
