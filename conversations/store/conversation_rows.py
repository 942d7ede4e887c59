"""The row of a conversation: inserted once, changed only by its owner, with a growing version."""

import time
from typing import Any

from sqlalchemy import Connection, func, select, update

from ..tree import Conversation, named_after
from .clock import is_alive, now
from .message_rows import insert_nodes, insert_once
from .store_errors import BusyError, NotYoursError
from .tables import conversation, message


def insert_conversation(connection: Connection, given: Conversation) -> None:
    """Insert the row, unless it exists."""
    insert_once(
        connection,
        conversation,
        {
            "id": given.id,
            "owner": given.owner,
            "title": given.title,
            "first_words": _first_words(given),
            "created": given.created,
            "updated": given.updated,
            "settings": given.settings,
            "leaf": given.leaf,
            "version": 1,
        },
    )


def save_whole(connection: Connection, given: Conversation) -> int:
    """Write a conversation with all its content. Return its version."""
    insert_conversation(connection, given)
    lock_row(connection, given)
    insert_nodes(connection, given.id, given.nodes.values(), now(connection))
    return bump_version(
        connection,
        given,
        leaf=given.leaf,
        title=given.title,
        first_words=_first_words(given),
        settings=given.settings,
    )


def lock_row(connection: Connection, given: Conversation) -> None:
    """Lock the row against other writers. Raise `NotYoursError` if it belongs to someone else."""
    row = connection.execute(
        select(conversation.c.owner).where(conversation.c.id == given.id).with_for_update()
    ).first()
    if row is None or row.owner != given.owner:
        raise NotYoursError


def bump_version(connection: Connection, given: Conversation, **values: Any) -> int:
    """Change the row on behalf of its owner. Return the version."""
    row = connection.execute(
        update(conversation)
        .where(conversation.c.id == given.id, conversation.c.owner == given.owner)
        .values(version=conversation.c.version + 1, updated=time.time(), **values)
        .returning(conversation.c.version)
    ).first()
    if row is None:
        raise NotYoursError
    return int(row.version)


def refuse_second_writer(connection: Connection, conversation_id: str) -> None:
    """Raise `BusyError` while an answer in the conversation is being written."""
    alive = connection.scalar(
        select(func.count()).where(
            message.c.conversation_id == conversation_id, is_alive(connection)
        )
    )
    if alive:
        raise BusyError


def _first_words(given: Conversation) -> str:
    return named_after(given.nodes.values()) if given.nodes else ""
