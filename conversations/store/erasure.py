"""Permanent erasure of conversations, the content of messages, and unused pictures."""

from sqlalchemy import Connection, and_, delete, exists, or_, select, update

from .queries import is_message
from .tables import attachment, conversation, image, message, preset, run, run_picture


def erase_one(connection: Connection, owner: str, conversation_id: str) -> None:
    """Erase a conversation, if it exists and belongs to this owner."""
    theirs = (conversation.c.id == conversation_id) & (conversation.c.owner == owner)
    connection.execute(delete(conversation).where(theirs))
    erase_unused_images(connection)


def erase_all_of_owner(connection: Connection, owner: str) -> int:
    """Erase everything an owner has; return how many conversations there were."""
    connection.execute(delete(run).where(run.c.owner == owner))
    connection.execute(delete(preset).where(preset.c.owner == owner))
    gone = connection.execute(delete(conversation).where(conversation.c.owner == owner))
    erase_unused_images(connection)
    return gone.rowcount


def erase_unchanged(connection: Connection, before: float) -> None:
    """Erase conversations last changed, and runs created, before a time."""
    connection.execute(delete(run).where(run.c.created < before))
    connection.execute(delete(conversation).where(conversation.c.updated < before))
    erase_unused_images(connection)


def erase_deleted(connection: Connection, before: float) -> None:
    """Erase what was deleted before a time: conversations, and the content of messages."""
    connection.execute(delete(conversation).where(conversation.c.deleted < before))
    old = select(message).where(message.c.deleted < before)
    said = or_(message.c.text != "", message.c.record.is_not(None), message.c.results.is_not(None))
    gone = old.subquery()
    connection.execute(
        delete(attachment).where(
            exists().where(
                gone.c.conversation_id == attachment.c.conversation_id,
                gone.c.id == attachment.c.message_id,
            )
        )
    )
    for row in connection.execute(old.where(said)).all():
        left = row.record.without_words() if row.record else None
        if row.text or row.results or left != row.record:
            this = is_message(row.conversation_id, row.id)
            erased = {"text": "", "record": left, "results": None}
            connection.execute(update(message).where(this).values(erased))
    erase_unused_images(connection)


def erase_unused_images(connection: Connection) -> None:
    """Erase the pictures that no message and no run uses."""
    loose = and_(
        ~exists().where(attachment.c.sha256 == image.c.sha256),
        ~exists().where(run_picture.c.sha256 == image.c.sha256),
    )
    # Locked first, then checked again: one may have come into use in between (see `message_rows`).
    found = connection.scalars(
        select(image.c.sha256).where(loose).order_by(image.c.sha256).with_for_update()
    ).all()
    for sha256 in found:
        connection.execute(delete(image).where(image.c.sha256 == sha256, loose))
