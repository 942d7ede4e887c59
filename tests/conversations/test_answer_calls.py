"""Tool calls in a conversation: found, handled, and sent back to the model."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from backends import BuiltIn
from conversations import (
    Answer,
    Conversation,
    Conversations,
    DefinedFunction,
    DefinedTool,
    Question,
    Settings,
    ToolResults,
    Turn,
    estimated_tokens,
    export_json,
    next_request,
    read_export,
    tool_runners,
)
from conversations.answer_record import Record
from conversations.store.store import Store
from conversations.transfer.markdown_export import conversation_markdown
from conversations.tree_nodes import Ended
from tests.conversations.talk import MODEL, ask
from workers_ai import Client, Cloudflare, InvalidRequestError, Parameters, ToolCall, ToolSupport
from workers_ai.tool_calls import ToolResult

WEATHER = """{
  "name": "get_weather",
  "description": "Get the current weather for a city",
  "parameters": {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"]
  }
}"""
SETTINGS = Settings(parameters=Parameters(), tools=(DefinedTool(WEATHER),))
AS_TOOLS = ToolSupport(takes_tools=True, result_role="tool", streams=True)
BY_TURNS = ToolSupport(takes_tools=True, result_role="user", streams=False)
PARIS = ToolCall("get_weather", {"city": "Paris"}, "call_1")
ROME = ToolCall("get_weather", {"city": "Rome"}, "call_2")
WRITTEN = '{"name": "get_weather", "parameters": {"city": "Paris"}}'


def answer(text: str = "", *calls: ToolCall, parent: str | None = None, **known: Any) -> Answer:
    """Return an answer that has ended, with these calls."""
    settings = known.pop("settings", SETTINGS)
    finish = known.pop("finish", "done")
    record = Record(MODEL, settings, finish=finish, tool_calls=calls, **known)
    return Answer(record, Ended(record.snapshot(text)), parent)


def results(of: Answer, *contents: tuple[ToolCall, str]) -> ToolResults:
    return ToolResults(tuple(ToolResult(call, content) for call, content in contents), of.id)


def body(
    earlier: Sequence[Turn],
    asked: Question | ToolResults,
    support: ToolSupport = AS_TOOLS,
    **changes: Any,
) -> dict[str, Any]:
    settings = replace(SETTINGS, **changes)
    return next_request(earlier, asked, settings=settings, support=support).body()


def roles(sent: dict[str, Any]) -> list[str]:
    return [message["role"] for message in sent["messages"]]


def a_chat() -> tuple[Turn, ToolResults]:
    """Return a question with two calls as its answer, and their results."""
    question = Question("How is the weather in Paris and Rome?")
    called = answer("", PARIS, ROME, parent=question.id)
    return Turn(question, called), results(called, (PARIS, '{"sky": "rain"}'), (ROME, "sunny"))


# Finding calls


def test_structured_calls_are_the_calls_of_an_answer() -> None:
    found = answer("One moment.", PARIS).calls

    assert found is not None
    assert (found.calls, found.text, found.recovered) == ((PARIS,), "One moment.", None)


def test_a_call_in_the_text_is_recovered_with_the_form_it_had() -> None:
    found = answer(WRITTEN).calls

    assert found is not None
    assert found.recovered == "json"
    assert [(call.name, call.arguments) for call in found.calls] == [
        ("get_weather", {"city": "Paris"})
    ]


@pytest.mark.parametrize("finish", ["length", "ended_early", "stopped", "error"])
def test_an_incomplete_text_is_not_a_call(finish: str) -> None:
    assert answer(WRITTEN, finish=finish).calls is None


def test_only_tools_that_were_offered_are_called() -> None:
    unknown = replace(SETTINGS, tools=())
    off = replace(SETTINGS, tools=(DefinedTool(WEATHER, offered=False),))
    broken = replace(SETTINGS, tools=(DefinedTool("{"),))

    assert [answer(WRITTEN, settings=each).calls for each in (unknown, off, broken)] == [None] * 3


def test_an_answer_that_is_being_written_has_no_calls_yet() -> None:
    record = Record(MODEL, SETTINGS)

    assert Answer(record, Ended(record.snapshot(WRITTEN))).calls is None


# Offering


def test_tools_are_sent_as_tools_if_the_backend_accepts_them() -> None:
    sent = body([], Question("Hello"))

    assert [tool["name"] for tool in sent["tools"]] == ["get_weather"]
    assert roles(sent) == ["user"]


def test_tools_are_described_in_the_prompt_if_it_does_not() -> None:
    support = AS_TOOLS._replace(takes_tools=False)
    sent = body([], Question("Hello"), support, system="Be brief.")

    assert "tools" not in sent
    [system, _] = sent["messages"]
    text = system["content"][0]["text"]
    assert text.startswith("Be brief.\n\nYou have access to")
    assert '"name": "get_weather"' in text


@pytest.mark.parametrize(("offering", "described"), [("tools", False), ("prompt", True)])
def test_a_person_may_choose_otherwise(offering: str, described: bool) -> None:  # noqa: FBT001
    sent = body(
        [], Question("Hello"), AS_TOOLS._replace(takes_tools=described is False), offering=offering
    )

    assert ("tools" in sent) is not described


def test_the_instructions_can_be_replaced() -> None:
    sent = body([], Question("Hi"), offering="prompt", instructions="Call these: {{tools}} Go!")

    text = sent["messages"][0]["content"][0]["text"]
    assert text.startswith("Call these: [\n")
    assert text.endswith("] Go!")


def test_what_is_switched_off_is_not_sent() -> None:
    sent = body([], Question("Hello"), tools=(DefinedTool("{ no JSON", offered=False),))

    assert "tools" not in sent


@pytest.mark.parametrize(
    ("tools", "sentence"),
    [
        ((DefinedTool("{"),), "A tool without a name: This is not JSON"),
        ((DefinedTool('{"name": "x"}'),), "The tool x: "),
        ((DefinedTool(WEATHER), DefinedTool(WEATHER)), "The tool get_weather: another tool"),
    ],
)
def test_a_draft_that_is_not_valid_cannot_be_sent(
    tools: tuple[DefinedTool, ...], sentence: str
) -> None:
    with pytest.raises(InvalidRequestError, match=sentence):
        body([], Question("Hello"), tools=tools)


def test_functions_are_sent_as_they_are() -> None:
    functions = (DefinedFunction("f", "while True: pass"),)
    sent = body([], Question("Hello"), tools=(), functions=functions)

    assert sent["functions"] == [{"name": "f", "code": "while True: pass"}]


def test_the_prompt_form_carries_neither_tools_nor_results() -> None:
    turn, tool_results = a_chat()

    assert set(body([], Question("Hello"), form="prompt")) == {"prompt"}
    with pytest.raises(InvalidRequestError, match="cannot carry tool results"):
        body([turn], tool_results, form="prompt")


def test_with_tools_nothing_is_streamed_where_that_loses_text() -> None:
    streamed = Parameters(stream=True)

    assert "stream" not in body([], Question("Hi"), BY_TURNS, parameters=streamed)
    assert body([], Question("Hi"), AS_TOOLS, parameters=streamed)["stream"] is True
    assert body([], Question("Hi"), BY_TURNS, parameters=streamed, tools=())["stream"] is True


def test_the_meter_counts_tools_and_results() -> None:
    turn, tool_results = a_chat()
    with_results = [turn, Turn(tool_results, answer("Rain and sun."))]

    assert estimated_tokens([], SETTINGS) > estimated_tokens([], Settings())
    assert estimated_tokens(with_results, SETTINGS) > estimated_tokens([turn], SETTINGS)


# Sending results


def test_results_are_sent_in_turns_of_their_own() -> None:
    turn, tool_results = a_chat()
    sent = body([turn], tool_results)

    assert roles(sent) == ["user", "assistant", "tool", "tool"]
    called, rain, sun = sent["messages"][1:]
    assert [call["id"] for call in called["tool_calls"]] == ["call_1", "call_2"]
    assert called["tool_calls"][0]["function"] == {
        "name": "get_weather",
        "arguments": '{"city": "Paris"}',
    }
    assert (rain["name"], rain["tool_call_id"], rain["content"]) == (
        "get_weather",
        "call_1",
        '{"sky": "rain"}',
    )
    assert sun["content"] == "sunny"


def test_results_are_sent_as_the_user_where_roles_must_alternate() -> None:
    turn, tool_results = a_chat()
    sent = body([turn], tool_results, BY_TURNS)

    assert roles(sent) == ["user", "assistant", "user"]
    called, came = sent["messages"][1:]
    assert set(called) == {"role", "content"}
    assert '"arguments": {"city": "Rome"}' in called["content"]
    assert came["content"][0]["text"] == (
        'Tool result for get_weather: {"sky": "rain"}\nTool result for get_weather: sunny'
    )


def test_described_tools_always_alternate_and_use_their_own_keys() -> None:
    turn, tool_results = a_chat()
    sent = body([turn], tool_results, offering="prompt")

    assert roles(sent) == ["system", "user", "assistant", "user"]
    assert '"parameters": {"city": "Rome"}' in sent["messages"][2]["content"]


def test_changed_arguments_are_sent_in_place_of_the_first_ones() -> None:
    turn, _ = a_chat()
    assert turn.answer is not None
    changed = ToolCall("get_weather", {"city": "Lyon"}, "call_1")
    sent = body([turn], results(turn.answer, (changed, "sunny")))

    assert "Lyon" in str(sent["messages"][1])
    assert "Paris" not in str(sent["messages"][1:])


def test_calls_and_results_stay_in_later_requests() -> None:
    turn, tool_results = a_chat()
    later = [turn, Turn(tool_results, answer("Rain there, sun here."))]

    assert roles(body(later, Question("Thanks"))) == [
        *("user", "assistant", "tool", "tool"),
        *("assistant", "user"),
    ]
    assert roles(body(later, Question("Thanks"), BY_TURNS)) == [
        *("user", "assistant", "user"),
        *("assistant", "user"),
    ]


def test_consecutive_calls_are_sent_in_order() -> None:
    turn, tool_results = a_chat()
    again = answer("", ROME, parent=tool_results.id)
    second = results(again, (ROME, "25 degrees"))

    assert roles(body([turn, Turn(tool_results, again)], second)) == [
        *("user", "assistant", "tool", "tool"),
        *("assistant", "tool"),
    ]


def test_results_whose_answer_failed_are_omitted_and_the_call_is_sent_as_text() -> None:
    turn, tool_results = a_chat()
    failed = answer("", finish="error")
    sent = body([turn, Turn(tool_results, failed)], Question("Never mind"))

    assert roles(sent) == ["user", "assistant", "user"]
    assert "get_weather" in sent["messages"][1]["content"]
    assert "tool_calls" not in sent["messages"][1]


def test_calls_without_results_are_sent_as_text() -> None:
    turn, _ = a_chat()
    sent = body([turn], Question("Never mind"))

    assert roles(sent) == ["user", "assistant", "user"]
    assert "tool_calls" not in sent["messages"][1]


@pytest.mark.parametrize("backend", [BuiltIn(), Cloudflare("a" * 32, "token")])
@pytest.mark.parametrize("offering", ["auto", "tools", "prompt"])
def test_the_model_continues_from_the_results(backend: BuiltIn | Cloudflare, offering: str) -> None:
    turn, tool_results = a_chat()
    settings = replace(SETTINGS, offering=offering, parameters=Parameters(temperature=0))
    request = next_request([turn], tool_results, settings=settings, support=backend.tool_support)

    said = Client(BuiltIn()).run(request).text
    assert "rain" in said
    assert "sunny" in said


# Running


def test_handlers_are_found_by_the_name_of_the_tool() -> None:
    fixed = DefinedTool(WEATHER, answered="fixed", body='{"sky": "rain"}')
    calculator = DefinedTool(WEATHER.replace("get_weather", "calculator"), answered="run")
    off = DefinedTool(WEATHER.replace("get_weather", "off"), answered="fixed", offered=False)
    wrong = DefinedTool(WEATHER.replace("get_weather", "wrong"), answered="fixed", status=7)

    found = tool_runners([fixed, calculator, off, wrong, DefinedTool(WEATHER)])
    assert set(found) == {"get_weather", "calculator"}
    assert found["get_weather"].run({}) == {"sky": "rain"}


def test_a_canned_reply_can_be_plain_text() -> None:
    [runner] = tool_runners([DefinedTool(WEATHER, answered="fixed", body="It rains.")]).values()

    assert runner.run({}) == "It rains."


# Storing


def kept_chat() -> Conversation:
    question = Question("How is the weather in Paris and Rome?")
    called = answer("", PARIS, ROME, parent=question.id)
    tool_results = results(called, (PARIS, '{"sky": "rain"}'), (ROME, "\0 \ud800 sunny"))
    said = answer("Rain and sun.", parent=tool_results.id)
    nodes = [question, called, tool_results, said]
    for at, node in enumerate(nodes):
        node.created = float(at)
    return Conversation(
        nodes={node.id: node for node in nodes}, leaf=said.id, settings=SETTINGS, owner="ada"
    )


def test_results_come_back_from_the_store(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    given = kept_chat()
    store = open_store(database_url)
    store.save(given)

    found = store.load(given.id)
    assert found is not None
    tool_results = found.turns[1].question
    assert isinstance(tool_results, ToolResults)
    assert tool_results.results == given.turns[1].question.results  # type: ignore[union-attr]
    assert tool_results.results[1].content == "\0 � sunny"
    assert found.settings.tools == SETTINGS.tools
    assert store.listed("ada", "sunny")


def test_erased_results_leave_only_their_position(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    given = kept_chat()
    tool_results = given.turns[1].question
    assert tool_results is not None
    store = open_store(database_url)
    store.save(given)
    store.mark_message(given, tool_results.id, 5.0)
    store.erase_deleted(6.0)

    found = store.load(given.id)
    assert found is not None
    left = found.nodes[tool_results.id]
    assert isinstance(left, ToolResults)
    assert (left.results, left.text, left.deleted) == ((), "", 5.0)


def test_results_go_through_a_file_and_back() -> None:
    file = export_json([kept_chat()])
    [found] = read_export(file).conversations

    assert export_json([found]) == file
    tool_results = found.turns[1].question
    assert isinstance(tool_results, ToolResults)
    assert tool_results.calls == (PARIS, ROME)


def test_results_are_in_the_markdown_export() -> None:
    text = conversation_markdown(kept_chat(), {})

    assert "Tool call: get\\_weather" in text
    assert "## Result of get\\_weather\n\n```json\n" in text


def test_the_results_of_a_turn_and_another_question_are_variants(
    conversations: Conversations,
) -> None:
    given = conversations.new("ada")
    given.settings = SETTINGS
    first = ask(conversations, given, "How is the weather in Paris?")
    assert first.reply is not None
    assert first.reply.join(5)
    tool_results = results(first, (PARIS, "sunny"))
    request = next_request(given.turns, tool_results, settings=SETTINGS)
    conversations.ask(given, tool_results, request, Client(BuiltIn()))
    other = Question("Never mind", parent=first.id)
    given.add(other)

    assert [each.id for each in given.variants(tool_results)] == [tool_results.id, other.id]
