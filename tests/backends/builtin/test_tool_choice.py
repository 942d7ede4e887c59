import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

WEATHER = {
    "name": "getWeather",
    "description": "Return the weather for a city",
    "parameters": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "The city name"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "description": "Unit"},
        },
        "required": ["city"],
    },
}
CALCULATOR = {
    "type": "function",
    "function": {
        "name": "calculate",
        "description": "Evaluate an arithmetic expression",
        "parameters": {
            "type": "object",
            "properties": {"expression": {"type": "string", "description": "Such as 2 + 2"}},
            "required": ["expression"],
        },
    },
}
CONVERTER = {
    "name": "convert_currency",
    "description": "Convert an amount of money from one currency to another",
    "parameters": {
        "type": "object",
        "properties": {
            "amount": {"type": "number", "description": "How much"},
            "from_currency": {"type": "string", "description": "ISO code"},
            "to_currency": {"type": "string", "description": "ISO code"},
        },
        "required": ["amount", "from_currency", "to_currency"],
    },
}
CLOCK = {
    "name": "get_current_time",
    "description": "Tell the current time",
    "parameters": {"type": "object", "properties": {}},
}


def tool(name: str, description: str, **properties: str) -> dict[str, Any]:
    described = {key: {"type": "string", "description": text} for key, text in properties.items()}
    parameters = {"type": "object", "properties": described, "required": list(described)}
    return {"name": name, "description": description, "parameters": parameters}


SEARCH = tool("search_web", "Search the web", query="What to search for")
MAIL = tool("send_email", "Send an email", to="Recipient address", subject="Subject")
GITHUB = tool("getGithubUser", "Look up a GitHub user", username="The user name")
TOOLS = [WEATHER, CALCULATOR, CONVERTER, CLOCK, SEARCH, MAIL, GITHUB]
SEEDS = (1, 2, 3)


@pytest.mark.parametrize(
    ("question", "name", "arguments"),
    [
        ("What's the weather in Paris?", "getWeather", {"city": "Paris"}),
        ("Will it rain in New York today?", "getWeather", {"city": "New York"}),
        ("weather in Oslo in fahrenheit", "getWeather", {"city": "Oslo", "unit": "fahrenheit"}),
        ("What is 12 times 7 plus 3?", "calculate", {"expression": "12 * 7 + 3"}),
        ("Please calculate (3+4)*5", "calculate", {"expression": "(3+4)*5"}),
        (
            "Convert 250 USD to EUR",
            "convert_currency",
            {"amount": 250, "from_currency": "USD", "to_currency": "EUR"},
        ),
        ("What time is it now?", "get_current_time", {}),
        ("what is 17*23?", "calculate", {"expression": "17*23"}),
        ("Search the web for blue whales", "search_web", {"query": "blue whales"}),
        ("Find information about the Eiffel tower", "search_web", {"query": "Eiffel tower"}),
        ("Who is Cloudflare on GitHub?", "getGithubUser", {"username": "Cloudflare"}),
        (
            'Send an email to bob@example.org with subject "Hi"',
            "send_email",
            {"to": "bob@example.org", "subject": "Hi"},
        ),
    ],
)
def test_a_request_that_fits_a_tool_calls_it(
    result: Callable[..., dict[str, Any]], question: str, name: str, arguments: dict[str, Any]
) -> None:
    for seed in SEEDS:
        found = result(question, tools=TOOLS, seed=seed)
        assert found["tool_calls"] == [{"name": name, "arguments": arguments}]
        assert found["response"] == ""
        assert found["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(
    "question",
    [
        "What does temperature do?",
        "What is temperature?",
        "Hello",
        "Who are you?",
        "What is a neuron?",
        "Tell me a joke",
    ],
)
def test_other_requests_are_answered_in_words(
    result: Callable[..., dict[str, Any]], question: str
) -> None:
    for seed in SEEDS:
        found = result(question, tools=TOOLS, seed=seed)
        assert "tool_calls" not in found
        assert found["response"]


def test_several_places_are_several_calls(result: Callable[..., dict[str, Any]]) -> None:
    calls = result("What's the weather in Paris and London?", tools=TOOLS)["tool_calls"]
    assert [call["arguments"]["city"] for call in calls] == ["Paris", "London"]


def test_what_is_missing_is_asked_for(ask: Callable[..., str]) -> None:
    answer = ask("How is the weather?", tools=TOOLS, temperature=0)
    assert answer == "I can call getWeather for this, but I still need city (The city name)."


def test_a_city_from_an_earlier_turn_is_used(result: Callable[..., dict[str, Any]]) -> None:
    messages = [
        {"role": "user", "content": "I am in Lisbon."},
        {"role": "assistant", "content": "Nice."},
        {"role": "user", "content": "How is the weather?"},
    ]
    (call,) = result(messages=messages, tools=TOOLS)["tool_calls"]
    assert call == {"name": "getWeather", "arguments": {"city": "Lisbon"}}


def test_a_call_that_is_cut_is_left_as_text(result: Callable[..., dict[str, Any]]) -> None:
    found = result("What's the weather in Llanfairpwllgwyngyll?", tools=TOOLS, max_tokens=2)
    assert "tool_calls" not in found
    assert found["usage"]["completion_tokens"] == 2


