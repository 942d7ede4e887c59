"""Actions of a person, who waits for the page and repeats what had no effect."""

import time
from typing import Any

_PATIENCE = 20.0


def send(tab: Any, text: str) -> None:
    """Type a message and press Enter, which does nothing while a picture is still uploading."""
    box = tab.get_by_test_id("stChatInputTextArea")
    box.fill(text)
    deadline = time.monotonic() + _PATIENCE
    box.press("Enter")
    while box.input_value():
        assert time.monotonic() < deadline, "the message was not accepted"
        tab.wait_for_timeout(200)
        if box.input_value():
            box.press("Enter")


def rested(tab: Any) -> None:
    """Wait until the script has processed the last action."""
    # Twice: on a busy machine, the action may not have reached the script yet.
    for _ in range(2):
        tab.wait_for_timeout(300)
        tab.locator('[data-test-script-state="notRunning"]').wait_for()
