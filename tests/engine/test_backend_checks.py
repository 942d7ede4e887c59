"""The checks on a real engine: random weights can be judged loosely alone."""

from typing import TYPE_CHECKING

import pytest

from workers_ai import CHECKS, check_backend

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine

pytestmark = pytest.mark.engine


def test_all_checks_come_to_their_end(engine: "RunningEngine") -> None:
    with engine.client() as client:
        found = {result.name: result.verdict for result in check_backend(client)}

    assert list(found) == list(CHECKS)
    assert found["plain"] == found["stream"] == "works"
    assert found["schema"] in {"works", "partly"}
    assert "not tried" not in found.values()
