"""Database queries: a conversation, an answer as it grows, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)

from ..answer_record import Record
from ..tree import Conversation
from .clock import is_alive
from .message_rows import read_nodes, read_pictures
from .picture_cache import Images
from .tables import ExactText, conversation, image, message

_MATCH_ANYTHING = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class ChatSummary:
    """A conversation in a list."""

    id: str
    name: str
    updated: float
    """Seconds since 1970."""


@dataclass(frozen=True)
class StoredAnswer:
    """An answer as last written to the store."""

    text: str
    record: Record
    alive: bool
    """Whether its writer is still active."""


def is_message(conversation_id: str, message_id: str) -> ColumnElement[bool]:
    """Return a condition that selects one message."""
    return and_(message.c.conversation_id == conversation_id, message.c.id == message_id)


def read_conversation(
    connection: Connection, conversation_id: str, images: Images
) -> tuple[Conversation, Sequence[Row[Any]]] | None:
    """Return a conversation with the rows of its messages, or None if it no longer exists."""
    row = connection.execute(_living(conversation_id)).first()
    if row is None:
        return None
    messages = connection.execute(
        select(message, is_alive(connection).label("alive"))
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.created, message.c.id)
    ).all()
    nodes = read_nodes(messages, read_pictures(connection, conversation_id, images))
    found = Conversation(
        id=row.id,
        owner=row.owner,
        title=row.title,
        created=row.created,
        updated=row.updated,
        settings=row.settings,
        leaf=row.leaf,
        version=row.version,
        nodes={node.id: node for node in nodes},
    )
    return found, messages


def read_version(connection: Connection, conversation_id: str) -> int | None:
    """Return the version of a conversation, or None if it no longer exists."""
    return connection.scalar(_living(conversation_id).with_only_columns(conversation.c.version))


def read_written(
    connection: Connection, conversation_id: str, message_id: str
) -> StoredAnswer | None:
    """Return an answer as last written, or None if it no longer exists."""
    row = connection.execute(
        select(message.c.text, message.c.record, is_alive(connection).label("alive")).where(
            is_message(conversation_id, message_id)
        )
    ).first()
    return StoredAnswer(row.text, row.record, bool(row.alive)) if row else None


def read_list(
    connection: Connection, owner: str, search: str, *, most: int, deleted: bool
) -> list[ChatSummary]:
    """Return an owner's conversations that contain all words of `search`, newest first."""
    found = (
        select(conversation)
        .where(conversation.c.owner == owner)
        .where(conversation.c.deleted.is_not(None) if deleted else _not_deleted())
        .where(conversation.c.first_words != "")
        .order_by(conversation.c.updated.desc())
        .limit(most)
    )
    for word in search.split():
        found = found.where(_has_word(word))
    rows = connection.execute(found).all()
    return [ChatSummary(row.id, row.title or row.first_words, row.updated) for row in rows]


def read_count(connection: Connection, owner: str) -> int:
    """Return how many conversations an owner has."""
    found = (
        select(func.count())
        .select_from(conversation)
        .where(conversation.c.owner == owner, _not_deleted())
        .where(conversation.c.first_words != "")
    )
    return connection.scalar(found) or 0


def read_image(connection: Connection, sha256: str, column: str) -> bytes | None:
    """Return the bytes of a picture or of its thumbnail, whichever the column holds."""
    return connection.scalar(select(image.c[column]).where(image.c.sha256 == sha256))


def _not_deleted() -> ColumnElement[bool]:
    return conversation.c.deleted.is_(None)


def _living(conversation_id: str) -> Select[Any]:
    return select(conversation).where(conversation.c.id == conversation_id, _not_deleted())


def _has_word(word: str) -> ColumnElement[bool]:
    pattern = literal(f"%{word.lower().translate(_MATCH_ANYTHING)}%", ExactText)
    said = exists().where(
        message.c.conversation_id == conversation.c.id,
        message.c.deleted.is_(None),
        func.lower(message.c.text).like(pattern, escape="\\"),
    )
    return or_(func.lower(conversation.c.title).like(pattern, escape="\\"), said)
