"""A typed or configured token appears nowhere but in the header for its host."""

import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import conversations
from components.current_backend import current_backend
from components.shell.configuration import VARIABLES
from tests.components.tab import Tab
from tests.wire_server import Answer, Ending, Failure, WireServer, event
from workers_ai import Client, WorkersAIError

ROOT = Path(__file__).parents[1]
LOGGERS = ("", "httpx", "httpcore", "streamlit", "asyncio", "urllib3", "PIL")
ACCOUNT = "0123456789abcdef" * 2


@dataclass
class Canary:
    """A token generated for one test, and a tab that uses it with a server."""

    token: str
    tab: Tab
    server: WireServer


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home and working directory, and no configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)


@pytest.fixture
def canary(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Canary]:
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name or None)
    # Letters and digits only: they are never escaped, so no escape can hide them.
    token = f"cfut{secrets.token_hex(16)}"
    with WireServer() as server:
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT)
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", server.base_url)
        monkeypatch.setenv("CABOCHON_BACKEND", "cloudflare")
        typed = getattr(request, "param", "typed") == "typed"
        if not typed:
            monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)
        tab = Tab()
        if typed:
            tab.set("text_input", "api_token", token)
        backend = current_backend(tab.session)
        tab.session.clients = {backend: Client(backend, first_backoff=0.01)}
        tab.set("toggle", "show_request", value=True)
        yield Canary(token, tab, server)
        for client in tab.session.clients.values():
            client.close()


def text_of(error: WorkersAIError) -> str:
    forms = [str(error), repr(error), repr(error.args), repr(vars(error))]
    return "\n".join([*forms, *traceback.format_exception(error)])


def all_that_is_seen(tab: Tab) -> dict[str, str]:
    """Return everything that a page, a log or a crash report could show, by its source."""
    session = tab.session
    seen = {
        "the page": tab.sent_to_browser,
        "the address": str(tab.link),
        "the session": repr(session),
        "the configuration": repr(session.configured),
        "the connection": repr(session.connection),
        "the clients": repr(session.clients),
    }
    for answer in session.conversation.nodes.values():
        if isinstance(answer, conversations.Answer):
            snapshot = answer.snapshot()
            seen["the stored answer"] = repr(answer.recorded())
            seen["a reply"] = repr([answer, answer.reply, answer.reply.client, snapshot])
            seen["a backend"] = repr(
                [answer.reply.client.backend, str(answer.reply.client.backend)]
            )
            seen["a request"] = repr(answer.reply.request)
            trace = answer.reply.trace
            seen["a trace"] = repr(trace)
            seen["its attempts"] = repr(trace.attempts)
            if snapshot.error:
                seen["an error"] = text_of(snapshot.error)
    return seen


def logged(caplog: pytest.LogCaptureFixture) -> str:
    records = caplog.get_records("setup") + caplog.get_records("call")
    return "\n".join(
        f"{record.getMessage()} {record.args!r} {record.exc_info}" for record in records
    )


def files_with(token: str, places: list[Path], since: float) -> list[str]:
    """Return the files written since then that contain the token."""
    found = []
    for path in (path for place in places for path in place.rglob("*")):
        try:
            if (
                path.is_file()
                and path.stat().st_mtime >= since
                and token.encode() in path.read_bytes()
            ):
                found.append(str(path))
        except FileNotFoundError:  # written and removed by another process in the meantime
            continue
    return found


def echo(how: Callable[[str], Answer]) -> Callable[[Any], Answer]:
    """Answer with the token from the request."""
    return lambda request: how(request.headers["authorization"].removeprefix("Bearer "))


