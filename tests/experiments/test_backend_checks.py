"""What a backend supports, judged by its responses."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from backends import BuiltIn, LocalEngine
from experiments import CHECKS, BackendCheck, CheckResult, check_backend
from tests.backends.local.engine_server import EngineServer
from tests.wire_server import Answer, Ending, Failure, WireServer
from workers_ai import Client, Cloudflare, Stop
from workers_ai.address_policy import AddressRule

TOKEN = "token-canary-3f"
CALL = {"name": "get_weather", "arguments": {"city": "Paris"}}
GOOD: dict[str, list[Any]] = {
    "plain": [Answer.json("A piece of text.")],
    "stream": [Answer.stream(["A", " piece"])],
    "image": [Answer.json("Red.")],
    "tools": [Answer.json("", tool_calls=[CALL])],
    "schema": [Answer.json('{"color": "red", "count": 1}')],
    "seed": [Answer.json("One."), Answer.json("One."), Answer.json("Two.")],
    "system": [Answer.json("Marble")],
    "raw": [Answer.json("Hello!")],
}
"""The answers of a backend that supports everything."""

REFUSED = Failure.openai(400, "this model takes nothing of the kind")
UNENDED = Answer.stream(["A", " piece"], done=False)
UNCOUNTED = Answer.events({"response": "A"}, {"response": " piece"})
DAMAGED = Answer.events({"response": "A"}, b'data: {"resp\n\n', {"response": " piece"})
WRITTEN_CALL = Answer.json('[{"name": "get_weather", "parameters": {"city": "Paris"}}]')
UNKNOWN_CALL = Answer.json("", tool_calls=[{"name": "look_outside", "arguments": {}}])
HALF_A_CALL = Answer.json("", tool_calls=[{"name": "get_weather", "arguments": '{"city'}])


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    with Client(backend_at(server), max_retries=0, read_timeout=0.3) as opened:
        yield opened


def backend_at(server: WireServer) -> Cloudflare:
    return Cloudflare("0" * 32, TOKEN, base_url=server.base_url)


def scripted(server: WireServer, **other: list[Any]) -> None:
    """Make the server give these answers in place of the good ones."""
    server.script(*[answer for answers in (GOOD | other).values() for answer in answers])


def checked(server: WireServer, client: Client, **other: list[Any]) -> dict[str, CheckResult]:
    scripted(server, **other)
    return {result.name: result for result in check_backend(client)}


def verdicts(results: dict[str, CheckResult]) -> dict[str, str]:
    return {name: result.verdict for name, result in results.items()}


def all_but(**other: str) -> dict[str, str]:
    """Return good verdicts for all checks except these."""
    return dict.fromkeys(CHECKS, "works") | other


def ended_at(name: str, first: str) -> dict[str, str]:
    """Return the verdicts if an error in one check ends the rest."""
    at = CHECKS.index(name)
    rest = dict.fromkeys(CHECKS[at + 1 :], "not tried")
    return {**dict.fromkeys(CHECKS[:at], "works"), name: first, **rest}


def test_a_backend_that_supports_everything_is_reported_as_such(
    server: WireServer, client: Client
) -> None:
    found = checked(server, client)

    assert tuple(found) == CHECKS
    assert verdicts(found) == all_but()
    assert [result.calls for result in found.values()] == [1, 1, 1, 1, 1, 3, 1, 1]
    assert len(server.requests) == 10


def test_the_calls_are_small_and_ask_for_what_they_check(
    server: WireServer, client: Client
) -> None:
    checked(server, client)
    plain, stream, image, tools, schema, *seeds, system, raw = [r.json() for r in server.requests]

    assert all(request.json()["max_tokens"] <= 64 for request in server.requests)
    assert ("stream" in plain, stream["stream"]) == (False, True)
    picture = image["messages"][0]["content"][0]["image_url"]["url"]
    pixels = Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2])))
    red, green, blue = pixels.convert("RGB").getpixel((30, 30))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 40
    assert tools["tools"][0]["name"] == "get_weather"
    assert schema["guided_json"]["required"] == ["color", "count"]
    first, second, third = (request["seed"] for request in seeds)
    assert first == second != third
    assert [message["role"] for message in system["messages"]] == ["system", "user"]
    assert raw["raw"] is True
    assert raw["prompt"].endswith("<end_of_turn>\n<start_of_turn>model\n")


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("plain", [Answer.json(" ")], ("does not", "The answer was empty.")),
        ("stream", [Answer.stream([""])], ("does not", "The answer was empty.")),
        ("stream", [Answer.stream(["All at once"])], ("does not", "one piece")),
        ("stream", [Answer.json("No stream.")], ("does not", "one piece")),
        ("stream", [UNENDED], ("partly", "nothing marked its end")),
        ("stream", [UNCOUNTED], ("partly", "not counted")),
        ("stream", [DAMAGED], ("partly", "some events could not be read")),
        ("image", [Answer.json("I measured it: a dog.")], ("partly", "“I measured it: a dog.”")),
        ("image", [Answer.json("A bored dog.")], ("partly", "bored")),
        ("image", [Answer.json("")], ("partly", "it answered nothing")),
        ("tools", [WRITTEN_CALL], ("partly", "as text")),
        ("tools", [UNKNOWN_CALL], ("partly", "not offered")),
        ("tools", [HALF_A_CALL], ("partly", "not a JSON object")),
        ("tools", [Answer.json("It is fine.")], ("does not", "“It is fine.”")),
        ("schema", [Answer.json('{"color": "green"}')], ("does not", "green")),
        ("schema", [Answer.json("A red ball.")], ("does not", "“A red ball.”")),
        ("schema", [Answer.json('{"color": "re', tokens=64)], ("partly", "cut off")),
        ("seed", [Answer.json("One.")] * 3, ("partly", "the effect of the seed is unknown")),
        ("seed", [Answer.json(text) for text in "abc"], ("does not", "two different answers")),
        ("seed", [Answer.json("")] * 3, ("does not", "The answer was empty.")),
        ("system", [Answer.json("I am Gemma.")], ("partly", "“I am Gemma.”")),
        ("system", [Answer.json("I\x16 am\n\u202eGemma.")], ("partly", "“I am Gemma.”")),
        ("raw", [Answer.json("Yes<end_of_turn>")], ("partly", "turn markers")),
        ("raw", [Answer.json("Hello and", tokens=64)], ("partly", "did not end within 64 tokens")),
        ("raw", [Answer.json("")], ("does not", "The answer was empty.")),
    ],
)
def test_each_check_judges_by_what_came_back(
    server: WireServer, client: Client, name: str, answers: list[Any], expected: tuple[str, str]
) -> None:
    found = checked(server, client, **{name: answers})

    verdict, said = expected
    assert verdicts(found) == all_but(**{name: verdict})
    assert said in found[name].sentence


def test_an_answer_in_json_follows_the_schema_too(server: WireServer, client: Client) -> None:
    found = checked(server, client, schema=[Answer.json({"color": "blue", "count": 2})])

    assert verdicts(found) == all_but()


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_refused_does_not_work_in_the_server_s_words(
    server: WireServer, client: Client, name: str
) -> None:
    found = checked(server, client, **{name: [REFUSED]})

    assert verdicts(found) == all_but(**{name: "does not"})
    assert found[name].sentence == "this model takes nothing of the kind"
    assert found[name].calls == 1


@pytest.mark.parametrize("name", ["plain", "image"])
@pytest.mark.parametrize("code", [10000, 5018, 5028, 3036])
def test_trouble_that_meets_all_ends_the_checks(
    server: WireServer, client: Client, name: str, code: int
) -> None:
    found = checked(server, client, **{name: [Failure.status(code=code)]})

    assert verdicts(found) == ended_at(name, "does not" if name == "plain" else "not tried")
    assert len(server.requests) == CHECKS.index(name) + 1
    assert found["raw"].sentence == found[name].sentence
    assert [found["raw"].calls, found["raw"].seconds] == [0, 0]


def test_a_server_that_is_not_there_ends_the_checks() -> None:
    with WireServer() as gone:
        backend = backend_at(gone)
    with Client(backend, max_retries=0) as client:
        found = {result.name: result for result in check_backend(client)}

    assert verdicts(found) == ended_at("plain", "does not")
    assert "Could not connect to" in found["raw"].sentence


def test_an_address_that_may_not_be_used_ends_the_checks() -> None:
    engine = LocalEngine("http://127.0.0.1:9", "m", rule=AddressRule.of("10.0.0.0/8"))
    with Client(engine) as client:
        found = {result.name: result for result in check_backend(client)}

    assert verdicts(found) == ended_at("plain", "does not")
    assert "is not allowed" in found["raw"].sentence


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Answer.json("Late.").after(2), "stopped responding"),
        (Answer.bare(Ending.CLOSE), "connection was lost"),
        (Failure.html(502), "Bad Gateway"),
    ],
)
def test_trouble_of_one_call_is_of_one_check(
    server: WireServer, client: Client, trouble: Answer, said: str
) -> None:
    found = checked(server, client, image=[trouble])

    assert verdicts(found) == all_but(image="does not")
    assert said in found["image"].sentence


def test_a_line_that_breaks_for_good_ends_the_checks(server: WireServer, client: Client) -> None:
    server.script_search(Answer.bare(Ending.CLOSE))
    found = checked(server, client, image=[Answer.bare(Ending.CLOSE)])

    assert verdicts(found) == ended_at("image", "not tried")


def test_a_busy_server_is_waited_for(server: WireServer) -> None:
    busy = Failure.status(code=3021, retry_after=0.05)
    with Client(backend_at(server)) as client:
        found = checked(server, client, tools=[busy, *GOOD["tools"]])

    assert verdicts(found) == all_but()
    assert found["tools"].seconds >= 0.05
    assert found["tools"].calls == 1


def test_a_server_that_stays_busy_reveals_nothing_about_the_model(
    server: WireServer, client: Client
) -> None:
    found = checked(server, client, image=[Failure.status(code=3040)])

    assert verdicts(found) == all_but(image="not tried")
    assert "Capacity temporarily exceeded" in found["image"].sentence


def test_no_sentence_has_the_token_nor_half_of_it(server: WireServer, client: Client) -> None:
    long = Answer.json(f"{'You sent to me this token here, I think so: ':_<50}{TOKEN} and more")
    answers = {name: [long] for name in ("plain", "image", "tools", "schema", "system", "raw")}
    refused = [Failure.openai(400, f"what is {TOKEN}?")]
    found = checked(server, client, **answers, stream=refused)

    assert found["stream"].sentence == "what is [redacted]?"
    assert "I think so" in found["plain"].sentence
    assert "token-c" not in str(found)


def test_what_the_built_in_model_can_do() -> None:
    """It recognizes colors but not objects, and does not follow instructions."""
    with Client(BuiltIn()) as client:
        found = {result.name: result for result in check_backend(client)}

    assert verdicts(found) == all_but(system="partly")
    assert found["tools"].sentence == "It called get_weather."


@pytest.mark.parametrize(
    ("said", "verdict", "sentence"),
    [
        (
            '{"name": "get_weather", "parameters": {"city": "Paris"}}',
            "partly",
            "The call arrived as text, with the tool described in the prompt.",
        ),
        (
            "It rains.",
            "does not",
            "With the tool described in the prompt, it made no call and answered “It rains.”.",
        ),
    ],
)
def test_tools_are_described_to_a_model_that_accepts_none(
    said: str, verdict: str, sentence: str
) -> None:
    message = {"role": "assistant", "content": said}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    answer = Answer.document({"object": "chat.completion", "choices": [choice]})
    with EngineServer() as server, server.client("llama-server") as client:
        server.script(answer)
        found = {result.name: result for result in check_backend(client)}
        asked = server.requests[CHECKS.index("tools")].json()

    assert "tools" not in asked
    assert "get_weather" in str(asked["messages"])
    assert (found["tools"].verdict, found["tools"].sentence) == (verdict, sentence)


def test_nothing_is_called_after_a_stop(server: WireServer, client: Client) -> None:
    scripted(server)
    stop = Stop()
    found = []
    for result in check_backend(client, stop=stop):
        found.append(result.verdict)
        if result.name == "stream":
            stop.set()

    assert found == ["works", "works", *["not tried"] * 6]
    assert len(server.requests) == 2


def test_checks_are_stopped_in_the_middle_of_a_call(server: WireServer, client: Client) -> None:
    server.script(*GOOD["plain"], Answer.words(500, 20))
    check = BackendCheck(client).start()
    assert server.until(lambda server: len(server.requests) == 2)
    check.stop()

    assert check.wait(3)
    assert [result.verdict for result in check.results] == ["works", *["not tried"] * 7]
    assert {result.sentence for result in check.results[1:]} == {"It was stopped."}
    assert len(server.requests) == 2
