"""Access to a database: where it is, how its connections are configured, and its upgrades."""

import os
import time
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from .migration import bring_up_to_date, revision
from .store_errors import DAMAGED, READ_ONLY, DamagedError, StoreError, translated_errors
from .tables import HEAD

MEMORY = "sqlite://"
"""The URL of a database that is never written to disk."""

LOCK_TIMEOUT = 30
"""Seconds that a writer waits for others."""

_CONNECT_TIMEOUT = 10
_BEGINNING = b"SQLite format 3\0"

_PRAGMAS = (
    f"busy_timeout = {1000 * LOCK_TIMEOUT}",
    "foreign_keys = on",
    # Erased content is overwritten, not only unlinked.
    "secure_delete = on",
    "temp_store = memory",
)


def default_database_url() -> str:
    """Return the URL of the SQLite file in the user's application data folder."""
    folder = platformdirs.user_data_path("cabochon", appauthor=False)
    return URL.create("sqlite", database=str(folder / "conversations.db")).render_as_string()


def open_database(url: str) -> tuple[Engine, str]:
    """Return an engine on a database with current tables, and a sentence to show, or "".

    A damaged SQLite file is set aside under another name, and a new one is created. Raises
    `StoreError`.
    """
    place = _place(url)
    found = _identity(place)
    try:
        return _opened(place), ""
    except DamagedError:
        if _identity(place) != found:
            # Another process was faster: the file is already the new one.
            return _opened(place), ""
        aside = _set_aside(place)
        sentence = f"{DAMAGED} It was set aside as {aside.name}, and a new one was created."
        return _opened(place), sentence


def _place(url: str) -> URL:
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("CABOCHON_DATABASE_URL is not a database URL.") from None
    if place.get_backend_name() not in {"sqlite", "postgres", "postgresql"}:
        kind = place.get_backend_name()
        raise StoreError(f"Chats can be stored in SQLite or PostgreSQL, not in {kind}.")
    if place.drivername in {"postgres", "postgresql"}:
        return place.set(drivername="postgresql+psycopg")
    return place


def _opened(place: URL) -> Engine:
    _refuse_other_files(place)
    try:
        engine = create_engine(place, hide_parameters=True, **_options(place))
    except NoSuchModuleError:
        raise StoreError(f"Unknown kind of database: {place.drivername}.") from None
    except ImportError as error:
        raise StoreError(
            f"The database requires the package {error.name}: install psycopg[binary]."
        ) from None
    if place.get_backend_name() == "sqlite":
        _speak_sqlite(engine, place)
    try:
        _prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(engine: Engine) -> None:
    try:
        with translated_errors(), engine.execution_options(writes=True).begin() as connection:
            _check(connection)
            bring_up_to_date(connection)
    except StoreError as error:
        if str(error) != READ_ONLY:
            raise
        with translated_errors(), engine.begin() as connection:
            _check(connection)
            if revision(connection) != HEAD:
                raise


def _options(place: URL) -> dict[str, Any]:
    if place.get_backend_name() != "sqlite":
        limits = {"connect_timeout": _CONNECT_TIMEOUT} if "psycopg" in place.drivername else {}
        return {"pool_pre_ping": True, "connect_args": limits}
    shared = {"check_same_thread": False, "timeout": LOCK_TIMEOUT}
    if in_memory(place):
        # The connection is the database, so there is only one; other users wait for it.
        return {
            "poolclass": QueuePool,
            "pool_size": 1,
            "max_overflow": 0,
            "connect_args": shared,
        }
    _make_folder(place)
    return {"connect_args": shared, "pool_size": 5, "max_overflow": 20}


def in_memory(place: URL) -> bool:
    """Return whether the URL names a database in this process's memory."""
    return place.database in {None, "", ":memory:"}


def _file(place: URL) -> Path | None:
    """Return the file that the URL names, if it is a plain path."""
    if in_memory(place) or str(place.database).startswith("file:"):
        return None
    return Path(str(place.database))


def _refuse_other_files(place: URL) -> None:
    """Raise before SQLite opens a file that is not a database: it would delete the file's log."""
    file = _file(place) if place.get_backend_name() == "sqlite" else None
    if file is None or not file.is_file():
        return
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(_BEGINNING))
    except OSError as error:
        raise StoreError(f"The database file cannot be read: {error.strerror}.") from None
    if beginning not in {b"", _BEGINNING}:
        raise DamagedError(DAMAGED)


def _identity(place: URL) -> int | None:
    """Return a number that tells a file from another one that has replaced it."""
    file = _file(place)
    return file.stat().st_ino if file and file.exists() else None


def _make_folder(place: URL) -> None:
    file = _file(place)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            # On a shared machine, chats must be private.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"The database file cannot be created: {error.strerror}.") from None


def _speak_sqlite(engine: Engine, place: URL) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # SQLite's built-in lower() handles only ASCII letters.
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if _file(place):
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = normal")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A transaction that reads first and writes later could not wait for other writers.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise DamagedError(DAMAGED)


def _set_aside(place: URL) -> Path:
    """Rename the file and its log files; nothing is deleted."""
    file = _file(place)
    if file is None:
        raise DamagedError(DAMAGED)
    aside = first = file.with_name(f"{file.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    number = 1
    while aside.exists():
        number += 1
        aside = first.with_name(f"{first.name}-{number}")
    try:
        for ending in ("", "-wal", "-shm"):
            part = file.with_name(file.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise DamagedError(f"{DAMAGED} It cannot be set aside: {error.strerror}.") from None
    return aside