PROMPT = """You have access to functions. If you decide to invoke any of the function(s),
you MUST put it in the format of
{"name": function name, "parameters": dictionary of argument name and its value}

You SHOULD NOT include any other text in the response if you call a function
"""


@pytest.mark.parametrize("where", ["system", "user"])
def test_a_tool_described_in_the_prompt_is_called_in_text(
    result: Callable[..., dict[str, Any]], where: str
) -> None:
    described = PROMPT + json.dumps([WEATHER])
    messages = [
        {"role": "system", "content": described},
        {"role": "user", "content": "What is the weather in Oslo?"},
    ]
    if where == "user":
        messages = [{"role": "user", "content": f"{described}\nWhat is the weather in Oslo?"}]
    found = result(messages=messages, seed=1)
    assert json.loads(found["response"]) == {"name": "getWeather", "parameters": {"city": "Oslo"}}
    assert "tool_calls" not in found


def test_other_questions_beside_a_described_tool_get_words(ask: Callable[..., str]) -> None:
    messages = [
        {"role": "system", "content": PROMPT + json.dumps([WEATHER])},
        {"role": "user", "content": "What is a neuron?"},
    ]
    assert ask(messages=messages, temperature=0).startswith("A neuron is")


def with_lists(*required: str) -> dict[str, Any]:
    text = {"type": "string", "description": "A text"}
    day = {"type": "string", "format": "date", "description": "The day"}
    properties = {
        "title": {**text, "description": "What the event is about"},
        "start": {
            "type": "object",
            "description": "When it begins",
            "properties": {"date": day, "note": {"type": "integer"}},
            "required": ["date"],
        },
        "attendees": {
            "type": "array",
            "description": "Email addresses",
            "items": {"type": "string", "format": "email"},
        },
    }
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {
        "name": "create_event",
        "description": "Create an event in the calendar and invite people",
        "parameters": parameters,
    }


EVENT = 'Create an event called "Review" on 2026-03-12'


@pytest.mark.parametrize("required", [(), ("title", "start", "attendees")])
@pytest.mark.parametrize("seed", SEEDS)
def test_lists_and_objects_are_filled_with_what_was_said(
    result: Callable[..., dict[str, Any]], required: tuple[str, ...], seed: int
) -> None:
    question = f"{EVENT} and invite ana@example.com, ben@example.com and cy@example.com."
    (call,) = result(question, tools=[with_lists(*required)], seed=seed)["tool_calls"]
    assert call["arguments"] == {
        "title": "Review",
        "start": {"date": "2026-03-12"},
        "attendees": ["ana@example.com", "ben@example.com", "cy@example.com"],
    }


def test_a_list_that_nobody_spoke_of_is_left_out(result: Callable[..., dict[str, Any]]) -> None:
    (call,) = result(f"{EVENT}.", tools=[with_lists("title")])["tool_calls"]
    assert call["arguments"] == {"title": "Review", "start": {"date": "2026-03-12"}}


def test_a_required_list_that_nobody_spoke_of_is_asked_for(ask: Callable[..., str]) -> None:
    assert "attendees" in ask(f"{EVENT}.", tools=[with_lists("attendees")], temperature=0)


@pytest.mark.parametrize("seed", SEEDS)
def test_several_calls_of_a_described_tool_are_a_list(ask: Callable[..., str], seed: int) -> None:
    system = f"You have access to functions. {json.dumps([WEATHER])}"
    messages = [
        {"role": "system", "content": system},
        {"role": "user", "content": "What is the weather in Paris, London and Oslo?"},
    ]
    assert json.loads(ask(messages=messages, seed=seed)) == [
        {"name": "getWeather", "parameters": {"city": city}} for city in ("Paris", "London", "Oslo")
    ]


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "array", "items": True},
        {"type": "array", "items": {"type": "string", "enum": 5}},
        {"type": "array", "items": {"type": "string"}, "maxItems": "2"},
        {"type": "array", "items": {"type": "string"}, "maxItems": 2.0},
        {"type": "object", "properties": {"a": True, "b": 5}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": True},
        {"type": "object", "properties": {"a": {"type": ["string", 5], "format": []}}},
    ],
)
@pytest.mark.parametrize("required", [True, False])
def test_odd_schemas_inside_of_a_property_do_no_harm(
    run: Callable[..., httpx.Response], inner: dict[str, Any], *, required: bool
) -> None:
    odd = {
        "name": "create_event",
        "description": "Create an event in the calendar",
        "parameters": {
            "type": "object",
            "properties": {
                "title": {"type": "string", "description": "What the event is about"},
                "odd": {**inner, "description": "The names of people"},
            },
            "required": ["title", "odd"] if required else ["title"],
        },
    }
    described = f"You have access to functions. {json.dumps([odd])} {EVENT} with Ana and Ben."
    assert run(f"{EVENT} with Ana and Ben.", tools=[odd]).status_code in (200, 400)
    assert run(described).status_code in (200, 400)
