"""Every failure of wire.md 3, from its bytes to its class, code, status, message and retries."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.wire_server import MESSAGES
from workers_ai import (
    APIStatusError,
    AuthenticationError,
    ContextWindowError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
)
from workers_ai.error_mapping import (
    ERROR_CODES,
    LONGEST_WAIT,
    error_from_response,
    error_in_body,
    read_retry_after,
    retries_for,
    wait_before,
)

UUID = "82a04848-3b5f-4c7e-9d0a-6f1e2d3c4b5a"


def failed(status: int, body: Any, **headers: str) -> WorkersAIError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_from_response(status, {k.replace("_", "-"): v for k, v in headers.items()}, data)


def inference(code: int, message: str = "AiError: it failed") -> dict[str, Any]:
    """Return an error body of shape 1."""
    errors = [{"message": message, "code": code}]
    return {"errors": errors, "success": False, "result": {}, "messages": []}


# By code: documented (3.2), observed (3.3), and the retirement (0)

CODES: dict[int, tuple[int, type[WorkersAIError], int]] = {
    5007: (400, ModelUnavailableError, 0),
    5004: (400, APIStatusError, 0),
    3039: (400, APIStatusError, 0),
    3003: (400, APIStatusError, 0),
    5018: (403, ModelUnavailableError, 0),
    5016: (403, ModelUnavailableError, 0),
    3023: (403, AuthenticationError, 0),
    3041: (403, ModelUnavailableError, 0),
    5035: (403, ModelUnavailableError, 0),
    5019: (405, APIStatusError, 0),
    5005: (405, APIStatusError, 0),
    3042: (404, ModelUnavailableError, 0),
    3006: (413, APIStatusError, 0),
    3007: (408, APIStatusError, 1),
    3008: (408, APIStatusError, 1),
    3036: (429, QuotaError, 0),
    3040: (429, RateLimitError, 2),
    5006: (400, APIStatusError, 0),
    5021: (413, ContextWindowError, 0),
    3010: (413, ContextWindowError, 0),
    3030: (413, ContextWindowError, 0),
    5025: (400, APIStatusError, 0),
    5028: (410, ModelUnavailableError, 0),
    4006: (429, QuotaError, 0),
    3021: (429, RateLimitError, 2),
    3046: (408, APIStatusError, 1),
    8001: (400, APIStatusError, 0),
    8006: (400, APIStatusError, 0),
    8007: (400, APIStatusError, 0),
    7009: (502, APIStatusError, 2),
    7003: (404, AuthenticationError, 0),
    7001: (405, APIStatusError, 0),
    9106: (400, AuthenticationError, 0),
    10000: (401, AuthenticationError, 0),
    1000: (401, AuthenticationError, 0),
    2001: (400, APIStatusError, 0),
    2009: (401, AuthenticationError, 0),
    2021: (402, APIStatusError, 0),
}
"""By code: HTTP status, error class, and how many retries can help."""


def test_no_known_code_is_left_out() -> None:
    assert set(CODES) == set(ERROR_CODES)
    assert set(MESSAGES) <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_class_and_its_retries(code: int) -> None:
    status, kind, retries = CODES[code]
    error = failed(status, inference(code))

    assert type(error) is kind
    assert (error.status_code, error.code, error.message) == (status, code, "AiError: it failed")
    assert retries_for(error, 2) == retries
    assert retries_for(error, 0) == 0


@pytest.mark.parametrize("code", CODES)
def test_a_code_counts_the_same_under_http_200(code: int) -> None:
    error = error_in_body(inference(code))

    assert type(error) is CODES[code][1]
    assert error is not None
    assert (error.status_code, error.code) == (200, code)
    assert retries_for(error, 2) == CODES[code][2]


@pytest.mark.parametrize(
    ("status", "kind", "retries"),
    [
        (400, APIStatusError, 0),
        (401, AuthenticationError, 0),
        (402, APIStatusError, 0),
        (403, AuthenticationError, 0),
        (404, APIStatusError, 0),
        (405, APIStatusError, 0),
        (408, APIStatusError, 2),
        (409, APIStatusError, 0),
        (410, ModelUnavailableError, 0),
        (413, APIStatusError, 0),
        (418, APIStatusError, 0),
        (422, APIStatusError, 0),
        (429, RateLimitError, 2),
        (500, APIStatusError, 2),
        (502, APIStatusError, 2),
        (503, APIStatusError, 2),
        (504, APIStatusError, 2),
        (520, APIStatusError, 2),
        (529, APIStatusError, 2),
    ],
)
@pytest.mark.parametrize("body", [b"", b"Oops", {"errors": [{"code": 424242, "message": "m"}]}])
def test_without_a_known_code_the_status_decides(
    status: int, kind: type[WorkersAIError], retries: int, body: Any
) -> None:
    error = failed(status, body)

    assert type(error) is kind
    assert error.status_code == status
    assert error.message
    assert retries_for(error, 2) == retries


# By shape (3.1)

SHAPES: dict[str, tuple[Any, int | None, str]] = {
    "1": (inference(5006, "AiError: Bad input"), 5006, "AiError: Bad input"),
    "2": (
        {
            "result": None,
            "success": False,
            "messages": [],
            "errors": [{"code": 10000, "message": "Authentication error"}],
        },
        10000,
        "Authentication error",
    ),
    "3": (
        {
            "success": False,
            "result": [],
            "messages": [],
            "error": [{"code": 2009, "message": "Unauthorized"}],
        },
        2009,
        "Unauthorized",
    ),
    "3, named": (
        {
            "success": False,
            "error": [{"code": 2021, "message": "Too poor"}],
            "name": "AiGatewayError",
            "httpCode": 402,
        },
        2021,
        "Too poor",
    ),
    "4": (
        {
            "name": "AiError",
            "internalCode": 5006,
            "httpCode": 400,
            "message": "AiError: Bad input: Error: oops",
            "description": "Error: oops",
        },
        5006,
        "AiError: Bad input: Error: oops",
    ),
    "4, described": ({"internalCode": 3040, "description": "No room"}, 3040, "No room"),
    "6": (
        {"error": {"message": "Invalid value", "type": "x", "code": None}},
        None,
        "Invalid value",
    ),
    "6, text": ({"error": "It broke"}, None, "It broke"),
    "6, texts": ({"errors": ["It broke"]}, None, "It broke"),
    "detail": ({"detail": "Field required"}, None, "Field required"),
    "code as text": ({"errors": [{"code": "5021", "message": "Long"}]}, 5021, "Long"),
    "code alone": ({"errors": [{"code": 5021}]}, 5021, ""),
    "two errors": (
        {"errors": [{"code": 7009, "message": "First"}, {"code": 5006, "message": "Second"}]},
        7009,
        "First",
    ),
    "odd entries": ({"errors": [None, 7, {"code": 5006, "message": "Real"}]}, 5006, "Real"),
    "code in the words": ({"error": "5021: too long"}, 5021, "5021: too long"),
    "only known codes in the words": ({"error": "12345: odd"}, None, "12345: odd"),
    "code is true": ({"errors": [{"code": True, "message": "Odd"}]}, None, "Odd"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_its_code_and_its_message(name: str) -> None:
    body, code, message = SHAPES[name]
    error = failed(400, body)

    assert isinstance(error, APIStatusError)
    assert error.code == code
    assert message in error.message
    assert error.message
    assert error.status_code == 400


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "detail"])
def test_every_shape_is_seen_inside_an_answer_too(name: str) -> None:
    body, code, message = SHAPES[name]
    error = error_in_body({"success": False, **body})

    assert error is not None
    assert error.code == code
    assert message in error.message


@pytest.mark.parametrize(
    "value",
    [
        {"response": "fine"},
        {"success": True, "errors": [], "result": {"response": "fine"}},
        {"error": None, "errors": None},
        {"error": "", "response": ""},
        {"messages": [{"code": 10000, "message": "This API Token is valid and active"}]},
        {},
    ],
)
def test_what_is_not_a_failure_is_none(value: dict[str, Any]) -> None:
    assert error_in_body(value) is None


@pytest.mark.parametrize(
    ("wrapped", "message"),
    [
        (
            f'AiError: {{"object":"error","message":"max_tokens must be 1","code":400}} ({UUID})',
            "max_tokens must be 1",
        ),
        (f'AiError: {{"error":{{"message":"Deep inside","code":7}}}} ({UUID})', "Deep inside"),
        ('{"detail":"Bare"}', "Bare"),
    ],
)
def test_the_message_of_the_engine_is_unwrapped(wrapped: str, message: str) -> None:
    error = failed(400, inference(8007, wrapped))

    assert message in error.message
    assert "{" not in error.message
    assert UUID not in error.message
    assert error.code == 8007


@pytest.mark.parametrize("words", ["a { brace", "{}", "{not json}", 'x {"a": 1}', "{" * 50_000])
def test_braces_that_are_not_a_wrapper_stay(words: str) -> None:
    error = failed(400, inference(8007, words))

    assert error.message[:20] == words[:20]


@pytest.mark.parametrize(
    "words",
    [
        "4006: you have used up your daily free allocation of 10,000 neurons, please upgrade",
        "You have used up your DAILY FREE ALLOCATION of 10,000 neurons.",
    ],
)
def test_the_allowance_is_known_by_its_message(words: str) -> None:
    for error in (failed(429, inference(9999, words)), error_in_body({"error": words})):
        assert type(error) is QuotaError
        assert retries_for(error, 2) == 0


def test_the_window_is_known_by_its_message() -> None:
    words = MESSAGES[5021][1]

    assert type(failed(413, inference(1, words))) is ContextWindowError
    assert type(failed(400, {"error": {"message": "maximum context length is 2048"}})) is (
        ContextWindowError
    )


# What is not JSON


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        (b"<HTML><TITLE lang='en'>\n Sorry </TITLE>", "Sorry"),
        (b"error code: 1015", "error code: 1015"),
        (b"\xef\xbb\xbf" + json.dumps(inference(5006, "BOM")).encode(), "BOM"),
        (b"<p>no title", "502"),
        (b"", "502"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b"[" * 100_000, "["),
        (b"null", "null"),
        (b'"text"', "text"),
        (b"[1]", "[1]"),
    ],
)
def test_any_body_gives_one_short_line(body: bytes, message: str) -> None:
    error = failed(502, body)

    assert type(error) is APIStatusError
    assert error.status_code == 502
    assert message in error.message
    assert "\n" not in error.message
    assert 0 < len(error.message) <= 1000


def test_a_long_message_is_cut() -> None:
    assert len(failed(500, inference(1, "x" * 50_000)).message) <= 1000


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_a_redirect_is_an_answer_that_the_api_does_not_give(status: int) -> None:
    error = failed(status, b"", location="https://elsewhere.invalid")

    assert type(error) is ResponseError
    assert error.status_code == status
    assert "elsewhere" not in error.message
    assert retries_for(error, 2) == 0


# Retry-After

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

ROWS: list[tuple[str | None, float | None]] = [
    (None, None),
    ("", None),
    ("0", 0),
    ("1", 1),
    ("60", 60),
    ("61", 61),
    ("3600", 3600),
    ("0.5", 0.5),
    (" 7 ", 7),
    ("007", 7),
    ("1e2", 100),
    ("-1", None),
    ("-0.5", None),
    ("nan", None),
    ("inf", None),
    ("-inf", None),
    ("1e400", None),
    ("soon", None),
    ("5 seconds", None),
    ("1,5", None),
    ("Mon, 23 Nov 2026 12:00:30 GMT", 30),
    ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
    ("Mon, 23 Nov 2026 11:59:00 GMT", 0),
    ("Monday, 23-Nov-26 12:00:30 GMT", 30),
    ("Mon Nov 23 12:00:30 2026", 30),
    ("Mon, 23 Nov 2026 13:00:30 +0100", 30),
    ("23 Nov 2026 12:00:30", 30),
    ("Mon, 99 Foo 2026 26:61:00 GMT", None),
    ("Mon, 23 Nov 99999999 12:00:00 GMT", None),
    ("2026-11-23T12:00:30Z", None),
    ("Mon, 23 Nov 2026 12:00:30 +9999999999", None),
    ("\xff", None),
    ("0x10", None),
]


@pytest.mark.parametrize(("header", "seconds"), ROWS)
def test_retry_after_is_read_or_left(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, now=NOW) == seconds


def test_a_date_counts_from_now() -> None:
    then = datetime.now(UTC) + timedelta(seconds=30)
    header = then.strftime("%a, %d %b %Y %H:%M:%S GMT")

    seconds = read_retry_after(header)
    assert seconds is not None
    assert 25 < seconds <= 30


def test_the_error_carries_the_wait_that_the_server_asks_for() -> None:
    assert failed(429, inference(3021), retry_after="7").retry_after == 7
    assert failed(429, inference(3021), retry_after="soon").retry_after is None


def test_the_servers_wait_is_obeyed_up_to_a_minute() -> None:
    assert wait_before(1, 0, 0.5) == 0
    assert wait_before(2, LONGEST_WAIT, 0.5) == 60
    assert wait_before(1, LONGEST_WAIT + 0.1, 0.5) is None


@pytest.mark.parametrize(("attempt", "most"), [(1, 0.5), (2, 1), (3, 2), (5, 8), (50, 8)])
def test_without_it_the_wait_doubles_with_jitter(attempt: int, most: float) -> None:
    waits = [wait_before(attempt, None, 0.5) for _ in range(50)]

    assert all(wait is not None and 0.75 * most <= wait <= most for wait in waits)
    assert len(set(waits)) > 10
