"""Upgrades of the tables of an older version, with the scripts in `migrations`."""

import threading
from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table, text

from .store_errors import NEWER, StoreError
from .tables import HEAD

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x0CAB0C40

# Alembic keeps its state in a module, so a process can run only one migration at a time.
_MIGRATING = threading.Lock()


def bring_up_to_date(connection: Connection) -> None:
    """Create the current tables, or upgrade older ones, in the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
    if revision(connection) == HEAD:
        return
    migrate(connection)


def revision(connection: Connection) -> str | None:
    """Return the revision of the tables, or None if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = select(column("version_num", String)).select_from(table("alembic_version"))
    return connection.execute(found).scalar()


def migrate(connection: Connection, to: str = "head") -> None:
    """Upgrade the tables to a revision."""
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        with _MIGRATING:
            command.upgrade(config, to)
    except CommandError:
        raise StoreError(NEWER) from None
