"""The built-in model, used through the client that all backends share."""

import pytest

from backends import BuiltIn
from workers_ai import ChatRequest, Client, ContextWindowError, Message, Tool


def request(text: str, **more: object) -> ChatRequest:
    return ChatRequest(messages=[Message(role="user", content=text)], **more)


@pytest.fixture
def builtin() -> Client:
    return Client(BuiltIn())


def test_a_whole_answer_and_a_stream_agree(builtin: Client) -> None:
    whole = builtin.run(request("What is a neuron?", seed=3))
    *_, last = chunks = list(builtin.stream(request("What is a neuron?", seed=3)))
    assert "".join(chunk.text for chunk in chunks) == whole.text
    assert (last.finish, whole.finish) == ("done", "done")
    assert last.usage == whole.usage


def test_a_cut_is_recognized(builtin: Client) -> None:
    assert builtin.run(request("What is a neuron?", max_tokens=5)).finish == "length"


def test_a_tool_call_arrives_whole(builtin: Client) -> None:
    parameters = {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city"}},
        "required": ["city"],
    }
    tool = Tool(name="get_weather", description="Weather of a city", parameters=parameters)
    *_, last = builtin.stream(request("What is the weather in Paris?", tools=[tool]))
    (call,) = last.tool_calls
    assert (call.name, call.arguments) == ("get_weather", {"city": "Paris"})


def test_too_long_a_prompt_is_its_own_error(builtin: Client) -> None:
    with pytest.raises(ContextWindowError) as caught:
        builtin.run(request("hi", max_tokens=80_000))
    assert (caught.value.status_code, caught.value.code) == (413, 5021)
