"""The database's clock, the same for all machines that share it, and which writers are alive."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, literal_column

from .tables import message

WRITER_TIMEOUT = 10.0
"""Seconds of silence after which a writer is considered gone."""


def now(connection: Connection) -> ColumnElement[float]:
    """Return the database's time in seconds since 1970."""
    if connection.dialect.name == "postgresql":
        return literal_column("extract(epoch from clock_timestamp())::double precision")
    return literal_column("((julianday('now') - 2440587.5) * 86400.0)")


def is_alive(connection: Connection) -> ColumnElement[Any]:
    """Return a column: whether the writer was active a moment ago, or NULL if none is needed."""
    return now(connection) - message.c.written < WRITER_TIMEOUT
