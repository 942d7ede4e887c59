import math
from typing import Any

import pytest
from pydantic import ValidationError

from workers_ai import PARAMETERS, Fault, InvalidRequestError, Parameters
from workers_ai.contract import input_schema
from workers_ai.parameters import hint
from workers_ai.validation import check_parameter, parse_parameters, read_parameter

BOUNDED = [name for name, parameter in PARAMETERS.items() if parameter.minimum is not None]
INTEGERS = [name for name, parameter in PARAMETERS.items() if parameter.kind == "integer"]
NUMBERS = [name for name, parameter in PARAMETERS.items() if parameter.kind == "number"]
SWITCHES = [name for name, parameter in PARAMETERS.items() if parameter.kind == "boolean"]


def refusal(name: str, value: Any) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        check_parameter(name, value)
    (fault,) = caught.value.faults
    assert fault.path == name
    return fault.message


def same(value: Any, expected: Any) -> bool:
    return value == expected and isinstance(value, bool) == isinstance(expected, bool)


def test_the_order_is_the_one_of_the_sidebar() -> None:
    assert list(PARAMETERS) == [
        "max_tokens",
        "temperature",
        "top_p",
        "top_k",
        "seed",
        "repetition_penalty",
        "frequency_penalty",
        "presence_penalty",
        "stream",
        "raw",
    ]


@pytest.mark.parametrize("branch", [0, 1])
def test_every_fact_is_the_one_of_the_documented_schema(branch: int) -> None:
    documented = input_schema()["oneOf"][branch]["properties"]
    other_keys = {"prompt", "messages", "functions", "tools", "guided_json"}
    assert set(documented) - other_keys == set(PARAMETERS)
    for name, parameter in PARAMETERS.items():
        assert documented[name] == {
            "type": parameter.kind,
            "description": parameter.help,
            **({} if parameter.minimum is None else {"minimum": parameter.minimum}),
            **({} if parameter.maximum is None else {"maximum": parameter.maximum}),
            **({} if parameter.default is None else {"default": parameter.default}),
        }


@pytest.mark.parametrize("name", BOUNDED)
def test_both_bounds_are_accepted_and_kept(name: str) -> None:
    parameter = PARAMETERS[name]
    assert check_parameter(name, parameter.minimum) == parameter.minimum
    assert check_parameter(name, parameter.maximum) == parameter.maximum


@pytest.mark.parametrize("name", BOUNDED)
def test_just_outside_the_bounds_is_refused_with_the_range(name: str) -> None:
    parameter = PARAMETERS[name]
    step = 1 if name in INTEGERS else 1e-9
    for value in (parameter.minimum - step, parameter.maximum + step, 10**400, -(10**400)):
        accepted = f"the range is {parameter.minimum} to {parameter.maximum}"
        assert refusal(name, value).endswith(f"is not accepted; {accepted}")


@pytest.mark.parametrize("name", NUMBERS)
def test_infinitesimally_outside_is_outside(name: str) -> None:
    parameter = PARAMETERS[name]
    refusal(name, math.nextafter(parameter.maximum, math.inf))
    refusal(name, math.nextafter(parameter.minimum, -math.inf))
    assert check_parameter(name, math.nextafter(parameter.maximum, 0)) < parameter.maximum


@pytest.mark.parametrize("name", [*INTEGERS, *NUMBERS])
@pytest.mark.parametrize(
    "value", [True, False, "5", "", None, [1], {"a": 1}, math.nan, math.inf, -math.inf, b"1", 1j]
)
def test_what_is_not_a_number_is_refused(name: str, value: Any) -> None:
    refusal(name, value)


@pytest.mark.parametrize("name", INTEGERS)
def test_a_whole_float_is_an_integer_and_is_sent_as_one(name: str) -> None:
    value = check_parameter(name, 2.0)
    assert value == 2
    assert isinstance(value, int)
    assert "it must be a whole number" in refusal(name, 2.5)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_stays_as_it_was_given(name: str) -> None:
    assert isinstance(check_parameter(name, 1), int)
    assert isinstance(check_parameter(name, 1.0), float)


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_is_true_or_false_and_nothing_else(name: str) -> None:
    assert check_parameter(name, value=True) is True
    assert check_parameter(name, value=False) is False
    for value in (0, 1, "true", None, 1.0, []):
        assert "true or false" in refusal(name, value) or value is None


@pytest.mark.parametrize("value", [0, -1, -(10**20), 256, 80_001, 10**30, 5.0])
def test_max_tokens_has_no_documented_bounds(value: Any) -> None:
    assert check_parameter("max_tokens", value) == value


