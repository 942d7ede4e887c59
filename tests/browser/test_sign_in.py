"""Streamlit's sign-in with a real provider: chats belong to a person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, Served, free_port
from tests.browser.identity import CLIENT_ID, IdentityProvider

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Served]:
    with IdentityProvider() as provider:
        port = free_port()
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
            cookie_secret = "made up for this test alone"
            client_id = "{CLIENT_ID}"
            client_secret = "made up too"
            server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"
            """
        )
        server = Served(ROOT / "app.py", options=("--secrets.files", str(secrets)), port=port)
        yield server
        server.stop()


def signed_in(context: Any, url: str, name: str) -> Any:
    tab = context.new_page()
    tab.goto(url)
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_role("link", name=name).click()
    tab.get_by_test_id("stChatInputTextArea").wait_for()
    return tab


def chats(tab: Any) -> Any:
    tab.get_by_role("button", name="Chats").click()
    dialog = tab.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def test_chats_belong_to_the_person_in_whatever_browser(chromium: Any, app: Served) -> None:
    contexts = [chromium.new_context() for _ in range(3)]
    ada = signed_in(contexts[0], app.url, "Ada Lovelace")
    ada.get_by_role("button", name="What does temperature do?").click()
    ada.get_by_text("complete").wait_for()
    elsewhere = signed_in(contexts[1], app.url, "Ada Lovelace")
    assert "What does temperature do?" in chats(elsewhere).inner_text()
    bob = chats(signed_in(contexts[2], app.url, "Bob Noyce"))
    bob.get_by_text("Your chats will appear here.").wait_for()
    bob.get_by_text("Bob Noyce").wait_for()
    bob.get_by_role("button", name="Sign out").click()
    contexts[2].pages[0].get_by_role("button", name="Sign in").wait_for()
    assert not contexts[2].pages[0].get_by_test_id("stChatInputTextArea").count()
    for context in contexts:
        context.close()
