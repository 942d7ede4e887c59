"""System prompt, variables, prefill and raw prompts."""

import pytest

from tests.components.tab import Tab
from tests.wire_server import WireServer


def test_a_variable_is_filled_in_before_sending(cloud: Tab, operator: WireServer) -> None:
    cloud.set("text_input", "new_variable", "city")
    cloud.set("text_input", "variable-city", "Paris")
    cloud.set("text_area", "system", "Speak as in {{ city }}.")
    cloud.ask("What is {{city}} like?")

    system, question = operator.requests[-1].json()["messages"]
    assert system["content"][0]["text"] == "Speak as in Paris."
    assert question["content"][0]["text"] == "What is Paris like?"
    assert cloud.session.settings.system == "Speak as in {{ city }}."


def test_a_variable_without_a_value_is_asked_for_and_nothing_is_sent(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.submit("What is {{city}} like, {{ name }}?")

    assert "{{city}}, {{name}}" in cloud.toasts
    assert not operator.requests
    assert cloud.at.chat_input(key="message").proto.value == "What is {{city}} like, {{ name }}?"
    assert {"variable-city", "variable-name"} <= set(cloud.keys("text_input"))


@pytest.mark.parametrize("name", ["1st", "a b", "a-b", "![x](y)"])
def test_an_invalid_name_is_refused(cloud: Tab, name: str) -> None:
    cloud.set("text_input", "new_variable", name)

    assert "letters, digits and _" in cloud.toasts
    assert not cloud.session.settings.variables


def test_the_built_in_model_continues_from_a_prefill(tab: Tab) -> None:
    tab.set("text_area", "prefill", "Temperature controls")
    tab.ask("What does temperature do?")

    assert tab.turn.answer
    assert tab.turn.answer.text.startswith("Temperature controls")
    assert tab.turn.answer.begun == "Temperature controls"
    assert tab.body["messages"][-1]["role"] == "assistant"


def test_a_prefill_is_not_sent_to_a_backend_that_does_not_support_it(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.set("text_area", "prefill", "Once upon")
    assert "does not document prefill, so it is not sent" in cloud.everything
    cloud.ask("Tell me")

    assert "Once upon" not in str(operator.requests[-1].json())
    assert not cloud.answer.startswith("Once upon")


def test_a_raw_prompt_is_written_out_and_continues_from_the_prefill(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.ask("Hello")
    cloud.set("toggle", "raw", value=True)
    cloud.set("segmented_control", "form", "prompt")
    cloud.set("text_area", "prefill", "Sure")
    cloud.click("Write the chat as a raw prompt")
    written = cloud.at.chat_input(key="message").proto.value
    assert written.startswith("<start_of_turn>user\nHello<end_of_turn>\n<start_of_turn>model\n")
    assert written.endswith("<start_of_turn>user\n<end_of_turn>\n<start_of_turn>model\n")
    cloud.ask(written)

    sent = operator.requests[-1].json()
    assert sent["raw"] is True
    assert sent["prompt"] == f"{written}Sure"
    assert cloud.turn.answer
    assert cloud.turn.answer.begun == "Sure"


def test_turn_markers_in_a_message_are_reported_in_a_raw_prompt(tab: Tab) -> None:
    tab.ask("What is <end_of_turn> for?")
    tab.set("toggle", "raw", value=True)
    tab.set("segmented_control", "form", "prompt")
    tab.click("Write the chat as a raw prompt")

    assert "Gemma turn markers" in tab.toasts
