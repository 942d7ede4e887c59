"""Messages and their pictures as database rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..picture import FACTS, Picture
from ..tree_nodes import Answer, Ended, Node, Question, StoredToolResults, ToolResults
from .picture_cache import Images
from .tables import attachment, image, message


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row, unless its key exists; return whether it was inserted."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    done = connection.execute(
        insert(table).values(values).on_conflict_do_nothing(),
        # Otherwise SQLAlchemy ignores PostgreSQL's row count for an INSERT.
        execution_options={"preserve_rowcount": True},
    )
    return bool(done.rowcount)


def insert_nodes(
    connection: Connection, conversation_id: str, nodes: Collection[Node], now: object
) -> None:
    """Insert messages with their pictures; `now` is the database's clock.

    Existing ones are updated, except answers that are still being written, which only their
    writer updates.
    """
    keep_images(connection, [each for node in nodes for each in _pictures(node)])
    for node in nodes:
        _insert_node(connection, conversation_id, node, now)


def role_of(node: Node) -> str:
    """Return the API's role for a kind of message."""
    return {Question: "user", ToolResults: "tool", Answer: "assistant"}[type(node)]


def _pictures(node: Node) -> tuple[Picture, ...]:
    return node.pictures if isinstance(node, Question) else ()


def _insert_node(connection: Connection, conversation_id: str, node: Node, now: object) -> None:
    answer = node if isinstance(node, Answer) else None
    running = answer is not None and answer.running
    changing = {
        "text": node.text,
        "deleted": node.deleted,
        "record": answer.recorded() if answer else None,
        "results": node.kept() if isinstance(node, ToolResults) else None,
        "written": now if running else None,
    }
    fixed = {
        "conversation_id": conversation_id,
        "id": node.id,
        "parent": node.parent,
        "role": role_of(node),
        "created": node.created,
        "stop": False,
    }
    if not insert_once(connection, message, fixed | changing) and not running:
        this = (message.c.conversation_id == conversation_id) & (message.c.id == node.id)
        connection.execute(update(message).where(this).values(changing))
    for position, picture in enumerate(_pictures(node)):
        place = {"conversation_id": conversation_id, "message_id": node.id, "position": position}
        insert_once(connection, attachment, place | picture.facts())


def keep_images(connection: Connection, pictures: Iterable[Picture]) -> None:
    """Store the bytes of pictures, each once."""
    for _, picture in sorted({each.sha256: each for each in pictures}.items()):
        # Always in the same order, to avoid deadlocks.
        _keep_image(connection, picture)


def picture_of(row: Row[Any], images: Images) -> Picture:
    """Return the picture in a row."""
    facts = {name: getattr(row, name) for name in FACTS}
    return Picture(**facts, read=images.data, read_thumbnail=images.thumbnail)


def _keep_image(connection: Connection, picture: Picture) -> None:
    # Updated, not only looked up: then nobody can erase it before this transaction commits. One
    # that another transaction has just inserted is updated in the second round.
    while not _touched(connection, picture.sha256):
        values = {"data": picture.data, "thumbnail": picture.thumbnail}
        if insert_once(connection, image, {"sha256": picture.sha256} | values):
            return


def _touched(connection: Connection, sha256: str) -> bool:
    this = image.c.sha256 == sha256
    return bool(connection.execute(update(image).where(this).values(sha256=sha256)).rowcount)


def read_nodes(rows: Iterable[Row[Any]], pictures: Mapping[str, Sequence[Picture]]) -> list[Node]:
    """Return the messages in rows of `message` that have the extra column `alive`."""
    return [_node(row, pictures.get(row.id, ())) for row in rows]


def _node(row: Row[Any], pictures: Sequence[Picture]) -> Node:
    if row.role == "user":
        return Question(row.text, tuple(pictures), row.parent, row.id, row.created, row.deleted)
    if row.role == "tool":
        content = row.results or StoredToolResults(())
        return ToolResults(
            content.results, row.parent, content.said, row.id, row.created, row.deleted
        )
    record = row.record.interrupted() if is_abandoned(row) else row.record
    progress = Ended(record.snapshot(row.text))
    begun = row.text[: record.begun]
    return Answer(record, progress, row.parent, begun, row.id, row.created, row.deleted)


def is_abandoned(row: Row[Any]) -> bool:
    """Return whether the answer's writer disappeared before it ended."""
    return row.written is not None and not row.alive


def read_pictures(
    connection: Connection, conversation_id: str, images: Images
) -> dict[str, list[Picture]]:
    """Return a conversation's pictures by message, without their bytes."""
    rows = connection.execute(
        select(attachment)
        .where(attachment.c.conversation_id == conversation_id)
        .order_by(attachment.c.message_id, attachment.c.position)
    )
    found: dict[str, list[Picture]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(picture_of(row, images))
    return found
