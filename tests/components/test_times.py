"""Times as people read them."""

import time

import pytest

from components.times import ago, duration


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0041, "4 ms"), (0.9994, "999 ms"), (1.0, "1.0 s"), (61.25, "61.2 s")]
)
def test_a_short_time_is_told_in_its_unit(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("passed", "shown"), [(5, "now"), (130, "2 min"), (3 * 3600 + 5, "3 h"), (-5, "now")]
)
def test_what_was_not_long_ago_is_told_by_how_long(passed: float, shown: str) -> None:
    assert ago(time.time() - passed) == shown
