"""A PostgreSQL server of our own for the tests: in a folder that is thrown away, on no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)
_UNPRIVILEGED = "postgres"
_PATIENCE = 30.0


def find_programs() -> Path | None:
    """Return the folder of the newest `initdb` and `postgres`, or None."""
    on_path = shutil.which("initdb")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    numbered = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *numbered]
    return next((each for each in folders if (each / "postgres").exists()), None)


class Server:
    """A running server, reached through a socket file."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def url(self, database: str = "chats") -> str:
        """Return the address of a database as a person would set it."""
        return f"postgresql://{_UNPRIVILEGED}@/{database}?host={self._socket}"

    def make_database(self) -> None:
        """Make the database that the tests use, one after the other."""
        self._execute("CREATE DATABASE chats")

    def empty_database(self) -> str:
        """Make it as good as new, which is much quicker than a new one; return its address."""
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'chats'",
            "ALTER DATABASE chats RESET ALL",
        )
        self._execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", database="chats")
        return self.url()

    def _execute(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start a server with nothing in it; stop it and throw it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cabochon-"))
    try:
        somebody = _somebody_else(folder)
        _make_cluster(programs, folder, somebody)
        with (folder / "log").open("wb") as log, _started(programs, folder, somebody, log):
            server = Server(folder)
            server.make_database()
            yield server
    finally:
        shutil.rmtree(folder)


def _somebody_else(folder: Path) -> dict[str, Any]:
    """Return how to start a program as a user that PostgreSQL accepts: it refuses root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _make_cluster(programs: Path, folder: Path, somebody: dict[str, Any]) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", _UNPRIVILEGED, "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, **somebody)  # noqa: S603


@contextmanager
def _started(
    programs: Path, folder: Path, somebody: dict[str, Any], log: Any
) -> Iterator[subprocess.Popen[bytes]]:
    command = [programs / "postgres", "-D", folder / "data", "-k", folder]
    command += [part for setting in _SETTINGS for part in ("-c", setting)]
    server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **somebody)  # noqa: S603
    try:
        _wait_for(Server(folder), server, folder / "log")
        yield server
    finally:
        # At once, and without a farewell: everything is thrown away.
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if server.answers():
            return
        time.sleep(0.05)
    raise TimeoutError(f"PostgreSQL did not start: {log.read_text()[-1000:]}")
