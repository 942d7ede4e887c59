"""Who owns which chats: a browser by its cookie, or a person who has signed in."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from components.shell.browser_cookie import BROWSER_COOKIE, COOKIE
from tests.components.tab import Tab
from tests.coroutines import finished

PERSON = {"is_logged_in": True, "iss": "https://id.invalid", "sub": "1", "name": "Ada *L*"}


def cookies(
    *, kind: str = "text/html; charset=utf-8", sent: str = "", scheme: str = "http"
) -> list[str]:
    """Return the cookies set by a response of this kind; `sent` is the browser's cookie."""
    answered: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        head = [(b"content-type", kind.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"cookie", sent.encode())] if sent else []
    scope = {"type": "http", "scheme": scheme, "headers": headers}
    middleware: Any = BROWSER_COOKIE.cls(app)
    finished(middleware(scope, receive, send))
    return [value.decode() for name, value in answered[0]["headers"] if name == b"set-cookie"]


def test_a_page_gives_a_new_browser_an_id_that_cannot_be_guessed_or_read() -> None:
    issued = [SimpleCookie(*cookies())[COOKIE] for _ in range(100)]

    assert len({each.value for each in issued}) == 100
    assert min(len(each.value) for each in issued) == 32
    assert all(each["httponly"] and each["samesite"] == "Lax" for each in issued)
    assert not any(each["secure"] for each in issued)
    assert SimpleCookie(*cookies(scheme="https"))[COOKIE]["secure"]


def test_a_browser_keeps_its_id_and_only_pages_give_one() -> None:
    own = SimpleCookie(*cookies())[COOKIE].value

    assert cookies(sent=f"other=1; {COOKIE}={own}") == []
    assert cookies(kind="application/javascript") == []


@pytest.mark.parametrize("value", ["", "short", "x" * 33, '"; Path=/evil', "é" * 32])
def test_an_id_of_another_form_is_replaced(value: str) -> None:
    [issued] = cookies(sent=f"{COOKIE}={value}")

    assert SimpleCookie(issued)[COOKIE].value != value


def test_the_owner_is_not_the_cookie_itself() -> None:
    tab = Tab(browser="b" * 32)

    assert tab.session.owner == Tab(browser="b" * 32).session.owner
    assert tab.session.owner != Tab(browser="c" * 32).session.owner
    assert "b" * 8 not in tab.session.owner


def test_a_person_who_is_not_signed_in_sees_only_the_sign_in_button() -> None:
    tab = Tab(user={"is_logged_in": False})

    assert [button.label for button in tab.at.button] == ["Sign in"]
    assert not tab.at.chat_input


def test_chats_belong_to_the_person_in_every_browser() -> None:
    here, there = (Tab(user=PERSON, browser=letter * 32) for letter in "bc")
    other = Tab(user={**PERSON, "sub": "2"})
    elsewhere = Tab(user={**PERSON, "iss": "https://other.invalid"})

    assert here.session.owner == there.session.owner
    assert len({tab.session.owner for tab in (here, other, elsewhere, Tab())}) == 4
    here.click("open-chats")
    assert "Ada *L*" in here.everything
    assert "Sign out" in here.everything
