"""A private PostgreSQL server for the tests: in a temporary folder, without a port."""

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
        """Return the URL of a database, as a user would configure it."""
        return f"postgresql://{_UNPRIVILEGED}@/{database}?host={self._socket}"

    def make_database(self) -> None:
        """Create the database that the tests use one after another."""
        self._execute("CREATE DATABASE chats")

    def empty_database(self) -> str:
        """Reset the database, which is much faster than creating one, and return its URL."""
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
        """Whether it accepts connections."""
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start an empty server; stop and delete it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cabochon-"))
    try:
        user = _unprivileged(folder)
        _make_cluster(programs, folder, user)
        with (folder / "log").open("wb") as log, _started(programs, folder, user, log):
            server = Server(folder)
            server.make_database()
            yield server
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return the arguments to run a program as a user other than root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _make_cluster(programs: Path, folder: Path, user: dict[str, Any]) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", _UNPRIVILEGED, "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, **user)  # noqa: S603


@contextmanager
def _started(
    programs: Path, folder: Path, user: dict[str, Any], log: Any
) -> Iterator[subprocess.Popen[bytes]]:
    command = [programs / "postgres", "-D", folder / "data", "-k", folder]
    command += [part for setting in _SETTINGS for part in ("-c", setting)]
    server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **user)  # noqa: S603
    try:
        _wait_for(Server(folder), server, folder / "log")
        yield server
    finally:
        # Immediate shutdown: all data is discarded anyway.
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if server.answers():
            return
        time.sleep(0.05)
    raise TimeoutError(f"PostgreSQL did not start: {log.read_text()[-1000:]}")
