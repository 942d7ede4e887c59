"""Chat, streams, stop, pictures, schemas and parameters on a real engine."""

import base64
import io
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from workers_ai import (
    ChatRequest,
    Chunk,
    Exchange,
    ImagePart,
    Message,
    PromptRequest,
    Reply,
    Stop,
    TextPart,
    check_answer,
    gemma_prompt,
    parse_request,
)
from workers_ai.engines import find_engines, models_in, read_changes

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine

pytestmark = pytest.mark.engine

HELLO = ChatRequest(messages=[Message(role="user", content="Hello")], max_tokens=24, seed=7)


def picture(colour: str, name: str = "PNG") -> ImagePart:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, name)
    data = base64.b64encode(file.getvalue()).decode()
    return ImagePart.of(f"data:image/{name.lower()};base64,{data}")


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def test_the_engine_is_found_with_its_model(engine: "RunningEngine") -> None:
    [found] = find_engines([int(engine.url.rpartition(":")[2])], timeout=5)
    [model] = found.models

    assert (found.kind, model.id) == ("llama-server", "gemma-3-tiny")
    assert (model.context_window, model.sees_images, model.takes_tools) == (8192, True, False)
    assert model.is_gemma3
    with engine.client() as client:
        [listed] = models_in(client.models())
    assert listed == model


def test_a_stream_and_a_whole_answer_say_the_same(engine: "RunningEngine") -> None:
    with engine.client() as client:
        chunks = list(client.stream(HELLO))
        whole = client.run(HELLO)

    assert text_of(chunks) == whole.text
    assert whole.text
    assert len(chunks) > 5
    assert chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert chunks[-1].finish == whole.finish
    assert (chunks[-1].damaged, whole.raw["success"]) == (0, True)


def test_the_limit_is_kept_and_known(engine: "RunningEngine") -> None:
    with engine.client() as client:
        answer = client.run(HELLO.replace(max_tokens=5))
        unset = client.run(parse_request({"messages": [{"role": "user", "content": "Hi"}]}))

    assert answer.finish == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 5
    assert engine.slot()["params"]["max_tokens"] == 256
    assert unset.usage is not None
    assert unset.usage.completion_tokens <= 256


@pytest.mark.parametrize(
    ("name", "value", "theirs", "taken"),
    [
        ("temperature", 1.5, "temperature", 1.5),
        ("temperature", 5, "temperature", 5),
        ("temperature", 0, "temperature", 0),
        ("top_p", 0.25, "top_p", 0.25),
        ("top_p", 2, "top_p", 1),
        ("top_k", 7, "top_k", 7),
        ("seed", 42, "seed", 42),
        ("seed", 9_999_999_999, "seed", 1_410_065_407),
        ("repetition_penalty", 1.5, "repeat_penalty", 1.5),
        ("repetition_penalty", 0, "repeat_penalty", 0.01),
        ("frequency_penalty", 1.25, "frequency_penalty", 1.25),
        ("presence_penalty", 0.75, "presence_penalty", 0.75),
        ("max_tokens", 3, "max_tokens", 3),
        ("max_tokens", 0, "max_tokens", 1),
        ("max_tokens", -1, "max_tokens", 1),
    ],
)
def test_every_parameter_reaches_the_sampler(
    engine: "RunningEngine", name: str, value: float, theirs: str, taken: float
) -> None:
    with engine.client() as client:
        client.run(HELLO.replace(**{"max_tokens": 4, name: value}))

    params = engine.slot()["params"]
    assert params[theirs] == pytest.approx(taken)
    assert params["min_p"] == 0
    assert params["temperature"] == pytest.approx(0.6) or name == "temperature"


def test_the_same_seed_gives_the_same_answer(engine: "RunningEngine") -> None:
    hot = HELLO.replace(temperature=2.0)
    with engine.client() as client:
        first, again = client.run(hot), client.run(hot)
        other = client.run(hot.replace(seed=8))

    assert first.text == again.text != other.text


def test_a_penalty_changes_what_is_said(engine: "RunningEngine") -> None:
    greedy = HELLO.replace(temperature=0.0, max_tokens=60)
    with engine.client() as client:
        plain = client.run(greedy)
        for name in ("repetition_penalty", "frequency_penalty", "presence_penalty"):
            assert client.run(greedy.replace(**{name: 2.0})).text != plain.text, name


def test_stop_frees_the_engine_at_once(engine: "RunningEngine") -> None:
    long = HELLO.replace(max_tokens=7000, ignore_eos=True, stream=True)
    stop = Stop()
    with engine.client() as client:
        stream = client.stream(long, stop=stop)
        next(stream)
        assert engine.slot()["is_processing"]
        stop.set()
        rest = list(stream)
        free = engine.seconds_until_free()

    assert rest[-1].finish == "stopped"
    assert free < 0.5


