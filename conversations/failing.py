"""What can go wrong with the store, in words; the database's own errors are translated here."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError


class StoreError(Exception):
    """The store cannot do what was asked. Its text is a sentence that can be shown."""


class DamagedError(StoreError):
    """The file is not a database, or not a whole one."""


class BusyError(Exception):
    """An answer is being written in this conversation; there is never more than one."""


class NotYoursError(Exception):
    """The conversation is somebody else's, or is gone."""


FULL = "The disk is full."
READ_ONLY = "The database can only be read."
DAMAGED = "The database is damaged."
UNREACHABLE = "The database cannot be reached."
BUSY = "The database was busy for too long."
UNREADABLE = "The database holds something that this version of the app cannot read."
NEWER = "The database was made by a newer version of this app."

_BY_SQLITE = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CANTOPEN": "The database file cannot be opened.",
    "SQLITE_IOERR": "The disk does not do what the database asks of it.",
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
}

_BY_SQLSTATE = {"53100": FULL, "25006": READ_ONLY, "55P03": BUSY, "40P01": BUSY}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into a `StoreError` that says what is wrong."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error)
        kind = DamagedError if sentence == DAMAGED else StoreError
        # Not chained: the original repeats what was to be written.
        raise kind(sentence) from None
    except ValidationError:
        raise StoreError(UNREADABLE) from None
    except SQLAlchemyError as error:
        raise StoreError(f"The database does not work: {type(error).__name__}.") from None


def _sentence(error: DBAPIError) -> str:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "") or ""
        known = (text for code, text in _BY_SQLITE.items() if name.startswith(code))
        return next(known, f"The database refused: {original}.")
    state = getattr(original, "sqlstate", None)
    if state is None:
        lost = isinstance(error, OperationalError | InterfaceError)
        return UNREACHABLE if lost else "The database refused it."
    if state.startswith(("08", "57P")):
        return UNREACHABLE
    return _BY_SQLSTATE.get(state, f"The database refused ({state}).")
