"""Sending a message as a person does: once more, if it was not taken the first time."""

import time
from typing import Any

_PATIENCE = 20.0


def send(tab: Any, text: str) -> None:
    """Type a message and press Enter; while a picture is still on its way that does nothing."""
    box = tab.get_by_test_id("stChatInputTextArea")
    box.fill(text)
    deadline = time.monotonic() + _PATIENCE
    box.press("Enter")
    while box.input_value():
        assert time.monotonic() < deadline, "the message was not taken"
        tab.wait_for_timeout(200)
        if box.input_value():
            box.press("Enter")
