"""LangChain's package for Cloudflare, in both forms of the API."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, Field

from tests.backends.endpoint.serving import ACCOUNT, GEMMA, Served
from tests.backends.endpoint.test_run import TOOL

pytestmark = pytest.mark.sdk


class Place(BaseModel):
    """A place on a map."""

    city: str = Field(description="The city")
    size: int = Field(description="How many live there")


@pytest.fixture(params=["workers_ai", "openai_compatible"])
def chat(
    request: pytest.FixtureRequest, library: Callable[[str], Any], served: Served
) -> Iterator[Any]:
    chat = library("langchain_cloudflare").ChatCloudflareWorkersAI(
        model=GEMMA,
        account_id=ACCOUNT,
        api_token="mine",
        base_url=served.base_url,
        endpoint_format=request.param,
        temperature=0.2,
        max_retries=0,
    )
    yield chat
    chat.client.close()


def test_a_chat_is_answered(chat: Any) -> None:
    answer = chat.invoke("What is a neuron?")

    assert "neuron" in answer.content
    assert answer.usage_metadata["output_tokens"] > 0


def test_a_chat_is_streamed(chat: Any) -> None:
    chunks = list(chat.stream("What is a neuron?"))

    assert len(chunks) > 5
    assert "neuron" in "".join(chunk.content for chunk in chunks)


def test_tools_are_called_and_their_results_used(chat: Any, library: Callable[[str], Any]) -> None:
    messages = library("langchain_core.messages")
    asked = messages.HumanMessage("What is the weather in Paris?")
    with_tools = chat.bind_tools([{"type": "function", "function": TOOL}])
    first = with_tools.invoke([asked])
    (call,) = first.tool_calls
    result = messages.ToolMessage('{"temperature": 17}', tool_call_id=call["id"])
    second = with_tools.invoke([asked, first, result])

    assert (call["name"], call["args"]) == ("get_weather", {"city": "Paris"})
    assert "17" in second.content


@pytest.mark.parametrize("method", ["json_schema", "function_calling", "json_mode"])
def test_an_answer_is_structured(chat: Any, method: str) -> None:
    if method == "json_mode":
        question = "Paris has 2102650 people. Answer as JSON."
        assert isinstance(chat.with_structured_output(None, method=method).invoke(question), dict)
        return
    structured = chat.with_structured_output(Place, method=method)

    assert isinstance(structured.invoke("The place is Paris with 2102650 people"), Place)


def test_a_bad_value_is_an_error(chat: Any) -> None:
    with pytest.raises(httpx.HTTPStatusError) as caught:
        chat.bind(temperature=9).invoke("x")

    assert caught.value.response.json()["errors"][0]["code"] == 5006
