"""Run as a separate process: forks into many that write to one database at the same time.

Arguments: the database URL, how many processes, and how many messages each. It prints any errors,
then the ids of the chats, with the one that all processes have written to last.
"""

import json
import multiprocessing
import sys
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier

from conversations import Conversation, Conversations, Question
from tests.conversations.talk import picture, turn


def write(conversations: Conversations, given: Conversation, name: int, count: int) -> None:
    """Ask this many questions, each with an answer, and the first with a picture."""
    for number in range(count):
        pictures = [picture()] if number == 0 else []
        question, answered = turn(
            f"{name} {number}", f"answer to {name} {number}", given.leaf, *pictures
        )
        conversations.put(given, question)
        conversations.put(given, answered)


def run(url: str, name: int, count: int, together: Barrier, ids: list[SynchronizedArray]) -> None:
    """Act as one process: open the database with the others, write alone, then to a shared chat."""
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
    """Fork into this many processes: each would take a second to load its imports."""
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
