"""What importing a room loads, each in a fresh interpreter: only what its arrows allow."""

import subprocess
import sys
from functools import cache

import pytest

from tests.test_architecture import ARROWS, ROOMS, ROOT

HEAVY = {"numpy", "PIL", "llguidance", "starlette", "streamlit", "jsonschema", "sqlalchemy"}
"""What the client does without until it is needed."""

LIGHT = ["import workers_ai", "from workers_ai import Client"]
SESSION = "import components.session"


@cache
def loaded(statement: str) -> frozenset[str]:
    """Return the top-level packages that are loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run(  # noqa: S603 - this interpreter, with code from this file
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return frozenset(run.stdout.split())


def rooms_in(statement: str) -> set[str]:
    return loaded(statement) & set(ROOMS)


def reachable(room: str) -> set[str]:
    """Return a room, and all that its arrows lead to, directly or not."""
    return {room}.union(*map(reachable, ARROWS[room]))


@pytest.mark.parametrize("statement", LIGHT)
def test_the_client_loads_nothing_heavy_and_no_other_room(statement: str) -> None:
    assert loaded(statement) & HEAVY == set()
    assert rooms_in(statement) == {"workers_ai"}
    assert "httpx" in loaded(statement)


def test_the_app_loads_all_that_the_client_does_without() -> None:
    """A name in the list that nothing loads would be checked in vain."""
    assert HEAVY - loaded(SESSION) == set()


@pytest.mark.parametrize("room", ROOMS[2:])
def test_a_room_loads_only_rooms_that_its_arrows_lead_to(room: str) -> None:
    found = rooms_in(f"import {room}")

    assert room in found
    assert found <= reachable(room)
    assert found <= set(ROOMS[ROOMS.index(room) :])


@pytest.mark.parametrize("room", ROOMS[2:])
def test_a_room_that_does_not_draw_loads_no_streamlit(room: str) -> None:
    assert "streamlit" not in loaded(f"import {room}")


def test_components_load_streamlit_and_no_page() -> None:
    assert "streamlit" in loaded(SESSION)
    assert "pages" not in rooms_in(SESSION)
