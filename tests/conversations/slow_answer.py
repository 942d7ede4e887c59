"""Run as a separate process: asks the built-in model and prints the answer as it grows.

Arguments: the database URL, and how many tokens are written per second. It prints lines of JSON:
the conversation's id first, then pairs of the time and the text so far.
"""

import json
import sys
import threading
import time

from backends import BuiltIn, preload_built_in
from conversations import Conversations, Settings
from tests.conversations.talk import LONG, ask, picture
from workers_ai import Parameters


def say(value: object) -> None:
    """Print a line."""
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def main(url: str, pace: str) -> None:
    """Ask, and follow the answer to its end."""
    preload_built_in()
    conversations = Conversations(url)
    given = conversations.new("ada")
    given.settings = Settings(Parameters(stream=True, seed=1))
    answer = ask(conversations, given, LONG, picture(300), backend=BuiltIn(float(pace)))
    say(given.id)
    version = -1
    while answer.running:
        answer.progress.wait(version, 0.2)
        now = answer.snapshot()
        version = now.version
        say([time.monotonic(), now.text])
    for thread in threading.enumerate():
        if thread.name == "writer":
            thread.join()
    conversations.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
