"""The Model page: the documented facts are there, and the calculator is right."""

from components.model.documentation import documented_inputs
from tests.components.tab import Tab
from workers_ai import PARAMETERS, model_card


def test_every_documented_parameter_is_in_the_table_with_its_bounds() -> None:
    found = {each.name: each for each in documented_inputs(model_card.input_schema)}

    assert set(PARAMETERS) <= set(found)
    assert found["temperature"].accepted == "0 to 5"
    assert found["max_tokens"].default == "256"
    assert found["messages[].content[].image_url.url"].type == "string"
    assert {"prompt", "guided_json", "functions[].code"} <= set(found)


def test_the_calculator_follows_its_numbers(tab: Tab) -> None:
    tab.go("model")
    tab.set("number_input", "cost-prompt", 1000)
    tab.set("number_input", "cost-answer", 1000)
    tab.set("number_input", "cost-calls", 1000)
    assert "**\\$0.000910** per request · **\\$0.91** per day" in tab.everything
    tab.set("number_input", "cost-pictures", 100)
    tab.set("number_input", "cost-answer", 80_000)

    assert "more than the context window" in tab.everything


def test_the_page_says_that_the_model_is_retired(tab: Tab) -> None:
    tab.go("model")

    assert "Retired on Workers AI on May 30, 2026" in tab.everything