ECHOES: dict[str, Callable[[str], Answer]] = {
    "no echo": lambda _: Answer.stream(["Fine"]),
    "openai error": lambda t: Failure.openai(401, f"Bad token {t}: 'Bearer {t}'"),
    "cloudflare error": lambda t: Failure.status(code=10000, message=f"Bad token {t}"),
    "wrapped error": lambda t: Failure.wrapped(f"no such key {t}"),
    "200 error": lambda t: Failure.status(200, code=5006, message=f"Bad token {t}"),
    "page": lambda t: Answer.of(f"<html><title>{t}</title>{t}</html>".encode(), "text/html", 403),
    "plain text": lambda t: Answer.of(f"Bearer {t} {t}".encode(), "text/plain", 418),
    "page under 200": lambda t: Answer.of(f"<html><title>{t}</title>".encode(), "text/html"),
    "headers": lambda t: Answer.stream(["Fine"]).with_headers(
        {"X-Echo": t, "Set-Cookie": f"t={t}"}
    ),
    "error headers": lambda t: Failure.status(code=5006).with_headers({"Authorization": t}),
    "redirect": lambda t: Failure.redirect(f"https://elsewhere.invalid/?token={t}"),
    "bad redirect": lambda t: Failure.redirect(f"http://[{t}"),
    "retried": lambda t: Failure.status(code=3040, message=f"Busy {t}", retry_after=0),
    "amid the text": lambda t: Answer.events(
        {"response": "Half"}, {"errors": [{"code": 3040, "message": f"Bad {t}"}]}
    ),
    "odd header line": lambda t: Answer.bare(
        f"HTTP/1.1 200 OK\r\n{t}\r\n\r\n".encode(), Ending.CLOSE
    ),
    "odd status line": lambda t: Answer.bare(f"HTTP/9 {t}\r\n\r\n".encode(), Ending.CLOSE),
    "damaged event": lambda t: Answer.events(f"data: {{oops {t}\n\n".encode(), event({})),
}


CASES = [("configured", name) for name in ECHOES]
CASES += [("typed", name) for name in ("no echo", "openai error")]
WHOLE = {"no echo", "headers", "damaged event"}
"""The echoes that are answers, not failures."""


@pytest.mark.parametrize(("canary", "name"), CASES, indirect=["canary"])
def test_the_token_is_seen_nowhere(
    canary: Canary, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    canary.server.script(echo(ECHOES[name]))
    last = canary.tab.ask("Hello")
    seen = {**all_that_is_seen(canary.tab), "the log": logged(caplog)}

    assert (last.finish == "done") is (name in WHOLE)
    assert canary.server.requests[0].headers["authorization"] == f"Bearer {canary.token}"
    assert "httpcore" in {record.name.split(".")[0] for record in caplog.records}
    assert [place for place, text in seen.items() if canary.token in text] == []


@pytest.mark.parametrize("canary", ["typed", "configured"], indirect=True)
def test_the_token_is_in_no_file(canary: Canary, tmp_path: Path) -> None:
    began = time.time() - 1
    canary.server.script(Answer.stream(["Fine"]), echo(ECHOES["openai error"]))
    canary.tab.ask("Hello")
    canary.tab.ask("Hello")

    assert files_with("Hello", [tmp_path], began) != []
    assert files_with(canary.token, [tmp_path, ROOT], began) == []


def test_no_other_session_and_no_other_page_sees_it(canary: Canary) -> None:
    canary.tab.ask("Hello")
    other = Tab(c=canary.tab.link["c"])
    stranger = Tab()

    for tab in (other, stranger):
        assert canary.token not in tab.sent_to_browser
        assert canary.token not in str(tab.link)
        assert canary.token not in repr(tab.session)
    assert canary.token not in str(canary.tab.at.session_state.to_dict())


def test_the_check_of_a_connection_does_not_reveal_it(
    canary: Canary, caplog: pytest.LogCaptureFixture
) -> None:
    canary.server.script_search(
        echo(lambda t: Failure.openai(401, f"Bad token {t}")),
        echo(lambda t: Answer.result([{"name": f"@cf/{t}"}])),
    )
    canary.tab.click("Check the connection")

    assert canary.tab.toasts
    assert canary.token not in canary.tab.sent_to_browser
    assert canary.token not in logged(caplog)


def test_a_refused_connection_does_not_reveal_it(
    canary: Canary, caplog: pytest.LogCaptureFixture
) -> None:
    canary.tab.session.connection.base_url = "http://127.0.0.1:1/client/v4"
    backend = current_backend(canary.tab.session)
    canary.tab.session.clients = {backend: Client(backend, first_backoff=0.01)}
    canary.tab.ask("Hello")

    assert canary.tab.turn.answer.snapshot().finish == "error"
    seen = {**all_that_is_seen(canary.tab), "the log": logged(caplog)}
    assert [place for place, text in seen.items() if canary.token in text] == []


def test_the_canary_would_be_noticed(canary: Canary, tmp_path: Path) -> None:
    """The checks detect a token that is put where it must not be."""
    began = time.time() - 1
    (tmp_path / "leak.txt").write_text(f"x{canary.token}")
    canary.tab.session.notice(f"Your token is {canary.token}")
    canary.tab.run()
    error = WorkersAIError(f"Bad {canary.token}")

    assert canary.token in canary.tab.sent_to_browser
    assert canary.token in text_of(error)
    assert files_with(canary.token, [tmp_path], began)
