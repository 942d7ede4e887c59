"""Redaction of texts that can contain a secret."""

import pytest

from workers_ai.redaction import REDACTED, redact, redact_headers

TOKEN = "cfut_made-up-canary-7261"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"Bad header: {TOKEN}.",
        f"{TOKEN}{TOKEN}",
        f'{{"Authorization": "Bearer {TOKEN}"}}',
        f"<title>{TOKEN}</title>",
        f"x{TOKEN}y",
    ],
)
def test_a_known_secret_is_removed_wherever_it_appears(text: str) -> None:
    shown = redact(text, [TOKEN])

    assert TOKEN not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Authorization: Bearer abc.def-ghi_jkl", "Authorization: Bearer "),
        ("authorization=bearer abc", "authorization=bearer "),
        ('curl -H "Authorization: BEARER abc" https://host', '" https://host'),
        ("Bearer  abc, and more", ", and more"),
        ("Bearer\tabc; more", "; more"),
    ],
)
def test_what_follows_bearer_is_removed_known_or_not(text: str, kept: str) -> None:
    shown = redact(text)

    assert "abc" not in shown
    assert REDACTED in shown
    assert kept in shown


@pytest.mark.parametrize(
    "text", ["", "Nothing here", "the bearer", "unbearerable abc", "$5 and $6", "Grüße 🙂\n"]
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert redact(text, [TOKEN, ""]) == text


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert redact("abc-123-def", ["abc", "abc-123-def"]) == REDACTED
    assert redact("abc-123-def", ["abc-123-def", "abc"]) == REDACTED


def test_empty_secrets_hide_nothing() -> None:
    assert redact("abc", ["", ""]) == "abc"


@pytest.mark.parametrize(
    "name", ["Authorization", "AUTHORIZATION", "cf-aig-authorization", "Cookie", "Set-Cookie"]
)
def test_a_header_that_is_secret_is_hidden_whole(name: str) -> None:
    assert redact_headers({name: "anything at all"}) == {name: REDACTED}


def test_other_headers_are_shown_without_the_secret() -> None:
    given = {"Content-Type": "application/json", "x-echo": f"you sent {TOKEN}"}

    assert redact_headers(given, [TOKEN]) == {
        "Content-Type": "application/json",
        "x-echo": f"you sent {REDACTED}",
    }
