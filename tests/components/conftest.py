"""Tabs, a server for them, and an environment that is identical everywhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.shell.configuration import VARIABLES
from conversations.store.database import MEMORY
from tests.components.tab import Tab
from tests.wire_server import WireServer

ACCOUNT = "0123456789abcdef" * 2
API_TOKEN = "cfut_operator-canary-90c1"

OpenTab = Callable[..., Tab]


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("CABOCHON_DATABASE_URL", MEMORY)
    monkeypatch.setenv("CABOCHON_ENGINE_PORTS", "none")


@pytest.fixture
def open_tab() -> Iterator[OpenTab]:
    """Open tabs with `open_tab(**link)`; their connections are closed at the end."""
    tabs: list[Tab] = []

    def opened(**options: Any) -> Tab:
        tabs.append(Tab(**options))
        return tabs[-1]

    yield opened
    for tab in tabs:
        close(tab)


def close(tab: Tab) -> None:
    for node in tab.session.conversation.nodes.values():
        reply = getattr(node, "reply", None)
        if reply:
            reply.stop()
            reply.client.close()
    for client in tab.session.clients.values():
        client.close()


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    """A tab on the built-in model, unpaced."""
    opened = open_tab()
    opened.set("select_slider", "pace", "Unpaced")
    return opened


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def operator(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> WireServer:
    """A server that the operator has configured, including account and token."""
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", API_TOKEN)
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", server.base_url)
    return server


@pytest.fixture
def cloud(operator: WireServer, open_tab: OpenTab) -> Tab:
    """A tab whose backend is the operator's server."""
    return open_tab()
