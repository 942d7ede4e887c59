"""Which backend answers, and which server gets the token."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.current_backend import api_token_to_send
from components.page_states import Connection
from components.session import Session
from components.shell.configuration import Configuration
from components.sidebar.backend_check import checks
from conversations.store.database import MEMORY
from tests.components.conftest import ACCOUNT, API_TOKEN, OpenTab
from tests.components.tab import Tab
from tests.wire_server import Answer, Failure, WireServer

TYPED = "cfut_typed-canary-41d7"
OTHER = "f" * 32
HOME = "https://api.cloudflare.com/client/v4"


@pytest.fixture
def elsewhere() -> Iterator[WireServer]:
    """A server that a visitor enters."""
    with WireServer() as running:
        yield running


def session_at(base_url: str = HOME, account_id: str = ACCOUNT, api_token: str = "") -> Session:
    configured = Configuration("cloudflare", "@cf/a/b", ACCOUNT, API_TOKEN, HOME)
    connection = Connection(account_id, api_token, base_url, "@cf/a/b")
    return Session(configured, connection, "cloudflare")


# The operator's token


def test_the_operators_token_goes_to_the_operators_address() -> None:
    assert api_token_to_send(session_at()) == API_TOKEN


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.cloudflare.com/client/v4",
        "https://api.cloudflare.com:8443/client/v4",
        "https://api.cloudflare.com.evil.invalid/client/v4",
        "https://api.cloudflare.com@evil.invalid/client/v4",
        "https://evil.invalid/client/v4",
        "https://api.cloudflare.com/client/v4/../../evil",
        "https://api.cloudflare.com/client/v4/accounts/x",
        "https://api.cloudflare.com\\@evil.invalid/client/v4",
        "https://\u0430pi.cloudflare.com/client/v4",
        "",
    ],
)
def test_the_operators_token_goes_to_no_other_address(base_url: str) -> None:
    assert api_token_to_send(session_at(base_url)) == ""


@pytest.mark.parametrize("account_id", [OTHER, "..", f"{ACCOUNT}/../{OTHER}", f"{ACCOUNT}?", ""])
def test_the_operators_token_goes_to_no_other_account(account_id: str) -> None:
    assert api_token_to_send(session_at(account_id=account_id)) == ""


def test_a_typed_token_goes_where_the_visitor_says() -> None:
    assert api_token_to_send(session_at("https://other.invalid", OTHER, TYPED)) == TYPED


def test_a_visitor_who_moves_the_address_gets_no_token(
    cloud: Tab, operator: WireServer, elsewhere: WireServer
) -> None:
    cloud.set("text_input", "base_url", elsewhere.base_url)
    cloud.click("Check the connection")
    assert "token" in cloud.toasts
    cloud.submit("Hello")

    assert "token" in cloud.toasts
    assert (elsewhere.requests, elsewhere.connections) == ([], 0)
    assert operator.requests == []
    assert API_TOKEN not in cloud.sent_to_browser
    cloud.set("text_input", "api_token", TYPED)
    cloud.ask("Hello")
    assert elsewhere.requests[0].headers["authorization"] == f"Bearer {TYPED}"


def test_a_visitor_who_moves_the_account_gets_no_token(cloud: Tab, operator: WireServer) -> None:
    cloud.set("text_input", "account_id", OTHER)
    cloud.click("Check the connection")
    cloud.submit("Hello")

    assert [request.headers.get("authorization") for request in operator.requests] == []


def test_coming_back_brings_the_operators_token_back(
    cloud: Tab, operator: WireServer, elsewhere: WireServer
) -> None:
    home = cloud.session.connection.base_url
    cloud.set("text_input", "base_url", elsewhere.base_url)
    cloud.set("text_input", "base_url", home)
    cloud.ask("Hello")

    assert operator.requests[0].headers["authorization"] == f"Bearer {API_TOKEN}"


@pytest.mark.parametrize(
    "model",
    [
        "../../../user/tokens",
        "@cf/a/../../../../workers/scripts/x",
        "@cf/a/b?x=1",
        "@cf/a/b#x",
        "@cf/a%2f..%2fb",
        "/../../../zones",
    ],
)
def test_a_model_id_cannot_lead_to_another_resource_of_the_account(
    cloud: Tab, operator: WireServer, model: str
) -> None:
    cloud.set("text_input", "model", model)
    cloud.submit("Hello")
    if cloud.session.conversation.turns:
        cloud.settled()

    prefix = f"/client/v4/accounts/{ACCOUNT}/ai/run/"
    for request in operator.requests:
        assert request.path.startswith(prefix)
        rest = request.path.removeprefix(prefix)
        assert ".." not in rest.replace("%2F", "/").replace("%2f", "/").split("/")
        assert "?" not in rest
        assert rest == model.replace("?", "%3F").replace("#", "%23")


# The token that is typed


def test_a_typed_token_is_used_and_never_sent_back(cloud: Tab, operator: WireServer) -> None:
    cloud.session.configured = Configuration(
        "cloudflare", base_url=operator.base_url, database_url=MEMORY
    )
    cloud.run()
    assert cloud.at.text_input(key="api_token").proto.type == 1, "a password box"
    cloud.set("text_input", "api_token", f"  {TYPED}\n")
    assert TYPED not in cloud.sent_to_browser
    cloud.ask("Hello")

    assert operator.requests[0].headers["authorization"] == f"Bearer {TYPED}"
    assert TYPED not in cloud.sent_to_browser
    assert TYPED not in str(cloud.at.session_state.to_dict().get("api_token"))


def test_a_forgotten_token_is_gone(cloud: Tab, operator: WireServer) -> None:
    cloud.session.configured = Configuration(
        "cloudflare", base_url=operator.base_url, database_url=MEMORY
    )
    cloud.run()
    cloud.set("text_input", "api_token", TYPED)
    cloud.click("Forget")
    cloud.submit("Hello")

    assert operator.requests == []
    assert "token" in cloud.toasts
    assert TYPED not in repr(cloud.session)
    assert cloud.session.connection.api_token == ""


@pytest.mark.parametrize("typed", ["two words", "Grüße", "a\u200bb", "a\x00b"])
def test_a_token_that_cannot_be_a_header_is_refused_with_a_notice(
    cloud: Tab, operator: WireServer, typed: str
) -> None:
    cloud.session.connection.api_token = typed
    cloud.submit("Hello")

    assert "token" in cloud.toasts
    assert operator.requests == []
    assert typed not in cloud.sent_to_browser


# The connection


def models(tab: Tab) -> Any:
    """Return the list of models."""
    [found] = [box for box in tab.at.selectbox if box.label == "Model"]
    return found


def test_the_check_lists_the_models_and_costs_nothing(cloud: Tab, operator: WireServer) -> None:
    entries = [{"name": "@cf/b/two"}, {"name": "@cf/a/one"}]
    operator.script_search(Answer.result(entries))
    cloud.click("Check the connection")

    assert "2" in cloud.toasts
    assert [request.method for request in operator.requests] == ["GET"]
    assert {"@cf/a/one", "@cf/b/two"} <= set(models(cloud).options)


def test_models_that_see_and_call_functions_are_labeled(cloud: Tab, operator: WireServer) -> None:
    properties = [
        {"property_id": "vision", "value": "true"},
        {"property_id": "function_calling", "value": "true"},
        {"property_id": "context_window", "value": "256000"},
    ]
    entry = {"name": "@cf/google/gemma-4-26b-a4b-it", "properties": properties}
    operator.script_search(Answer.result([entry]))
    cloud.click("Check the connection")

    labeled = "@cf/google/gemma-4-26b-a4b-it · sees images · tools · 256,000 tokens"
    assert labeled in models(cloud).options


def test_thinking_can_be_turned_off(cloud: Tab, operator: WireServer) -> None:
    assert not cloud.has("thinking")
    cloud.set("text_input", "model", "@cf/google/gemma-4-26b-a4b-it")
    cloud.set("toggle", "thinking", value=False)
    operator.script(
        Answer.result({"choices": [{"message": {"content": "Paris."}, "finish_reason": "stop"}]})
    )
    cloud.set("toggle", "stream", value=False)
    cloud.ask("Where is it?")

    assert operator.requests[-1].json()["chat_template_kwargs"] == {"enable_thinking": False}
    assert "Paris." in cloud.answer


def test_the_model_that_is_shown_is_the_one_that_is_asked(cloud: Tab, operator: WireServer) -> None:
    operator.script_search(Answer.result([{"name": "@cf/b/two"}, {"name": "@cf/a/one"}]))
    cloud.click("Check the connection")
    shown = models(cloud).value
    cloud.ask("Hello")
    assert operator.requests[-1].path.endswith(f"/ai/run/{shown}")
    for model in ("@cf/a/one", "@cf/b/two"):
        models(cloud).set_value(model)
        cloud.run()
        cloud.ask("Hello")
        assert operator.requests[-1].path.endswith(f"/ai/run/{model}")


@pytest.mark.parametrize(
    "answer",
    [
        Failure.status(code=10000),
        Failure.status(code=7003),
        Failure.html(502),
        Failure.portal(),
        Answer.document([1]),
        Answer.result([{"name": 5}, 7, {"name": None}]),
        Answer.result("none"),
    ],
)
def test_a_check_that_fails_says_so(cloud: Tab, operator: WireServer, answer: Answer) -> None:
    operator.script_search(answer)
    cloud.click("Check the connection")

    assert cloud.toasts
    cloud.ask("Hello")
    assert cloud.turn.answer.snapshot().finish == "done"


def test_the_gateway_goes_with_the_call(cloud: Tab, operator: WireServer) -> None:
    cloud.set("text_input", "gateway_id", "my-gateway")
    cloud.ask("Hello")
    assert operator.requests[0].headers["cf-aig-gateway-id"] == "my-gateway"
    cloud.set("text_input", "gateway_id", "")
    cloud.ask("Hello")

    assert "cf-aig-gateway-id" not in operator.requests[1].headers


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account_id", ""),
        ("model", ""),
        ("base_url", "ftp://host"),
        ("base_url", "https://user:pass@host/"),
        ("base_url", "not a url"),
        ("base_url", "http://[::1"),
        ("gateway_id", "two words"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_sent(
    cloud: Tab, operator: WireServer, key: str, value: str
) -> None:
    cloud.session.connection.api_token = TYPED
    cloud.set("text_input", key, value)
    cloud.submit("Hello")

    assert key.split("_", maxsplit=1)[0] in cloud.toasts.lower()
    assert operator.requests == []


def test_an_unknown_backend_is_replaced_with_a_notice(
    monkeypatch: pytest.MonkeyPatch, open_tab: OpenTab
) -> None:
    monkeypatch.setenv("CABOCHON_BACKEND", "mainframe")
    tab = open_tab()

    assert "mainframe" in tab.toasts
    assert tab.session.backend_name == "builtin"


def test_the_built_in_model_needs_no_network(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert tab.ask("What does top_k do?").finish == "done"
    assert "top_k" in tab.answer


# What works


def unfold_checks(tab: Tab) -> None:
    tab.at.session_state["backend-check"] = True
    tab.run()


def test_a_backend_is_checked_and_what_works_is_kept(tab: Tab, open_tab: OpenTab) -> None:
    unfold_checks(tab)
    tab.click("Check this backend")
    [check] = [each for key, each in checks().items() if key[1] == "Built-in"]
    assert check.wait(20)
    tab.run()

    assert "Sees pictures" in tab.everything
    assert "The answer followed the schema." in tab.everything
    other = open_tab()
    unfold_checks(other)
    assert "The answer followed the schema." in other.everything
