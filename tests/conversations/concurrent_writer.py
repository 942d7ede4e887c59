"""Run as a process of its own: writes messages into a database when it is told to.

Arguments: the address, a name, and how many messages. It says that it is ready, and begins at the
first line that it hears. It says the id of a chat of its own that it has written into; the next
line is the id of another one, to write into as well.
"""

import sys

from conversations import Conversation, Conversations
from tests.conversations.talk import picture, turn


def write(conversations: Conversations, given: Conversation, name: str, count: int) -> None:
    """Say so many things, each with an answer, and the first with a picture."""
    for number in range(count):
        pictures = [picture()] if number == 0 else []
        question, answered = turn(
            f"{name} {number}", f"answer to {name} {number}", given.leaf, *pictures
        )
        conversations.put(given, question)
        conversations.put(given, answered)


def say(line: str) -> None:
    """Send a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, name: str, count: str) -> None:
    """Open when told, and write."""
    say("ready")
    sys.stdin.readline()
    conversations = Conversations(url)
    if conversations.problem:
        raise SystemExit(conversations.problem)
    own = conversations.new("ada")
    write(conversations, own, name, int(count))
    say(own.id)
    shared = conversations.open(sys.stdin.readline().strip(), "ada")
    if shared is None:
        raise SystemExit("The chat is not there.")
    write(conversations, shared, name, int(count))
    conversations.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