def test_stop_frees_it_too_where_no_stream_was_asked_for(engine: "RunningEngine") -> None:
    long = HELLO.replace(max_tokens=7000, ignore_eos=True)
    with engine.client() as client:
        reply = Reply(client, long).start()
        while not engine.slot()["is_processing"]:
            assert not reply.snapshot().finish
        reply.stop()
        assert reply.join(1)
        free = engine.seconds_until_free()

    assert reply.snapshot().finish == "stopped"
    assert free < 0.5


def test_stop_before_the_first_word_frees_it_too(engine: "RunningEngine") -> None:
    words = " ".join(f"word{number}" for number in range(900))
    request = HELLO.replace(messages=[Message(role="user", content=words)], max_tokens=2000)
    with engine.client() as client:
        reply = Reply(client, request.replace(ignore_eos=True, stream=True)).start()
        while not engine.slot()["is_processing"]:
            assert not reply.snapshot().finish
        reply.stop()
        assert reply.join(1)
        # A batch of the prompt is worked through before the engine looks up.
        free = engine.seconds_until_free()

    assert reply.snapshot().finish == "stopped"
    assert reply.snapshot().text == ""
    assert free < 1.5


def test_leaving_a_stream_frees_it(engine: "RunningEngine") -> None:
    long = HELLO.replace(max_tokens=7000, ignore_eos=True)
    with engine.client() as client:
        stream = client.stream(long)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert engine.seconds_until_free() < 0.5


def test_pictures_are_seen(engine: "RunningEngine") -> None:
    text = TextPart(text="Compare.")
    one = HELLO.replace(messages=[Message(role="user", content=[picture("red"), text])])
    two = HELLO.replace(
        messages=[Message(role="user", content=[picture("red"), picture("blue", "JPEG"), text])]
    )
    with engine.client() as client:
        blind = client.run(HELLO.replace(messages=[Message(role="user", content=[text])]))
        counts = [client.run(each).usage for each in (one, two)]

    prompts = [usage.prompt_tokens for usage in (blind.usage, *counts) if usage]
    assert len(prompts) == 3
    assert 256 <= prompts[1] - prompts[0] <= 262
    assert 256 <= prompts[2] - prompts[1] <= 262


def test_a_format_that_the_engine_does_not_read_is_re_encoded(engine: "RunningEngine") -> None:
    exchange = Exchange()
    message = Message(role="user", content=[picture("green", "WEBP"), TextPart(text="?")])
    with engine.client() as client:
        answer = client.run(HELLO.replace(messages=[message]), exchange=exchange)

    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 256
    changed = {change.path for change in read_changes(exchange.response_headers)}
    assert "messages[0].content[0]" in changed


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_fits_its_schema(engine: "RunningEngine", *, stream: bool) -> None:
    schema = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["receipt", "photo", "chart"]},
            "count": {"type": "integer", "minimum": 0, "maximum": 99},
            "fits": {"type": "boolean"},
            "tags": {
                "type": "array",
                "items": {"type": "string", "maxLength": 4},
                "maxItems": 3,
            },
        },
        "required": ["kind", "count", "fits", "tags"],
        "additionalProperties": False,
    }
    with engine.client() as client:
        for seed in range(1, 6):
            asked = HELLO.replace(guided_json=schema, max_tokens=400, seed=seed)
            told = text_of(list(client.stream(asked))) if stream else client.run(asked).text
            assert list(check_answer(json.loads(told), schema)) == []


def test_a_raw_prompt_is_no_chat_and_takes_a_schema(engine: "RunningEngine") -> None:
    prompt = gemma_prompt([Message(role="user", content="Hello")])
    raw = PromptRequest(prompt=prompt, raw=True, max_tokens=24, seed=7)
    schema = {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    }
    with engine.client() as client:
        chat, plain = client.run(HELLO), client.run(raw)
        guided = client.run(raw.replace(guided_json=schema, max_tokens=200))
        streamed = list(client.stream(raw))

    assert plain.text == chat.text == text_of(streamed)
    assert plain.usage == chat.usage
    assert list(check_answer(json.loads(guided.text), schema)) == []


def test_turns_that_the_template_refuses_are_joined(engine: "RunningEngine") -> None:
    roles = ("system", "system", "assistant", "user", "user", "tool", "system")
    messages = [{"role": role, "content": "word"} for role in roles]
    request = parse_request({"messages": messages, "max_tokens": 4})
    with engine.client() as client:
        assert client.run(request).finish in {"length", "done"}


def test_many_answers_at_once_come_one_after_the_other(engine: "RunningEngine") -> None:
    texts: dict[int, str] = {}

    def ask(seed: int, client: Any) -> None:
        texts[seed] = client.run(HELLO.replace(seed=seed, temperature=2.0)).text

    with engine.client() as client:
        threads = [threading.Thread(target=ask, args=(n, client)) for n in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        alone = client.run(HELLO.replace(seed=2, temperature=2.0)).text

    assert len(texts) == 4
    assert texts[2] == alone
