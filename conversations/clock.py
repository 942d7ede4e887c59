"""The database's clock, and who is still at work by it: several machines may share a database."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, literal_column

from .schema import message

SILENCE = 10.0
"""Seconds after which a writer that says nothing is taken for gone."""


def now(connection: Connection) -> ColumnElement[float]:
    """Return the database's time in seconds since 1970."""
    if connection.dialect.name == "postgresql":
        return literal_column("extract(epoch from clock_timestamp())::double precision")
    return literal_column("((julianday('now') - 2440587.5) * 86400.0)")


def is_alive(connection: Connection) -> ColumnElement[Any]:
    """Whether somebody was writing an answer a moment ago; NULL if nobody ever has to again."""
    return now(connection) - message.c.written < SILENCE
