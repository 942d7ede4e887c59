"""The definition of a sweep as a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import SWEPT_PARAMETERS, Axis, SeedMode, Sweep, sweep_from_link, sweep_to_link
from experiments.sweeps.sweep import MOST_CELLS
from workers_ai import PARAMETERS

SWEEP = Sweep(
    [Axis("temperature", (0, 0.6, 1)), Axis("top_k", (1, 50))],
    samples=3,
    seeds="per sample",
    first_seed=42,
)
LINK = {
    "axis1": "temperature:0,0.6,1",
    "axis2": "top_k:1,50",
    "samples": "3",
    "seeds": "per sample",
    "first_seed": "42",
}


@st.composite
def sweeps(draw: st.DrawFn) -> Sweep:
    names = draw(st.lists(st.sampled_from(SWEPT_PARAMETERS), max_size=3, unique=True))
    axes = [Axis(name, draw(_values(name))) for name in names]
    modes: list[SeedMode] = ["unset"] if "seed" in names else ["unset", "fixed", "per sample"]
    seeds = draw(st.sampled_from(modes))
    return Sweep(axes, draw(st.integers(1, 20)), seeds, draw(st.integers(1, 10**9)))


def _values(name: str) -> st.SearchStrategy[list[float]]:
    known = PARAMETERS[name]
    least, most = known.minimum or 0, known.maximum or 5000
    numbers: st.SearchStrategy[float] = st.integers(least, most)
    if known.kind == "number":
        numbers |= st.floats(least, most).map(lambda value: round(value, 4))
    return st.lists(numbers, min_size=1, max_size=4, unique=True)


def test_a_link_says_what_the_sweep_is() -> None:
    assert sweep_to_link(SWEEP) == LINK
    assert sweep_from_link(LINK) == (SWEEP, [])


def test_what_is_as_in_a_new_sweep_is_left_out() -> None:
    assert sweep_to_link(Sweep()) == {}
    assert sweep_from_link({}) == (Sweep(), [])


@given(sweeps())
def test_every_sweep_survives_its_link(sweep: Sweep) -> None:
    assert sweep_from_link(sweep_to_link(sweep)) == (sweep, [])


def test_its_keys_are_not_those_of_the_settings() -> None:
    assert not LINK.keys() & PARAMETERS.keys()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("axis1", "temperature:0,9", "temperature: 9 is not accepted; the range is 0 to 5"),
        ("axis1", "temperature", 'axis1: "temperature" cannot be read'),
        ("axis1", "messages:hi", "messages: "),
        ("axis2", "temperature:1", "axes: temperature is swept twice"),
        ("samples", "many", 'samples: "many" is not accepted; it must be a whole number'),
        ("samples", "٣", "samples: "),
        ("samples", "99", "samples: 99 is not accepted; the range is 1 to 20"),
        ("first_seed", "0", "first_seed: 0 is not accepted"),
        ("seeds", "often", "seeds: "),
    ],
)
def test_a_bad_value_is_reported_and_ignored(name: str, text: str, sentence: str) -> None:
    found, faults = sweep_from_link({**LINK, name: text})
    rest, _ = sweep_from_link({key: value for key, value in LINK.items() if key != name})

    assert [str(fault)[: len(sentence)] for fault in faults] == [sentence]
    assert found == rest


def test_other_keys_are_left_to_others() -> None:
    assert sweep_from_link({"temperature": "9", "c": "x", "messages": "hi"}) == (Sweep(), [])


def test_a_link_to_too_much_is_reduced_with_a_note() -> None:
    found, faults = sweep_from_link(
        {"axis1": "top_k:1..50", "axis2": "seed:1..50", "axis3": "top_p:0,1", "samples": "2"}
    )
    assert found.count <= MOST_CELLS
    assert "5,000 cells" in str(faults[0]) or "2,500 cells" in str(faults[0])


@given(st.dictionaries(st.sampled_from([*LINK, "x"]), st.text(max_size=20)))
def test_no_link_brings_it_down(link: dict[str, str]) -> None:
    found, _ = sweep_from_link(link)
    assert found.count >= 1
