"""The checks on a real engine: with random weights, they can only be judged loosely."""

from typing import TYPE_CHECKING

import pytest

from experiments import CHECKS, check_backend

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine
    from tests.engine.tiny_gemma import TinyGemma

pytestmark = pytest.mark.engine


def test_all_checks_come_to_their_end(engine: "RunningEngine") -> None:
    with engine.client() as client:
        found = {result.name: result.verdict for result in check_backend(client)}

    assert tuple(found) == CHECKS
    assert found["plain"] == found["stream"] == "works"
    assert found["schema"] in {"works", "partly"}
    assert "not tried" not in found.values()


def test_all_checks_of_a_model_with_tools_come_to_their_end(tool_engine: "RunningEngine") -> None:
    with tool_engine.client() as client:
        found = {result.name: result for result in check_backend(client)}

    assert tuple(found) == CHECKS
    assert found["plain"].verdict == found["stream"].verdict == "works"
    # It has no vision part.
    assert found["image"].verdict == "does not"
    assert "not tried" not in {result.verdict for result in found.values()}


def test_an_engine_that_dies_ends_the_checks(tiny_gemma: "TinyGemma") -> None:
    from tests.engine.running import RunningEngine  # noqa: PLC0415 - needs gguf

    with RunningEngine(tiny_gemma) as engine, engine.client(max_retries=0) as client:
        checks = check_backend(client)
        first = next(checks)
        engine.kill()
        rest = [result.verdict for result in checks]

    assert first.verdict == "works"
    assert rest == ["not tried"] * (len(CHECKS) - 1)
