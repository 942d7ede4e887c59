"""The card in place of an answer that failed, and how to recover from it."""

import json

import pytest

from components.chat.failure_card import explain
from components.current_backend import current_backend
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, Ending, Failure, WireServer
from workers_ai import Client, WorkersAIError

AT_ONCE = 0
"""Seconds to wait before a retry."""

CARDS: dict[str, tuple[Answer, int, int | None, str, bool]] = {
    "bad token": (Failure.status(code=10000), 401, 10000, "Authentication error", False),
    "no header": (Failure.status(code=9106), 400, 9106, "Missing X-Auth-Key", False),
    "bad account": (Failure.status(code=7003), 404, 7003, "Could not route", False),
    "not allowed": (Failure.status(code=5018), 403, 5018, "not allowed to access", True),
    "retired": (Failure.status(code=5028), 410, 5028, "was deprecated on 2026-05-30", True),
    "too long": (Failure.status(code=5021), 413, 5021, "context window limit (80000)", False),
    "bad body": (Failure.status(code=5006), 400, 5006, "'/temperature' must be <= 5", False),
    "too fast": (
        Failure.status(code=3021, retry_after=AT_ONCE),
        429,
        3021,
        "inference request per min",
        False,
    ),
    "no capacity": (
        Failure.status(code=3040, retry_after=AT_ONCE),
        429,
        3040,
        "Capacity temporarily",
        False,
    ),
    "used up": (Failure.status(code=3036), 429, 3036, "daily free allocation", False),
    "used up, old": (Failure.status(code=4006), 429, 4006, "daily free allocation", False),
    "edge 502": (Failure.html(502).with_retry_after(AT_ONCE), 502, None, "Bad Gateway", False),
    "edge 503": (Failure.html(503).with_retry_after(AT_ONCE), 503, None, "Service Unavail", False),
    "empty 500": (Failure.empty(500).with_retry_after(AT_ONCE), 500, None, "500", False),
    "unsuccessful": (Failure.unsuccessful(5018), 200, 5018, "not allowed to access", True),
    "gateway": (Failure.gateway(), 401, 2009, "Unauthorized", False),
    "wrapped": (Failure.wrapped(), 400, 8007, "max_tokens must be at least 1", False),
    "openai": (Failure.openai(422, "No such field."), 422, None, "No such field.", False),
}
"""Name: the server's answer; on the card: status, code, message, whether the model is retired."""


def error_of(tab: Tab) -> WorkersAIError:
    error = tab.turn.answer.snapshot().error
    assert error is not None
    return error


def labels(tab: Tab) -> list[str]:
    return [button.label for button in tab.at.chat_message[-1].button]


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_what_failed_why_and_what_to_do(
    cloud: Tab, operator: WireServer, name: str
) -> None:
    answer, status, code, message, retired = CARDS[name]
    operator.script(answer)
    cloud.ask("Is it there?")
    failed = len(operator.requests)

    cause, remedy = explain(error_of(cloud), cloud.turn.answer.reply.client.backend)
    assert len({cause, remedy, ""}) == 3
    assert cause in cloud.answer
    assert remedy in cloud.answer
    assert f"HTTP {status}" in cloud.answer
    assert code is None or f"code {code}" in cloud.answer
    assert any(message in block.value for block in cloud.at.chat_message[-1].code)
    assert ("retired" in cause) is retired
    assert ("Answer with Built-in" in labels(cloud)) is retired
    assert "Is it there?" in cloud.at.chat_message[0].text[0].value

    operator.script(Answer.stream(["All", " well"]))
    cloud.click("retry-0")
    cloud.settled()
    assert "All well" in cloud.answer
    assert "Retry" not in labels(cloud)
    assert len(operator.requests) == failed + 1
    assert operator.requests[-1].body == operator.requests[0].body


