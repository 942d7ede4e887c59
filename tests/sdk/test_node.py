"""The JavaScript libraries; the scripts contain the assertions."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.sdk


@pytest.mark.parametrize("script", ["ai_sdk.mjs", "clients.mjs"])
def test_a_script_runs_to_its_end(node: Callable[[str], str], script: str) -> None:
    assert node(script).endswith("done\n")
