"""OpenAI's own Python library."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from schemas import sample_picture
from tests.backends.endpoint.serving import GEMMA, Served
from tests.backends.endpoint.test_run import TOOL
from workers_ai import read_image

pytestmark = pytest.mark.sdk

HELLO = [{"role": "user", "content": "What is a neuron?"}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOLS = [{"type": "function", "function": TOOL}]


class Place(BaseModel):
    city: str
    size: int


@pytest.fixture
def openai(library: Callable[[str], Any]) -> Any:
    return library("openai")


@pytest.fixture
def client(openai: Any, served: Served) -> Iterator[Any]:
    with openai.OpenAI(api_key="mine", base_url=served.openai_url, max_retries=0) as client:
        yield client


def create(client: Any, **body: Any) -> Any:
    return client.chat.completions.create(model=GEMMA, **{"messages": HELLO, **body})


def test_a_chat_is_completed(client: Any) -> None:
    answer = create(client, temperature=0)

    assert answer.choices[0].message.content.startswith("A neuron is")
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0


def test_a_chat_is_streamed_with_its_usage(client: Any) -> None:
    whole = create(client, temperature=0).choices[0].message.content
    chunks = list(
        create(client, temperature=0, stream=True, stream_options={"include_usage": True})
    )
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]

    assert "".join(texts) == whole
    assert chunks[-1].usage.completion_tokens > 0


def test_tools_are_called_and_their_results_used(client: Any) -> None:
    first = create(client, messages=WEATHER, tools=TOOLS).choices[0].message
    (call,) = first.tool_calls
    result = {"role": "tool", "tool_call_id": call.id, "content": '{"temperature": 17}'}
    messages = [*WEATHER, first.model_dump(), result]
    second = create(client, messages=messages, tools=TOOLS)

    assert json.loads(call.function.arguments) == {"city": "Paris"}
    assert "17" in second.choices[0].message.content


def test_tool_calls_are_put_together_by_the_library_s_stream(client: Any) -> None:
    with client.chat.completions.stream(model=GEMMA, messages=WEATHER, tools=TOOLS) as stream:
        answer = stream.get_final_completion().choices[0]

    assert answer.finish_reason == "tool_calls"
    assert answer.message.tool_calls[0].function.name == "get_weather"


def test_a_tool_can_be_forced(client: Any) -> None:
    choice = {"type": "function", "function": {"name": "get_weather"}}
    answer = create(client, tools=TOOLS, tool_choice=choice).choices[0]

    (call,) = answer.message.tool_calls
    assert set(json.loads(call.function.arguments)) == {"city"}


def test_an_answer_is_parsed_by_a_model(client: Any) -> None:
    parsed = client.chat.completions.parse(model=GEMMA, messages=HELLO, response_format=Place)

    assert isinstance(parsed.choices[0].message.parsed, Place)


def test_a_picture_is_looked_at(client: Any) -> None:
    url = read_image(sample_picture("chart")).data_uri
    picture = {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
    content = [{"type": "text", "text": "What is in this picture?"}, picture]
    answer = create(client, messages=[{"role": "user", "content": content}])

    assert "pixels" in answer.choices[0].message.content


def test_errors_are_the_library_s_own(openai: Any, client: Any, served: Served) -> None:
    """The bodies are Cloudflare's: the library reports the status and keeps the rest."""
    with pytest.raises(openai.BadRequestError) as bad:
        create(client, temperature=9)
    with pytest.raises(openai.APIStatusError) as lost:
        client.models.list()
    with (
        openai.OpenAI(api_key="x", base_url=served.openai_url, max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError) as refused,
    ):
        create(stranger)

    caught = [error.value.body["errors"][0]["code"] for error in (bad, lost, refused)]
    assert caught == [5006, 7001, 10000]
