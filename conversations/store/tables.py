"""The tables, for any database that SQLAlchemy supports."""

import json
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from experiments import Outcome
from workers_ai import Parameters

from ..answer_record import Record, well_formed
from ..run_plans import KeptPlan
from ..settings import Settings
from ..tree_nodes import StoredToolResults

MARK = "\ufdd0"
"""A character that no text contains (a Unicode noncharacter); it introduces an escape."""

_ESCAPES = {MARK: MARK + "1", "\0": MARK + "0"}


class ExactText(TypeDecorator[str]):
    """Text that is read back unchanged: PostgreSQL's own type cannot store the character NUL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape the characters that a database may refuse."""
        del dialect
        if value is None:
            return None
        value = well_formed(value)
        if "\0" not in value and MARK not in value:
            return value
        return "".join(_ESCAPES.get(character, character) for character in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo the escapes."""
        del dialect
        if value is None or MARK not in value:
            return value
        return value.replace(MARK + "0", "\0").replace(MARK + "1", MARK)


class Model(TypeDecorator[Any]):
    """A typed value, stored as JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON in ASCII only, which every database can store."""
        del dialect
        if value is None:
            return None
        plain = self._adapter.dump_python(value, mode="json")
        written = json.dumps(plain, ensure_ascii=False)
        if written != (whole := well_formed(written)):
            plain = json.loads(whole)
        return json.dumps(plain, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read and validate the value."""
        del dialect
        return None if value is None else self._adapter.validate_json(value)


HEAD = "0004"
"""The newest revision in the migrations."""

metadata = MetaData()

conversation = Table(
    "conversation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("title", ExactText, nullable=False),
    Column("first_words", ExactText, nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("deleted", Double),
    Column("settings", Model(Settings), nullable=False),
    Column("leaf", String(64)),
    Column("version", Integer, nullable=False),
    Index("conversation_of_owner", "owner", "updated"),
)

message = Table(
    "message",
    metadata,
    Column(
        "conversation_id",
        String(64),
        ForeignKey("conversation.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("id", String(64), primary_key=True),
    Column("parent", String(64)),
    Column("role", String(16), nullable=False),
    Column("text", ExactText, nullable=False),
    Column("created", Double, nullable=False),
    Column("deleted", Double),
    Column("record", Model(Record)),
    Column("results", Model(StoredToolResults)),
    Column("written", Double),
    Column("stop", Boolean, nullable=False, default=False),
)
"""`record` belongs to an answer, `results` to calls. While an answer is being written, `written`
is the time of the last write; `stop` asks the writer to stop."""

image = Table(
    "image",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("thumbnail", LargeBinary, nullable=False),
)


def _picture() -> list[Column[Any]]:
    """Return the columns of a picture, including its position in a list."""
    return [
        Column("position", Integer, primary_key=True),
        Column("sha256", String(64), ForeignKey("image.sha256"), nullable=False),
        Column("name", ExactText, nullable=False),
        Column("media_type", String(64), nullable=False),
        Column("width", Integer, nullable=False),
        Column("height", Integer, nullable=False),
        Column("size", Integer, nullable=False),
        Column("original_format", String(16), nullable=False),
        Column("original_width", Integer, nullable=False),
        Column("original_height", Integer, nullable=False),
        Column("original_bytes", Integer, nullable=False),
        Column("changes", Model(tuple[str, ...]), nullable=False),
    ]


attachment = Table(
    "attachment",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("message_id", String(64), primary_key=True),
    *_picture(),
    ForeignKeyConstraint(
        ["conversation_id", "message_id"],
        ["message.conversation_id", "message.id"],
        ondelete="CASCADE",
    ),
    Index("attachment_image", "sha256"),
)

run = Table(
    "run",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("created", Double, nullable=False),
    Column("plan", Model(KeptPlan), nullable=False),
    Index("run_of_owner", "owner", "kind", "created"),
)


def _of_a_run() -> Column[str]:
    return Column("run_id", String(64), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)


run_picture = Table(
    "run_picture", metadata, _of_a_run(), *_picture(), Index("run_picture_image", "sha256")
)

run_outcome = Table(
    "run_outcome",
    metadata,
    _of_a_run(),
    Column("key", String(200), primary_key=True),
    Column("outcome", Model(Outcome), nullable=False),
)
"""The outcome of each call that was started."""

preset = Table(
    "preset",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("parameters", Model(Parameters), nullable=False),
)
