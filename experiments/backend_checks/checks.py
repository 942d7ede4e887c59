"""The checks themselves: what each one asks, and how it judges the response."""

import io
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from PIL import Image

from schemas import read_guided_answer
from tools import EXAMPLE_TOOLS, describe_tools, recover_calls
from workers_ai import (
    ChatRequest,
    ImagePart,
    Message,
    PromptRequest,
    Response,
    TextPart,
    ToolCall,
    read_image,
)
from workers_ai.gemma_template import gemma_prompt, has_turn_markers

from .counted_calls import CountedCalls

Verdict = Literal["works", "partly", "does not", "not tried"]
Seen = tuple[Verdict, str]

_ROOM = 64
_SHOWN = 60
_SEEDS = (7, 7, 8)
_WORD = "marble"
_RED = (220, 20, 20)
_WEATHER = EXAMPLE_TOOLS["get_weather"]
_SCHEMA = {
    "type": "object",
    "properties": {"color": {"enum": ["red", "blue"]}, "count": {"type": "integer"}},
    "required": ["color", "count"],
    "additionalProperties": False,
}


class Check(NamedTuple):
    """One check."""

    name: str
    title: str
    make: Callable[[CountedCalls], Seen]
    """Makes its calls and returns what was observed. Raises what a call raises."""


def _plain(calls: CountedCalls) -> Seen:
    text = calls.run(_asking("What is a token?")).text
    return ("works", f"It answered {_shown(text)}.") if text.strip() else _NOTHING


def _stream(calls: CountedCalls) -> Seen:
    chunks = calls.stream(_asking("What is a token?"))
    pieces, last = sum(bool(chunk.text) for chunk in chunks), chunks[-1]
    if not pieces:
        return _NOTHING
    if pieces == 1:
        return "does not", "The answer arrived in one piece."
    arrived = f"The answer arrived in {pieces} pieces"
    if last.finish == "ended_early":
        return "partly", f"{arrived}, but nothing marked its end."
    if last.damaged:
        return "partly", f"{arrived}, but some events could not be read."
    if not any(chunk.usage for chunk in chunks):
        return "partly", f"{arrived}; tokens were not counted."
    return "works", f"{arrived}; tokens were counted."


def _image(calls: CountedCalls) -> Seen:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), _RED).save(file, "PNG")
    picture = ImagePart.of(read_image(file.getvalue()).data_uri)
    question = TextPart(text="Which color is this picture? Answer in one word.")
    request = _request(Message(role="user", content=[picture, question]))
    text = calls.run(request).text
    if re.search(r"\bred\b", text, re.IGNORECASE):
        return "works", "It named the color of a red picture."
    return "partly", f"The picture was accepted, but for a red one it answered {_shown(text)}."


def _tools(calls: CountedCalls) -> Seen:
    if not calls.backend.tool_support.takes_tools:
        return _described_tools(calls)
    answer = calls.run(_asking(_WEATHER.question, tools=[_WEATHER.definition]))
    if answer.tool_calls:
        return _judged_call(answer.tool_calls[0])
    if recover_calls(answer.text, [_WEATHER.definition]):
        return "partly", "The call arrived as text."
    return "does not", f"It made no call and answered {_shown(answer.text)}."


def _described_tools(calls: CountedCalls) -> Seen:
    system = Message(role="system", content=describe_tools([_WEATHER.definition]))
    answer = calls.run(_request(system, _user(_WEATHER.question)))
    if recover_calls(answer.text, [_WEATHER.definition]):
        return "partly", "The call arrived as text, with the tool described in the prompt."
    said = _shown(answer.text)
    return (
        "does not",
        f"With the tool described in the prompt, it made no call and answered {said}.",
    )


def _judged_call(call: ToolCall) -> Seen:
    if call.name != _WEATHER.definition.name:
        return "partly", "It called a tool that was not offered."
    if isinstance(call.arguments, str):
        return "partly", f"It called {call.name}, but its arguments are not a JSON object."
    return "works", f"It called {call.name}."


def _schema(calls: CountedCalls) -> Seen:
    answer = calls.run(_asking("Describe one red ball.", guided_json=_SCHEMA))
    found = read_guided_answer(answer.text, _SCHEMA, answer.finish)
    if found.verdict == "valid":
        return "works", "The answer followed the schema."
    if found.verdict == "cut off":
        return "partly", "The answer was cut off before its end."
    return "does not", f"The answer did not follow the schema: {_shown(answer.text)}."


def _seed(calls: CountedCalls) -> Seen:
    # Temperature 2: at 1 a model may be so certain that every seed gives the same answer.
    one, again, other = (
        calls.run(_asking("Why is pizza so good?", temperature=2, seed=seed)).text.strip()
        for seed in _SEEDS
    )
    if not (one or again or other):
        return _NOTHING
    if one != again:
        return "does not", "The same seed gave two different answers."
    if one == other:
        return "partly", "All answers were identical, so the effect of the seed is unknown."
    return "works", "The same seed repeated the answer; another seed changed it."


def _system(calls: CountedCalls) -> Seen:
    order = f"Whatever you are asked, answer with the single word {_WORD}."
    text = calls.run(_request(Message(role="system", content=order), _user("Who are you?"))).text
    if _WORD in text.lower():
        return "works", "The system prompt was followed."
    return "partly", f"The system prompt was accepted, but not followed: {_shown(text)}."


def _raw(calls: CountedCalls) -> Seen:
    prompt = gemma_prompt([_user("Say hello in one word.")])
    answer = calls.run(PromptRequest(prompt=prompt, raw=True, max_tokens=_ROOM, temperature=0))
    if not answer.text.strip():
        return _NOTHING
    return _judged_raw(answer)


def _judged_raw(answer: Response) -> Seen:
    if has_turn_markers(answer.text):
        return "partly", "Gemma turn markers came back as text."
    if answer.finish == "length":
        said = _shown(answer.text)
        return "partly", f"Asked for one word, it did not end within {_ROOM} tokens: {said}."
    return "works", f"A prompt in Gemma's template was answered with {_shown(answer.text)}."


def _request(*messages: Message, **more: Any) -> ChatRequest:
    given: dict[str, Any] = {"max_tokens": _ROOM, "temperature": 0, **more}
    return ChatRequest(messages=messages, **given)


def _asking(question: str, **more: Any) -> ChatRequest:
    return _request(_user(question), **more)


def _user(text: str) -> Message:
    return Message(role="user", content=text)


def _shown(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not line:
        return "nothing"
    return f"“{line}”" if len(line) <= _SHOWN else f"“{line[: _SHOWN - 1]}…”"


_NOTHING: Seen = ("does not", "The answer was empty.")

EIGHT = (
    Check("plain", "Answers", _plain),
    Check("stream", "Streams", _stream),
    Check("image", "Sees pictures", _image),
    Check("tools", "Calls tools", _tools),
    Check("schema", "Follows a schema", _schema),
    Check("seed", "Repeats with a seed", _seed),
    Check("system", "Follows a system prompt", _system),
    Check("raw", "Accepts a raw prompt", _raw),
)
"""The checks, in order. The first one shows whether the backend answers at all."""
