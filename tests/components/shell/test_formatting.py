"""Numbers, durations and ages, formatted for people."""

import time

import pytest

from components.shell.formatting import age, counted, duration


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0041, "4 ms"), (0.9994, "999 ms"), (1.0, "1.0 s"), (61.25, "61.2 s")]
)
def test_a_duration_is_shown_in_its_unit(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("passed", "shown"), [(5, "now"), (130, "2 min"), (3 * 3600 + 5, "3 h"), (-5, "now")]
)
def test_a_recent_time_is_shown_by_its_age(passed: float, shown: str) -> None:
    assert age(time.time() - passed) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 errors"), (1, "1 error"), (2, "2 errors"), (2000, "2,000 errors")]
)
def test_a_number_agrees_with_its_noun(count: int, shown: str) -> None:
    assert counted(count, "error") == shown
