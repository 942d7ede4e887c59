"""Chat, streams, stop, pictures, schemas and parameters on a real engine."""

import base64
import io
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from backends import find_engines, read_changes, read_models
from experiments import LOGPROBS_REQUEST, ReportedToken, reported_tokens
from schemas import check_answer
from workers_ai import (
    ChatRequest,
    Chunk,
    ImagePart,
    Message,
    Parameters,
    PromptRequest,
    Reply,
    Stop,
    TextPart,
    parse_request,
)
from workers_ai.call_trace import CallTrace
from workers_ai.gemma_template import gemma_prompt

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine
    from workers_ai import Client

pytestmark = pytest.mark.engine

HELLO = ChatRequest(messages=[Message(role="user", content="Hello")], max_tokens=24, seed=7)


def picture(color: str, name: str = "PNG") -> ImagePart:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, name)
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
        [listed] = read_models(client.models())
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


def test_stop_frees_the_engine_immediately(engine: "RunningEngine") -> None:
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
        # The engine finishes a batch of the prompt before it checks for a stop.
        free = engine.seconds_until_free()

    assert reply.snapshot().finish == "stopped"
    assert reply.snapshot().text == ""
    assert free < 5


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
    trace = CallTrace()
    message = Message(role="user", content=[picture("green", "WEBP"), TextPart(text="?")])
    with engine.client() as client:
        answer = client.run(HELLO.replace(messages=[message]), trace=trace)

    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 256
    changed = {change.path for change in read_changes(trace.response_headers)}
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
            text = text_of(list(client.stream(asked))) if stream else client.run(asked).text
            assert list(check_answer(json.loads(text), schema)) == []


def test_a_raw_prompt_is_not_a_chat_and_accepts_a_schema(engine: "RunningEngine") -> None:
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


def test_parallel_requests_are_answered_one_after_the_other(engine: "RunningEngine") -> None:
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


def first_reported(client: "Client", request: ChatRequest) -> ReportedToken:
    """Return the report for the first token, from an answer that begins with a whole character."""
    for seed in range(1, 60):
        reported = reported_tokens(client.run(request.replace(seed=seed, **LOGPROBS_REQUEST)))
        # The engine holds back parts of a character, and then reports only the last one.
        if reported and len(reported[0].text) == 1:
            return reported[0]
    pytest.fail("every answer began with part of a character")


def test_the_most_likely_tokens_are_reported_at_each_position(engine: "RunningEngine") -> None:
    request = HELLO.replace(temperature=1.5)
    with engine.client() as client:
        plain, answer = client.run(request), client.run(request.replace(**LOGPROBS_REQUEST))
        streamed = list(client.stream(request.replace(**LOGPROBS_REQUEST)))
    reported = reported_tokens(answer)

    assert text_of(streamed) == plain.text == answer.text
    assert reported_tokens(plain) == ()
    assert reported
    for moment in reported:
        assert len(moment.reported.texts) in {19, 20}
        assert sum(moment.reported.probabilities) + moment.reported.rest == pytest.approx(1)
        if moment.chosen is not None:
            assert moment.reported.probabilities[moment.chosen] == moment.probability


def test_what_is_reported_is_the_models_own_whatever_the_parameters(
    engine: "RunningEngine",
) -> None:
    with engine.client() as client:
        plain = first_reported(client, HELLO.replace(temperature=1.0)).reported
        shaped = first_reported(
            client, HELLO.replace(temperature=4.0, top_k=4, repetition_penalty=2.0)
        ).reported

    # Nineteen or twenty: the last one is left out if it was drawn.
    assert shaped.texts[:19] == plain.texts[:19]
    assert shaped.probabilities[:19] == pytest.approx(plain.probabilities[:19], rel=1e-3)


def test_of_what_is_reported_a_small_top_k_draws_what_the_shares_say(
    engine: "RunningEngine",
) -> None:
    settings: dict[str, Any] = {"temperature": 5.0, "top_k": 3}
    with engine.client() as client:
        moment = first_reported(client, HELLO)
        answers = [
            client.run(HELLO.replace(max_tokens=1, seed=seed, **settings)).text
            for seed in range(1, 60)
        ]
    shares = moment.reported.shares(Parameters(**settings))
    whole = {share.text for share in shares.tokens if share.kept and len(share.text) == 1}

    assert shares.exact
    assert whole
    assert {text for text in answers if text.isascii() and text} == whole


def test_they_are_reported_without_a_chat_too(engine: "RunningEngine") -> None:
    raw = PromptRequest(prompt="Hello", raw=True, max_tokens=12, seed=3).replace(**LOGPROBS_REQUEST)
    with engine.client() as client:
        reported = reported_tokens(client.run(raw))

    assert reported
    assert all(len(moment.reported.texts) in {19, 20} for moment in reported)
