"""Run as a process of its own: becomes many that write into one database at once.

Arguments: the address, how many processes, and how many messages each. It says what went wrong,
if anything did, and ends with the ids of the chats, the one that all have written into last.
"""

import json
import multiprocessing
import sys
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier

from conversations import Conversation, Conversations, Question
from tests.conversations.talk import picture, turn


def write(conversations: Conversations, given: Conversation, name: int, count: int) -> None:
    """Say so many things, each with an answer, and the first with a picture."""
    for number in range(count):
        pictures = [picture()] if number == 0 else []
        question, answered = turn(
            f"{name} {number}", f"answer to {name} {number}", given.leaf, *pictures
        )
        conversations.put(given, question)
        conversations.put(given, answered)


def run(url: str, name: int, count: int, together: Barrier, ids: list[SynchronizedArray]) -> None:
    """Be one of them: open the database with all others, write alone, then into the same chat."""
    together.wait(60)
    conversations = Conversations(url)
    if conversations.problem:
        raise SystemExit(conversations.problem)
    own = conversations.new("ada")
    write(conversations, own, name, count)
    ids[name].value = own.id.encode()
    if name == 0:
        shared = conversations.new("ada")
        conversations.put(shared, Question("first"))
        ids[-1].value = shared.id.encode()
    together.wait(60)
    found = conversations.open(ids[-1].value.decode(), "ada")
    if found is None:
        raise SystemExit("The chat is not there.")
    write(conversations, found, name, count)
    conversations.close()


def main(url: str, writers: str, count: str) -> None:
    """Become so many: forked, for each would take a second to load what all need."""
    context = multiprocessing.get_context("fork")
    together = context.Barrier(int(writers))
    ids = [context.Array("c", 64) for _ in range(int(writers) + 1)]
    processes = [
        context.Process(target=run, args=(url, name, int(count), together, ids))
        for name in range(int(writers))
    ]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)
    if any(each.exitcode for each in processes):
        raise SystemExit("A writer failed.")
    sys.stdout.write(json.dumps([each.value.decode() for each in ids]))


if __name__ == "__main__":
    main(*sys.argv[1:])
