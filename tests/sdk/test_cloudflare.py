"""Cloudflare's own Python library."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from backends.endpoint.limits import Limits
from tests.backends.endpoint.serving import ACCOUNT, GEMMA, Served, serving_built_in
from tests.backends.endpoint.test_run import SCHEMA, TOOL
from workers_ai import decode_stream

pytestmark = pytest.mark.sdk

HELLO = [{"role": "user", "content": "What is a neuron?"}]


@pytest.fixture
def cloudflare(library: Callable[[str], Any]) -> Any:
    return library("cloudflare")


@pytest.fixture
def client(connect: Callable[..., Any], served: Served) -> Any:
    return connect(served, "mine")


@pytest.fixture
def connect(cloudflare: Any) -> Iterator[Callable[..., Any]]:
    with ExitStack() as stack:

        def connected(served: Served, token: str) -> Any:
            made = cloudflare.Cloudflare(api_token=token, base_url=served.base_url, max_retries=0)
            return stack.enter_context(made)

        yield connected


def run(client: Any, **body: Any) -> Any:
    return client.ai.run(GEMMA, account_id=ACCOUNT, **body)


def test_a_model_is_run(client: Any) -> None:
    answer = run(client, messages=HELLO, temperature=0)

    assert answer["response"].startswith("A neuron is")
    assert answer["usage"]["completion_tokens"] > 0


def test_a_prompt_is_accepted_too(client: Any) -> None:
    assert run(client, prompt="What is a neuron?", max_tokens=9)["response"]


def test_an_answer_is_streamed(client: Any) -> None:
    streaming = client.ai.with_streaming_response.run
    with streaming(GEMMA, account_id=ACCOUNT, messages=HELLO, stream=True) as response:
        *chunks, last = decode_stream(response.iter_bytes())

    assert "".join(chunk.text for chunk in chunks)
    assert last.finish == "done"


def test_tools_and_schemas_are_accepted(client: Any) -> None:
    asked = [{"role": "user", "content": "What is the weather in Paris?"}]
    (call,) = run(client, messages=asked, tools=[TOOL])["tool_calls"]
    guided = run(client, messages=HELLO, extra_body={"guided_json": SCHEMA})

    assert call == {"name": "get_weather", "arguments": {"city": "Paris"}}
    assert '"city"' in guided["response"]


def test_models_schemas_and_tokens_are_looked_up(client: Any) -> None:
    listed = list(client.ai.models.list(account_id=ACCOUNT))
    schema = client.ai.models.schema.get(account_id=ACCOUNT, model=GEMMA)

    assert listed[0]["name"] == GEMMA
    assert schema.input
    assert schema.output
    assert client.user.tokens.verify().status == "active"


def test_errors_are_the_library_s_own(
    cloudflare: Any, client: Any, connect: Callable[..., Any], served: Served
) -> None:
    with pytest.raises(cloudflare.BadRequestError) as bad:
        run(client, messages=HELLO, temperature=9)
    with pytest.raises(cloudflare.BadRequestError) as unknown:
        client.ai.run("@cf/none", account_id=ACCOUNT, prompt="x")
    with pytest.raises(cloudflare.NotFoundError) as lost:
        client.ai.run(GEMMA, account_id="0", prompt="x")
    with pytest.raises(cloudflare.AuthenticationError) as refused:
        run(connect(served, "x"), prompt="x")
    caught = [bad, unknown, lost, refused]

    assert [error.value.errors[0].code for error in caught] == [5006, 5007, 7003, 10000]


def test_the_rate_limit_is_the_library_s_own(cloudflare: Any, connect: Callable[..., Any]) -> None:
    with serving_built_in(limits=Limits(per_minute=1)) as served:
        client = connect(served, "x")
        run(client, prompt="x", max_tokens=1)
        with pytest.raises(cloudflare.RateLimitError):
            run(client, prompt="x", max_tokens=1)
