"""Tool calls on the page: every shape becomes a card, and its result is sent to the model."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.chat.auto_tool_loop import MOST_ROUNDS
from conversations import DefinedTool, ToolResults
from tests.components.conftest import OpenTab
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer

WEATHER = {
    "name": "get_weather",
    "description": "Get the current weather for a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city"}},
        "required": ["city"],
    },
}
PARIS = {"city": "Paris"}
BY_HAND = DefinedTool(json.dumps(WEATHER))
FIXED = DefinedTool(json.dumps(WEATHER), answered="fixed", body='{"sky": "rain"}')


def give(tab: Tab, *tools: DefinedTool, **settings: Any) -> None:
    """Set these tools, as the page of tools does."""
    current = tab.session
    known = {name: getattr(current.settings, name) for name in vars(current.settings)}
    current.settings = type(current.settings)(**{**known, "tools": tools, **settings})
    tab.run()


def sent(tab: Tab) -> list[dict[str, Any]]:
    """Return the messages of the last request."""
    messages: list[dict[str, Any]] = tab.body["messages"]
    return messages


def last_results(tab: Tab) -> ToolResults:
    results = tab.turn.question
    assert isinstance(results, ToolResults)
    return results


def write_result(tab: Tab, content: str, *, at: int = 0, kind: str = "text") -> None:
    tab.set("segmented_control", f"kind-0-{at}", kind)
    tab.set("text_area", f"code-content-0-{at}", content)


def send(tab: Tab) -> None:
    tab.click("tell-0")
    tab.settled()


def test_a_call_is_answered_by_hand_and_the_model_continues(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    assert json.loads(tab.at.text_area(key="code-arguments-0-0").value) == PARIS
    assert tab.at.button(key="tell-0").disabled
    write_result(tab, '{"sky": "rain"}', kind="json")
    send(tab)

    assert [message["role"] for message in sent(tab)] == ["user", "assistant", "tool"]
    assert "rain" in tab.answer
    assert "entered by hand" in tab.everything


def test_a_call_in_the_text_is_answered_the_same_way(tab: Tab) -> None:
    give(tab, BY_HAND, offering="prompt")
    tab.ask("What is the weather in Paris?")
    assert "Recovered from text (json)" in tab.answer
    assert '"parameters"' not in tab.answer
    write_result(tab, "It rains.")
    send(tab)

    assert [message["role"] for message in sent(tab)][1:] == ["user", "assistant", "user"]
    assert "It rains" in tab.answer


def test_results_of_parallel_calls_are_sent_all_or_none(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris and in Oslo?")
    write_result(tab, "sunny", at=1)
    assert tab.at.button(key="tell-0").disabled
    assert "1 of 2 results are ready" in tab.everything
    write_result(tab, "rain")
    send(tab)

    assert [each.content for each in last_results(tab).results] == ["rain", "sunny"]
    assert "rain" in tab.answer
    assert "sunny" in tab.answer


def test_arguments_can_be_changed_before_the_result_is_sent(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    tab.set("text_area", "code-arguments-0-0", '{"city": 7}')
    assert "city: 7 is not" in tab.everything.replace("\\", "")
    tab.set("text_area", "code-arguments-0-0", '{"city": "Lyon"}')
    write_result(tab, "sunny")
    send(tab)

    assert "Lyon" in str(sent(tab)[1])
    assert "Paris" not in str(sent(tab)[1:])


def test_an_error_is_sent_as_one(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    write_result(tab, "the service is down", kind="error")
    send(tab)

    assert json.loads(sent(tab)[2]["content"]) == {"error": "the service is down"}


def test_a_result_of_the_kind_json_has_to_be_json(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    write_result(tab, "{'sky': 'rain'}", kind="json")

    assert "This is not JSON" in tab.everything
    assert tab.at.button(key="tell-0").disabled
    assert tab.at.text_area(key="code-content-0-0").value == "{'sky': 'rain'}"


def test_messages_are_shown_before_they_are_sent(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    assert "Every call needs a result first" in tab.everything
    write_result(tab, "sunny")
    [shown] = [code.value for code in tab.at.code if '"role": "tool"' in code.value]
    send(tab)

    assert json.loads(shown) == sent(tab)[1:]


def test_a_tool_that_runs_is_run_and_its_result_can_still_be_changed(tab: Tab) -> None:
    give(tab, FIXED)
    tab.ask("What is the weather in Paris?")
    tab.click("run-0-0")
    assert json.loads(tab.at.text_area(key="code-content-0-0").value) == {"sky": "rain"}
    write_result(tab, '{"sky": "snow"}', kind="json")
    send(tab)

    assert "snow" in tab.answer
    assert last_results(tab).results[0].source == "hand"


def test_results_can_be_changed_and_sent_again(tab: Tab) -> None:
    give(tab, FIXED)
    tab.ask("What is the weather in Paris?")
    tab.click("run-all-0")
    tab.settled()
    tab.choose("menu-results", "Edit and send again")
    tab.set("text_area", "code-content-1-0", '{"sky": "snow"}')
    tab.click("tell-1")
    tab.settled()

    assert "snow" in tab.answer
    assert "2/2" in tab.everything
    assert len(tab.session.conversation.turns) == 2


def test_a_question_can_follow_instead_of_a_result(tab: Tab) -> None:
    give(tab, BY_HAND)
    tab.ask("What is the weather in Paris?")
    tab.ask("What does top_k do?")

    assert [message["role"] for message in sent(tab)] == ["user", "assistant", "user"]
    assert "These calls were not answered" in tab.everything


def test_a_reload_keeps_the_calls_to_be_answered(tab: Tab, open_tab: OpenTab) -> None:
    give(tab, FIXED)
    tab.ask("What is the weather in Paris?")
    again = open_tab(c=tab.session.conversation.id)
    again.click("run-all-0")
    again.settled()

    assert "rain" in again.answer


# Automatically


def automatic(tab: Tab) -> None:
    tab.go("tools")
    tab.set("toggle", "automatic", value=True)
    tab.go("playground")


def test_calls_run_automatically_when_that_is_allowed(tab: Tab) -> None:
    give(tab, FIXED)
    automatic(tab)
    tab.submit("What is the weather in Paris and in Oslo?")
    tab.settled()
    tab.settled()

    assert len(tab.session.conversation.turns) == 2
    assert "rain" in tab.answer
    assert tab.session.rounds.done == 1


def test_a_model_that_never_stops_calling_is_paused_after_five_rounds(
    cloud: Tab, operator: WireServer
) -> None:
    give(cloud, FIXED)
    automatic(cloud)
    call = Answer.json(None, tool_calls=[{"name": "get_weather", "arguments": PARIS}])
    operator.script(*[call] * 10)
    cloud.submit("What is the weather?")
    for _ in range(MOST_ROUNDS + 3):
        cloud.settled()

    assert len(operator.requests) == 1 + MOST_ROUNDS
    assert f"round {MOST_ROUNDS}/{MOST_ROUNDS}" in cloud.everything
    cloud.click("Step")
    cloud.settled()
    assert len(operator.requests) == 2 + MOST_ROUNDS
    cloud.click("Resume")
    for _ in range(4):
        cloud.settled()
    assert len(operator.requests) > 3 + MOST_ROUNDS


def test_the_loop_waits_for_a_person_if_one_call_needs_one(
    cloud: Tab, operator: WireServer
) -> None:
    clock = DefinedTool(json.dumps({**WEATHER, "name": "get_time"}))
    give(cloud, FIXED, clock)
    automatic(cloud)
    both = [FLAT, {"name": "get_time", "arguments": PARIS}]
    operator.script(Answer.json(None, tool_calls=both), Answer.json("It rains at noon."))
    cloud.ask("What is the weather, and what time is it?")

    assert len(operator.requests) == 1
    assert "Waiting for you" in cloud.everything
    assert json.loads(cloud.at.text_area(key="code-content-0-0").value) == {"sky": "rain"}
    write_result(cloud, "noon", at=1)
    send(cloud)
    assert [each.content for each in last_results(cloud).results] == ['{"sky": "rain"}', "noon"]


def test_calls_of_an_older_answer_never_run_automatically(tab: Tab, open_tab: OpenTab) -> None:
    give(tab, FIXED)
    tab.ask("What is the weather in Paris?")
    again = open_tab(c=tab.session.conversation.id)
    automatic(again)

    assert len(again.session.conversation.turns) == 1


# Every shape of the wire

FLAT = {"name": "get_weather", "arguments": PARIS}
NATIVE_ID = "chatcmpl-tool-926d0e07eecd4665bfde18c2d0dd213f"
FUNCTION = {
    "id": NATIVE_ID,
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}
CHOICES = {
    "choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [FUNCTION]}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


def fragments(*pieces: str, name_last: bool = False) -> list[object]:
    """Return a streamed call whose arguments come in these pieces (wire.md 2C)."""
    named = {"id": NATIVE_ID, "type": "function", "index": 0, "function": {"name": "get_weather"}}
    parts = [{"index": 0, "function": {"arguments": piece}} for piece in pieces]
    entries = [*parts, named] if name_last else [named, *parts]
    closing = {"id": None, "type": None, "index": 0, "function": {"name": None, "arguments": ""}}
    return [
        {"response": "", "tool_calls": []},
        *({"tool_calls": [entry]} for entry in [*entries, closing]),
    ]


WHOLE = '{"city": "Paris"}'
GOOD: dict[str, Callable[[], Answer]] = {
    "flat": lambda: Answer.json(None, tool_calls=[FLAT]),
    "flat, arguments as text": lambda: Answer.json("", tool_calls=[{**FLAT, "arguments": WHOLE}]),
    "function": lambda: Answer.json(None, tool_calls=[FUNCTION]),
    "choices": lambda: Answer.result(CHOICES),
    "next to null": lambda: Answer.json(None, tool_calls=[None, FLAT]),
    "streamed, flat": lambda: Answer.events({"response": "", "tool_calls": [FLAT]}),
    "streamed, function": lambda: Answer.events({"response": "", "tool_calls": [FUNCTION]}),
    "streamed, name last": lambda: Answer.events(*fragments(WHOLE, name_last=True)),
    **{
        f"streamed, cut at {at}": lambda at=at: Answer.events(*fragments(WHOLE[:at], WHOLE[at:]))
        for at in range(len(WHOLE) + 1)
    },
    "streamed, by characters": lambda: Answer.events(*fragments(*WHOLE)),
    "as text": lambda: Answer.json('{"name": "get_weather", "parameters": {"city": "Paris"}}'),
    "as text, fenced": lambda: Answer.json(f"```json\n{json.dumps(FLAT)}\n```"),
    "as tool_code": lambda: Answer.json('```tool_code\nget_weather(city="Paris")\n```'),
    "as Python": lambda: Answer.json('[get_weather(city="Paris")]'),
}


@pytest.fixture
def asked(cloud: Tab, operator: WireServer) -> Callable[[Answer], Tab]:
    """Ask, with a tool that has a canned reply, and get this answer."""

    def ask(answer: Answer) -> Tab:
        give(cloud, FIXED)
        operator.script(answer, Answer.json("It rains."))
        cloud.ask("What is the weather in Paris?")
        return cloud

    return ask


@pytest.mark.parametrize("shape", GOOD)
def test_every_shape_of_a_call_ends_in_a_card_and_its_result_is_sent(
    asked: Callable[[Answer], Tab], shape: str
) -> None:
    tab = asked(GOOD[shape]())
    assert json.loads(tab.at.text_area(key="code-arguments-0-0").value) == PARIS
    tab.click("run-all-0")
    tab.settled()

    roles = [message["role"] for message in sent(tab)]
    assert roles == ["user", "assistant", "user"]
    assert 'Tool result for get_weather: {"sky": "rain"}' in str(sent(tab)[-1])
    assert "It rains." in tab.answer


ODD: dict[str, object] = {
    "arguments that are not JSON": {"name": "get_weather", "arguments": '{"city": Par'},
    "arguments that are a list": {"name": "get_weather", "arguments": '["Paris"]'},
    "arguments that are nothing": {"name": "get_weather"},
    "arguments that are null": {"name": "get_weather", "arguments": None},
    "a name that is not offered": {"name": "format_disk", "arguments": {}},
    "a name with markup": {"name": "![x](http://host/x.png)", "arguments": {}},
    "no name": {"arguments": {"city": "Paris"}},
    "deep arguments": {"name": "get_weather", "arguments": "[" * 400 + "]" * 400},
    "infinite arguments": {"name": "get_weather", "arguments": '{"city": Infinity}'},
}


@pytest.mark.parametrize("oddity", ODD)
@pytest.mark.parametrize("streamed", [False, True])
def test_an_odd_call_ends_in_a_card_that_can_be_answered(
    asked: Callable[[Answer], Tab],
    oddity: str,
    streamed: bool,  # noqa: FBT001
) -> None:
    calls = [ODD[oddity]]
    tab = asked(
        Answer.events({"response": "", "tool_calls": calls})
        if streamed
        else Answer.json(None, tool_calls=calls)
    )
    write_result(tab, "never mind")
    send(tab)

    assert "It rains." in tab.answer
    assert "never mind" in str(sent(tab)[-1])


def test_two_calls_with_one_id_are_two_cards(asked: Callable[[Answer], Tab]) -> None:
    other = {**FUNCTION, "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    tab = asked(Answer.json(None, tool_calls=[FUNCTION, other]))
    tab.click("run-all-0")
    tab.settled()

    assert [call.arguments for call in last_results(tab).calls] == [PARIS, {"city": "Oslo"}]
    assert len({call.id for call in last_results(tab).calls}) == 2


def test_text_next_to_a_call_is_shown_and_sent(asked: Callable[[Answer], Tab]) -> None:
    tab = asked(Answer.json("One moment.", tool_calls=[FLAT]))
    assert "One moment." in tab.answer
    tab.click("run-all-0")
    tab.settled()

    assert sent(tab)[1]["content"].startswith("One moment.\n{")


def test_a_call_that_is_only_quoted_is_an_answer(asked: Callable[[Answer], Tab]) -> None:
    text = "To call it, write:\n```json\n" + json.dumps(FLAT) + "\n```"
    tab = asked(Answer.json(text))

    assert "run-all-0" not in tab.keys("button")
    assert "To call it, write" in tab.answer
