"""Settings for all tests, and the database server that some of them use."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Tests without their own database must not touch the developer's chats.
os.environ["CABOCHON_DATABASE_URL"] = "sqlite://"

# The same examples in each run: a failure is then due to the change, not to chance. To search for
# new ones: python3 start.py test --hypothesis-profile explore
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("fixed")


def pytest_collection_finish() -> None:
    """Spare the collector the modules of all tests, which stay: it costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def _missing(what: str) -> None:
    if os.environ.get("CABOCHON_REQUIRE_POSTGRES") == "1":
        pytest.fail(f"{what}, but CABOCHON_REQUIRE_POSTGRES=1 requires it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_driver() -> None:
    """Skip the test if the PostgreSQL driver is missing."""
    try:
        import psycopg  # noqa: F401, PLC0415 - may be missing
    except ImportError:
        _missing("psycopg is not installed")


@pytest.fixture(scope="session")
def postgres_server(postgres_driver: None) -> Iterator[Any]:
    """A running PostgreSQL."""
    try:
        from tests.postgres import find_programs, running_server  # noqa: PLC0415 - may be missing
    except ImportError as error:
        _missing(f"PostgreSQL cannot be started here: {error.name} is missing")
    programs = find_programs()
    if programs is None:
        _missing("PostgreSQL is not installed")
    else:
        with running_server(programs) as server:
            yield server


@pytest.fixture
def postgresql_url(postgres_server: Any) -> str:
    """The address of an empty PostgreSQL database."""
    return str(postgres_server.empty_database())
