"""The values that a person types for an axis: lists, ranges, and refusals."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import SWEPT_PARAMETERS, Axis, read_axis
from experiments.sweeps.axis import MOST_VALUES
from workers_ai import InvalidRequestError


def refusal(parameter: str, text: str) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        read_axis(parameter, text)
    return caught.value.message


@pytest.mark.parametrize(
    ("parameter", "text", "values"),
    [
        ("temperature", "0, 0.6, 1", (0, 0.6, 1)),
        ("temperature", "0 0.6  1", (0, 0.6, 1)),
        ("temperature", " 0;0.6;\n1 ,", (0, 0.6, 1)),
        ("temperature", "0..1 step 0.25", (0, 0.25, 0.5, 0.75, 1)),
        ("temperature", "0..2 by 0.5", (0, 0.5, 1, 1.5, 2)),
        ("temperature", "0 to 2 STEP .5", (0, 0.5, 1, 1.5, 2)),
        ("temperature", "2..0 by 1", (2, 1, 0)),
        ("temperature", "1, 0..1 step 0.5, 5", (1, 0, 0.5, 5)),
        ("temperature", "0..1 step 0.4", (0, 0.4, 0.8)),
        ("top_k", "1, 10, 50", (1, 10, 50)),
        ("top_k", "1..5", (1, 2, 3, 4, 5)),
        ("top_k", "10.0", (10,)),
        ("seed", "9999999998..9999999999", (9_999_999_998, 9_999_999_999)),
        ("max_tokens", "16, 256", (16, 256)),
    ],
)
def test_lists_and_ranges_are_read(parameter: str, text: str, values: tuple[float, ...]) -> None:
    assert read_axis(parameter, text) == Axis(parameter, values)


def test_ranges_have_no_rounding_errors() -> None:
    assert list(read_axis("temperature", "0..1 step 0.1").values) == [
        0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]  # fmt: skip


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 50), st.integers(0, 2))
def test_a_range_holds_both_ends_and_every_step_between(
    first: int, last: int, step: int, places: int
) -> None:
    unit = Decimal(1).scaleb(-places)
    if not 0 <= first * unit <= 5 >= last * unit or abs(last - first) // step >= MOST_VALUES:
        return
    values = read_axis("temperature", f"{first * unit}..{last * unit} step {step * unit}").values
    way = step if last >= first else -step
    wanted = [number * unit for number in range(first, last + (1 if way > 0 else -1), way)]

    assert [Decimal(repr(value)) for value in values] == wanted


def test_whole_numbers_are_integers_whatever_the_parameter() -> None:
    assert [type(value) for value in Axis("temperature", [0.0, 0.5, 1]).values] == [int, float, int]


@pytest.mark.parametrize(
    ("parameter", "text", "sentence"),
    [
        ("temperature", "0, 6", "temperature: 6 is not accepted; the range is 0 to 5"),
        ("temperature", "-1", "temperature: -1 is not accepted; the range is 0 to 5"),
        ("top_k", "0, 1", "top_k: 0 is not accepted; the range is 1 to 50"),
        ("top_k", "1.5", "top_k: 1.5 is not accepted; it must be a whole number, the range is 1"),
        ("top_k", "1..64", 'top_k: "1..64" gives 64 values; at most 50 are allowed'),
        ("temperature", "0..1", '"0..1" needs a step, such as `0..1 step 0.25`'),
        ("temperature", "0..1 step 0", 'the step of "0..1 step 0" must be greater than 0'),
        ("temperature", "warm", '"warm" cannot be read; write numbers like `0, 0.6, 1`'),
        ("temperature", "1e3", '"1e3" cannot be read'),
        ("temperature", " , ", "temperature: at least one value is required"),
        ("stream", "1", "stream: it cannot be swept; only max_tokens, temperature, top_p"),
        ("warmth", "1", "warmth: it cannot be swept"),
        ("warmth", "0..1", 'warmth: "0..1" needs a step'),
    ],
)
def test_what_is_refused_is_named_with_what_is_accepted(
    parameter: str, text: str, sentence: str
) -> None:
    assert sentence in refusal(parameter, text)


def test_every_value_out_of_bounds_is_reported() -> None:
    sentence = refusal("temperature", "0, 6, 7")

    assert "6 is not accepted" in sentence
    assert "7 is not accepted" in sentence


def test_a_long_list_is_refused_before_it_is_made() -> None:
    assert "at most 50" in refusal("max_tokens", "1..99999999999999999999")
    assert "these are 51 values" in refusal("max_tokens", ",".join(map(str, range(51))))
    assert "longer than" in refusal("max_tokens", "1," * 5000)


def test_an_axis_holds_no_value_twice() -> None:
    assert read_axis("top_p", "0.5, 0.50, .5").values == (0.5,)
    with pytest.raises(InvalidRequestError, match=r"top_p: 0\.5 appears twice"):
        Axis("top_p", (0.5, 0.5))


@given(
    st.sampled_from(SWEPT_PARAMETERS),
    st.text(max_size=30) | st.text("0123456789.,- stepby…", max_size=30),
)
def test_any_text_is_read_or_refused_with_a_sentence(parameter: str, text: str) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert 1 <= len(read_axis(parameter, text).values) <= MOST_VALUES