def test_an_integer_that_cannot_be_written_is_refused() -> None:
    assert "4000 digits" in refusal("max_tokens", 10**5000)


def test_the_refusal_names_the_value_and_the_range() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        check_parameter("temperature", 7)
    assert str(caught.value) == "temperature: 7 is not accepted; the range is 0 to 5"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("0.5", '"0.5" is not accepted; it must be a number, the range is 0 to 5'),
        (True, "true is not accepted; it must be a number, the range is 0 to 5"),
        (math.nan, "NaN is not accepted; it must be a number, the range is 0 to 5"),
        (-math.inf, "-Infinity is not accepted; it must be a number, the range is 0 to 5"),
        (10**99, "a number with more than 30 digits is not accepted; the range is 0 to 5"),
        ([1], "a list is not accepted; it must be a number, the range is 0 to 5"),
        ("\ud800", '"?" is not accepted; it must be a number, the range is 0 to 5'),
    ],
)
def test_the_refusal_shows_any_value_in_a_few_words(value: Any, sentence: str) -> None:
    assert refusal("temperature", value) == sentence


def test_a_long_text_is_shown_shortened() -> None:
    assert len(refusal("temperature", "x" * 10_000_000)) < 140


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.6", 0.6),
        ("temperature", "5", 5),
        ("seed", "9999999999", 9_999_999_999),
        ("top_k", "50.0", 50),
        ("stream", "true", True),
        ("max_tokens", "-1", -1),
    ],
)
def test_a_value_is_read_from_the_text_of_a_link(name: str, text: str, value: Any) -> None:
    assert same(read_parameter(name, text), value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("temperature", "warm"),
        ("temperature", "NaN"),
        ("temperature", "Infinity"),
        ("temperature", ""),
        ("temperature", '"1"'),
        ("temperature", "1,5"),
        ("top_k", "1_0"),
        ("top_k", "[" * 100_000),
        ("top_k", "9" * 5000),
        ("stream", "True"),
        ("stream", "1"),
        ("seed", "null"),
    ],
)
def test_a_bad_text_is_refused_with_the_name(name: str, text: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_parameter(name, text)
    assert caught.value.faults[0].path == name


def test_nothing_is_sent_by_default() -> None:
    assert Parameters().body() == {}
    assert parse_parameters({}) == Parameters()


def test_zero_and_false_are_sent() -> None:
    body = Parameters(temperature=0, stream=False, max_tokens=0).body()
    assert body == {"max_tokens": 0, "temperature": 0, "stream": False}


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_parameters({"temperature": 9, "top_k": 0, "color": 1, "seed": None})
    assert caught.value.faults == (
        Fault("temperature", "9 is not accepted; the range is 0 to 5"),
        Fault("top_k", "0 is not accepted; the range is 1 to 50"),
        Fault("seed", "null is not accepted; set a value or omit the key"),
        Fault("color", "this is not a documented parameter"),
    )


@pytest.mark.parametrize("value", [None, [], "temperature", 5])
def test_parameters_are_an_object(value: Any) -> None:
    with pytest.raises(InvalidRequestError, match="must be a JSON object"):
        parse_parameters(value)


def test_the_constructor_refuses_too_and_none_means_not_sent() -> None:
    with pytest.raises(ValidationError):
        Parameters(temperature=9)
    with pytest.raises(ValidationError):
        Parameters(color=1)
    assert Parameters(temperature=None).body() == {}


def test_parameters_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Parameters().temperature = 1


@pytest.mark.parametrize(
    ("name", "usual", "unusual"),
    [
        ("temperature", [0, 0.6, 2], [2.01, 5]),
        ("top_p", [0.01, 1], [0, 1.01, 2]),
        ("repetition_penalty", [0.1, 1, 2], [0]),
        ("max_tokens", [1, 256, 80_000], [0, -1, 80_001]),
        ("top_k", [1, 50], []),
    ],
)
def test_what_is_legal_but_unusual_gets_a_hint(
    name: str, usual: list[float], unusual: list[float]
) -> None:
    assert [value for value in usual if hint(name, value)] == []
    assert [value for value in unusual if not hint(name, value)] == []
    for value in unusual:
        assert check_parameter(name, value) == value


def test_there_is_no_hint_where_there_is_no_number() -> None:
    assert hint("temperature", None) is None
    assert hint("raw", value=True) is None
    assert hint("max_tokens", value=False) is None
