"""One browser tab on the app, without a browser: page, client and wire run together in AppTest.

tab = Tab()
tab.ask("What does top_k do?")      # returns when the answer has ended
assert "top_k" in tab.answer
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from components.session import Session
from conversations import Turn
from workers_ai import Snapshot
from workers_ai.call_trace import CallTrace

# Streamlit reads .streamlit/config.toml at the first question, from the folder of that moment.
st.get_option("server.address")

APP = Path(__file__).parents[2] / "pages" / "frame.py"
NO_SECRETS = {"cabochon": {"unused": ""}}
"""Used instead of the secrets.toml that a developer may have."""

BROWSER = "b" * 32
"""The browser of a tab by default."""

LIVE_MARKDOWN = re.compile(r"(?<!\\)\[[^\]\n]*(?<!\\)\]\([^)\n]*\)|(?<!\\)<https?:")
"""A link or picture that a browser would render from someone else's text."""


@cache
def installed_components() -> BidiComponentManager:
    """Scan the installed packages once; scanning for each tab takes most of a test."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


class Tab:
    """One tab as a person sees and uses it. Elements are those of the last run."""

    def __init__(
        self,
        *,
        secrets: dict[str, Any] | None = None,
        browser: str = BROWSER,
        user: dict[str, Any] | None = None,
        **link: str,
    ) -> None:
        self.browser = browser
        self.at = AppTest.from_file(APP, default_timeout=20)
        self.at._bidi_component_manager = installed_components()
        self.at.secrets = secrets or NO_SECRETS
        self.at.user = user or {}
        self.at.query_params.update(link)
        self.run()

    def run(self) -> None:
        """Run the page, and fail on any traceback."""
        # AppTest has no cookies, but a new session needs to know its browser.
        with patch("components.shell.identity.browser_id", lambda: self.browser):
            self.at.run()
        assert [error.value for error in self.at.exception] == []

    # What the app remembers

    @property
    def session(self) -> Session:
        remembered: Session = self.at.session_state["session"]
        return remembered

    @property
    def turn(self) -> Turn:
        return self.session.conversation.turns[-1]

    @property
    def trace(self) -> CallTrace:
        return self.turn.answer.reply.trace

    @property
    def body(self) -> dict[str, Any]:
        """The last request body that was sent."""
        body: dict[str, Any] = json.loads(self.trace.request_body)
        return body

    # What a person does

    def ask(
        self, text: str = "What does top_k do?", files: Mapping[str, bytes] | None = None
    ) -> Snapshot:
        """Send a message, with files by name, and wait for the answer to end."""
        self.submit(text, files)
        return self.settled()

    def submit(self, text: str, files: Mapping[str, bytes] | None = None) -> None:
        """Send a message, whether or not it will be accepted."""
        for name, data in (files or {}).items():
            self.at.chat_input(key="message").upload(name, data)
        self.at.chat_input(key="message").set_value(text)
        self.run()

    def settled(self) -> Snapshot:
        """Wait for the last answer to end, and run the page again."""
        *_, last = self.turn.answer.reply.updates()
        self.run()
        return last

    def click(self, key: str) -> None:
        """Click a button by its key or label."""
        [button] = [b for b in self.at.button if key in {b.key, b.label}]
        button.click()
        self.run()

    def go(self, page: str) -> None:
        """Go to another page by the name of its script."""
        self.at.switch_page(f"{page}.py")
        self.run()

    def choose(self, menu: str, action: str) -> None:
        """Choose from the last menu with this key prefix: `tab.choose("menu-answer", "Edit")`."""
        found = [each for each in self.at.menu_button if each.key.startswith(menu)]
        found[-1].click(action)
        self.run()

    def keys(self, kind: str) -> list[str]:
        """Return the keys of all widgets of a kind: `tab.keys("button")`."""
        return [each.key for each in getattr(self.at, kind) if each.key]

    def set(self, kind: str, key: str, value: object) -> None:
        """Set a widget: `tab.set("toggle", "raw", True)`."""
        getattr(self.at, kind)(key=key).set_value(value)
        self.run()

    # What the page shows

    def has(self, key: str) -> bool:
        """Whether there is a widget with this key."""
        return any(getattr(node, "key", None) == key for node in nodes(self.at._tree))

    @property
    def link(self) -> dict[str, str]:
        """The query string of the address bar."""
        values = self.at.query_params.items()
        return {name: value[0] if isinstance(value, list) else value for name, value in values}

    @property
    def answer(self) -> str:
        """The last answer as shown, whether text or failure."""
        return "\n".join(texts(self.at.chat_message[-1]))

    @property
    def toasts(self) -> str:
        """The notices as plain text."""
        plain = html.unescape(self.toast_markdown).replace("\u2060", "")
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain)

    @property
    def toast_markdown(self) -> str:
        """The notices as sent to the browser."""
        return "\n".join(toast.value for toast in self.at.toast)

    @property
    def everything(self) -> str:
        """All text of the page, including sidebar, tooltips and toasts."""
        return "\n".join(texts(self.at._tree))

    @property
    def sent_to_browser(self) -> str:
        """Everything that the last run sent to the browser over the websocket."""
        return "\n".join(str(getattr(node, "proto", "")) for node in nodes(self.at._tree))


def texts(block: Any) -> list[str]:
    """List all text under a block: values, labels, placeholders and tooltips."""
    found = []
    for node in nodes(block):
        for name in ("value", "label", "placeholder", "help"):
            text = getattr(node, name, None)
            if isinstance(text, str) and text:
                found.append(text)
    return found


def nodes(block: Any) -> Iterator[Any]:
    """Walk through a block and everything under it."""
    yield block
    for child in (getattr(block, "children", None) or {}).values():
        yield from nodes(child)
