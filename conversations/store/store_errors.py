"""The errors of the store; the database's own errors are translated here."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError


class StoreError(Exception):
    """The store cannot do what was asked. Its message is a sentence that can be shown."""


class DamagedError(StoreError):
    """The file is not an intact database."""


class BusyError(Exception):
    """An answer is already being written in this conversation."""


class NotYoursError(Exception):
    """The conversation belongs to someone else, or no longer exists."""


FULL = "The disk is full."
READ_ONLY = "The database is read-only."
DAMAGED = "The database is damaged."
UNREACHABLE = "The database cannot be reached."
BUSY = "The database was busy for too long."
UNREADABLE = "The database contains something that this version of the app cannot read."
NEWER = "The database was created by a newer version of this app."

_BY_SQLITE = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CANTOPEN": "The database file cannot be opened.",
    "SQLITE_IOERR": "The database could not read from or write to the disk.",
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
}

_BY_SQLSTATE = {"53100": FULL, "25006": READ_ONLY, "55P03": BUSY, "40P01": BUSY}


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the database's errors into a `StoreError` that explains them."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error)
        kind = DamagedError if sentence == DAMAGED else StoreError
        # Not chained: the original repeats the values to be written.
        raise kind(sentence) from None
    except ValidationError:
        raise StoreError(UNREADABLE) from None
    except SQLAlchemyError as error:
        raise StoreError(f"The database failed: {type(error).__name__}.") from None


def _sentence(error: DBAPIError) -> str:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "") or ""
        known = (text for code, text in _BY_SQLITE.items() if name.startswith(code))
        return next(known, f"The database reported an error: {original}.")
    state = getattr(original, "sqlstate", None)
    if state is None:
        lost = isinstance(error, OperationalError | InterfaceError)
        return UNREACHABLE if lost else "The database reported an error."
    if state.startswith(("08", "57P")):
        return UNREACHABLE
    return _BY_SQLSTATE.get(state, f"The database reported an error ({state}).")