NO_ANSWERS: dict[str, Answer] = {
    "silence": Answer.stream(["late"]).after(5),
    "reset": Answer.bare(Ending.RESET),
    "portal": Failure.portal(),
    "redirect": Failure.redirect("https://elsewhere.invalid/"),
    "array": Answer.document([1]),
    "deep": Answer.of(b"[" * 100_000),
    "nothing": Failure.empty(),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_no_answer_at_all_is_a_card_too(cloud: Tab, operator: WireServer, name: str) -> None:
    operator.script(NO_ANSWERS[name])
    backend = current_backend(cloud.session)
    quick = Client(backend, read_timeout=0.2, connect_timeout=0.5, first_backoff=0.01)
    cloud.session.clients = {backend: quick}
    last = cloud.ask("Is it there?")

    assert last.finish == "error"
    cause, remedy = explain(error_of(cloud), backend)
    assert cause in cloud.answer
    assert remedy in cloud.answer
    assert "Retry" in labels(cloud)
    assert error_of(cloud).message in [block.value for block in cloud.at.chat_message[-1].code]


def test_pictures_stay_with_a_failed_message_and_go_out_again(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Failure.status(code=5006), Answer.stream(["Seen"]))
    cloud.ask("What is it?", {"a.png": png(40, 30), "b.png": png(30, 40, "blue")})
    names = [text.value for text in cloud.at.chat_message[0].text]
    assert names == ["a.png", "b.png", "What is it?"]
    cloud.click("retry-0")
    cloud.settled()

    assert operator.requests[0].body == operator.requests[1].body
    assert operator.requests[1].body.count(b"data:image/") == 2
    assert "Seen" in cloud.answer


def test_text_that_came_before_a_failure_is_kept_and_asked_for_once(
    cloud: Tab, operator: WireServer
) -> None:
    report = {"errors": [{"code": 3040, "message": "Capacity exceeded"}]}
    operator.script(Answer.events({"response": "Half a"}, {"response": " word"}, report))
    last = cloud.ask("Tell me")

    assert last.finish == "error"
    assert "Half a word" in cloud.answer
    assert "Capacity exceeded" in cloud.answer
    assert len(operator.requests) == 1


def test_the_message_of_a_server_is_shown_as_plain_text(cloud: Tab, operator: WireServer) -> None:
    hostile = "![x](http://evil.invalid/x.png) <script>alert(1)</script> :red[no] $5 **b**"
    operator.script(Failure.openai(400, hostile))
    cloud.ask("Tell me")

    assert hostile in [block.value for block in cloud.at.chat_message[-1].code]
    markdown = [*cloud.at.markdown, *cloud.at.caption, *cloud.at.toast]
    assert not any("evil.invalid" in element.value for element in markdown)


def test_the_built_in_model_can_answer_for_a_retired_one(cloud: Tab, operator: WireServer) -> None:
    cloud.session.pace = None
    operator.script(Failure.status(code=5028))
    cloud.ask("What does top_k do?")
    cloud.click("built-in-0")
    cloud.settled()

    assert "top_k" in cloud.answer
    assert "not Gemma" in cloud.answer
    assert len(cloud.session.conversation.turns) == 1
    assert len(operator.requests) == 1
    cloud.ask("And top_p?")
    assert len(operator.requests) == 1


def test_5018_does_not_mean_retirement_for_another_model(cloud: Tab, operator: WireServer) -> None:
    cloud.set("text_input", "model", "@cf/meta/another")
    operator.script(Failure.status(code=5018))
    cloud.ask("Hello")

    assert "retired" not in cloud.answer
    assert "Answer with Built-in" not in labels(cloud)
    assert "Retry" in labels(cloud)


def test_only_the_last_answer_can_be_asked_for_again(cloud: Tab, operator: WireServer) -> None:
    operator.script(Failure.status(code=5006), Answer.stream(["Fine"]))
    cloud.ask("First")
    cloud.ask("Second")

    assert "Retry" not in [button.label for button in cloud.at.button]
    assert "'/temperature' must be <= 5" in cloud.at.chat_message[1].code[0].value


def test_a_failed_turn_is_left_out_of_the_next_request(cloud: Tab, operator: WireServer) -> None:
    operator.script(Failure.status(code=5006), Answer.stream(["Fine"]))
    cloud.ask("First")
    cloud.ask("Second")

    messages = json.loads(operator.requests[1].body)["messages"]
    assert [message["role"] for message in messages] == ["user"]
    assert "Second" in str(messages)


def test_retries_are_counted(cloud: Tab, operator: WireServer) -> None:
    again = Failure.status(code=3040, retry_after=AT_ONCE)
    operator.script(again, again, Answer.stream(["Fine"]))
    cloud.ask("Hello")

    assert "Fine" in cloud.answer
    assert "2 retries" in cloud.answer


@pytest.mark.parametrize("stream", [True, False])
def test_the_built_in_model_refuses_as_the_api_does(tab: Tab, *, stream: bool) -> None:
    tab.set("toggle", "stream", value=stream)
    tab.set("toggle", "max_tokens_sent", value=True)
    tab.set("text_input", "max_tokens_text", "90000")
    last = tab.ask("Hello")

    assert last.finish == "error"
    assert (error_of(tab).status_code, error_of(tab).code) == (413, 5021)
    assert "HTTP 413" in tab.answer
    assert "code 5021" in tab.answer
