"""What is stored about an answer in addition to its text."""

import json

import pytest

from backends import BuiltIn
from conversations import Maker, Settings
from conversations.answer_record import INTERRUPTED, Record, well_formed
from experiments import SerializedError
from tests.conversations.talk import Script
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    Cloudflare,
    ContextWindowError,
    Fault,
    InvalidImageError,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    Snapshot,
    ToolCall,
    Usage,
    WorkersAIError,
)
from workers_ai.call_trace import Attempt

MADE = Record(Maker("other", "Somebody"), Settings())


def snapshot(**known: object) -> Snapshot:
    return Snapshot(**({"text": "abc", "finish": "done", "version": 3, "seconds": 1.5} | known))


def test_answers_are_labeled_with_their_maker() -> None:
    cloudflare = Cloudflare(account_id="a" * 32, api_token="secret")

    assert Maker.of(BuiltIn()) == Maker("builtin", "Built-in", "cabochon-help-ngram")
    assert Maker.of(cloudflare) == Maker("cloudflare", cloudflare.label, cloudflare.model)
    assert Maker.of(Script()) == Maker("other", "Script", "script")


def test_a_record_takes_over_how_an_answer_ended() -> None:
    attempts = (Attempt("Busy.", 503, 1.0),)
    last = snapshot(
        first_text=0.5,
        usage=Usage(1, 2, 3),
        tool_calls=(ToolCall("look", {"at": None}, "1"),),
        damaged=2,
    )

    ended = MADE.ended(last, attempts)

    assert (ended.maker, ended.settings, ended.begun) == (MADE.maker, MADE.settings, 0)
    assert (ended.finish, ended.seconds, ended.first_text) == ("done", 1.5, 0.5)
    assert (ended.usage, ended.tool_calls, ended.damaged) == (last.usage, last.tool_calls, 2)
    assert (ended.failure, ended.attempts) == (None, attempts)
    assert MADE.finish is None


def test_the_snapshot_of_a_record_is_what_it_was_made_of() -> None:
    last = snapshot(version=0, first_text=0.5, usage=Usage(1, 2, 3), damaged=1)

    assert MADE.ended(last).snapshot("abc") == last


def test_the_text_of_a_snapshot_is_what_came_after_the_beginning() -> None:
    assert Record(MADE.maker, MADE.settings, begun=2, finish="done").snapshot("abc").text == "c"


def test_an_interrupted_answer_says_so() -> None:
    found = MADE.interrupted().snapshot("abc")

    assert (found.finish, found.text) == ("error", "abc")
    assert isinstance(found.error, ResponseError)
    assert found.error.message == INTERRUPTED


def test_what_remains_of_erased_text_contains_none_of_it() -> None:
    record = Record(
        MADE.maker,
        MADE.settings,
        begun=7,
        finish="error",
        usage=Usage(1, 2, 3),
        tool_calls=(ToolCall("secret", {"secret": "secret"}, "1"),),
        failure=SerializedError("ResponseError", "It said secret."),
    )

    left = record.without_words()

    assert "secret" not in repr(left)
    assert (left.usage, left.finish, left.begun) == (record.usage, "error", 0)


@pytest.mark.parametrize(
    "kind",
    [
        APIConnectionError,
        APITimeoutError,
        APIStatusError,
        AuthenticationError,
        ContextWindowError,
        InvalidImageError,
        ModelUnavailableError,
        QuotaError,
        RateLimitError,
        ResponseError,
        WorkersAIError,
    ],
)
def test_an_error_comes_back_as_what_it_was(kind: type[WorkersAIError]) -> None:
    error = kind("It failed.", status_code=429, code=3036, retry_after=1.5)

    found = SerializedError.of(error).error()

    assert type(found) is kind
    assert (found.message, found.status_code, found.code) == ("It failed.", 429, 3036)
    assert found.retry_after == 1.5


def test_an_error_that_needs_more_than_a_message_comes_back_with_its_sentence() -> None:
    error = InvalidRequestError([Fault("messages[0]", "expected a role.")])

    assert SerializedError.of(error).error().message == "messages[0]: expected a role."
    assert SerializedError("NoSuchError", "It failed.").error().message == "It failed."


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"at": None, "list": [1, 2.5, True, {"a": []}], "große": "Größe 👍"},
        {"number": 10**30, "nul": "\0"},
        '{"broken',
        "",
    ],
)
def test_arguments_of_tools_are_kept_as_they_are(arguments: dict[str, object] | str) -> None:
    assert kept(arguments) == arguments


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"x": "\ud800"}, {"x": "\ufffd"}),
        ("\ud83d\ude00 \ud800", "😀 \ufffd"),
        ({"x\ud800": 1}, {"x\ufffd": 1}),
    ],
)
def test_lone_surrogates_in_arguments_are_replaced(
    arguments: dict[str, object] | str, found: dict[str, object] | str
) -> None:
    assert kept(arguments) == found
    json.dumps(kept(arguments), allow_nan=False).encode()


def kept(arguments: dict[str, object] | str) -> dict[str, object] | str:
    call = ToolCall("look", arguments, "1")
    [found] = MADE.ended(snapshot(tool_calls=(call,))).tool_calls
    return found.arguments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        ("plain", "plain"),
        ("Größe 👍 \0 \ufdd0 \u2028 \uffff", "Größe 👍 \0 \ufdd0 \u2028 \uffff"),
        ("\ud83d", "\ufffd"),
        ("\ude00 a", "\ufffd a"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83d😀", "\ufffd😀"),
        ("a\ud83d\ud83d\ude00b", "a\ufffd😀b"),
    ],
)
def test_a_lone_surrogate_becomes_the_replacement_character(text: str, found: str) -> None:
    assert well_formed(text) == found


@pytest.mark.parametrize("name", ["ImportToolsError", "Exception", "x"])
def test_a_failure_of_any_name_becomes_an_error_that_can_be_shown(name: str) -> None:
    error = SerializedError(name, "It went wrong.", 500, 1).error()

    assert (error.message, error.status_code, error.code) == ("It went wrong.", 500, 1)
