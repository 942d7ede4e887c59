"""What a backend can do, judged by what comes back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.wire_server import Answer, Failure, WireServer
from workers_ai import CHECKS, BackendCheck, BuiltIn, CheckResult, Client, Cloudflare, check_backend

PARIS = {"city": "Paris"}
GOOD: dict[str, list[Any]] = {
    "plain": [Answer.json("A piece of text.")],
    "stream": [Answer.stream(["A", " piece"])],
    "image": [Answer.json("Red.")],
    "tools": [
        Answer.json("", tool_calls=[{"name": "get_weather", "arguments": {"city": "Paris"}}])
    ],
    "schema": [Answer.json('{"colour": "red", "count": 1}')],
    "seed": [Answer.json("One."), Answer.json("One."), Answer.json("Two.")],
    "system": [Answer.json("Marble")],
    "raw": [Answer.json("A piece.")],
}
"""What a backend answers that can do all of it."""


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    backend = Cloudflare("0" * 32, "token-canary-3f", base_url=server.base_url)
    with Client(backend, max_retries=0) as opened:
        yield opened


def checked(server: WireServer, client: Client, **other: list[Any]) -> dict[str, CheckResult]:
    """Check a backend that answers these in place of what is good."""
    server.script(*[answer for answers in (GOOD | other).values() for answer in answers])
    return {result.name: result for result in check_backend(client)}


def test_a_backend_that_can_do_everything_is_told_so(server: WireServer, client: Client) -> None:
    found = checked(server, client)

    assert list(found) == list(CHECKS)
    assert {result.verdict for result in found.values()} == {"works"}
    assert len(server.requests) == 10


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("plain", [Answer.json("")], ("does not", "Nothing came")),
        ("stream", [Answer.stream(["All at once"])], ("does not", "one piece")),
        ("image", [Answer.json("I measured it: a dog.")], ("partly", "dog")),
        ("image", [Failure.status(code=5006)], ("does not", "Bad input")),
        (
            "tools",
            [Answer.json('[{"name": "get_weather", "parameters": {"city": "Paris"}}]')],
            ("partly", "as text"),
        ),
        ("tools", [Answer.json("It is fine.")], ("does not", "It is fine.")),
        ("schema", [Answer.json('{"colour": "green"}')], ("does not", "green")),
        ("schema", [Answer.json('{"colour": "re')], ("partly", "cut off")),
        ("seed", [Answer.json("One.")] * 3, ("partly", "nothing can be told")),
        ("seed", [Answer.json(text) for text in "abc"], ("does not", "two answers")),
        ("system", [Answer.json("I am Gemma.")], ("partly", "I am Gemma.")),
        ("raw", [Answer.json("Yes<end_of_turn>")], ("partly", "Marks")),
        ("raw", [Answer.json("")], ("does not", "Nothing")),
    ],
)
def test_each_check_judges_by_what_came_back(
    server: WireServer, client: Client, name: str, answers: list[Any], expected: tuple[str, str]
) -> None:
    found = checked(server, client, **{name: answers})

    verdict, said = expected
    assert found[name].verdict == verdict
    assert said in found[name].sentence
    others = {result.verdict for other, result in found.items() if other != name}
    assert others == {"works"}


@pytest.mark.parametrize("failure", [Failure.status(code=10000), Failure.status(code=3036)])
def test_trouble_that_meets_all_ends_the_checks(
    server: WireServer, client: Client, failure: Answer
) -> None:
    found = checked(server, client, plain=[failure])

    assert found["plain"].verdict == "does not"
    assert {result.verdict for result in found.values()} == {"does not", "not tried"}
    assert len(server.requests) == 1
    assert "token-canary" not in str(found)


def test_what_the_built_in_model_can_do() -> None:
    with Client(BuiltIn()) as client:
        found = {result.name: result.verdict for result in check_backend(client)}

    assert found == dict.fromkeys(CHECKS, "works") | {"system": "partly"}


def test_checks_are_stopped_in_the_middle(server: WireServer, client: Client) -> None:
    server.script(*GOOD["plain"], Answer.words(500, 20))
    check = BackendCheck(client).start()
    assert server.until(lambda server: len(server.requests) == 2)
    check.stop()

    assert check.wait(3)
    verdicts = [result.verdict for result in check.results]
    assert verdicts == ["works", *["not tried"] * 7]
