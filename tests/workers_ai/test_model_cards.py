import pytest

from workers_ai import PARAMETERS, Usage, model_card


def test_the_price_is_the_documented_one() -> None:
    assert model_card.cost(Usage(1_000_000, 0)) == pytest.approx(0.35)
    assert model_card.cost(Usage(0, 1_000_000)) == pytest.approx(0.56)


def test_reported_neurons_are_the_price() -> None:
    thousand = Usage(1_000_000, 1_000_000, neurons=1000)
    assert model_card.cost(thousand) == pytest.approx(0.011)


def test_the_schemas_are_those_of_the_page() -> None:
    titles = [form["title"] for form in model_card.input_schema["oneOf"]]
    assert titles == ["Google_Gemma_3_12B_It_Prompt", "Google_Gemma_3_12B_It_Messages"]
    assert model_card.output_schema["oneOf"][0]["required"] == ["response"]


def test_the_card_and_the_parameters_agree() -> None:
    assert PARAMETERS["max_tokens"].default == model_card.default_max_tokens
