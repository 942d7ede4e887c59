"""Eight small calls that tell what a backend and its model can do."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

from PIL import Image

from workers_ai.client import Client
from workers_ai.described_tools import describe_tools
from workers_ai.errors import (
    APIConnectionError,
    AuthenticationError,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    WorkersAIError,
)
from workers_ai.guided_answers import read_guided_answer
from workers_ai.images import read_image
from workers_ai.messages import ImagePart, Message, TextPart
from workers_ai.recovered_calls import recover_calls
from workers_ai.requests import ChatRequest, PromptRequest
from workers_ai.stop import Stop
from workers_ai.tools import Tool

Verdict = Literal["works", "partly", "does not", "not tried"]

_MEETS_ALL = (APIConnectionError, AuthenticationError, ModelUnavailableError, QuotaError)
_STOPPED = "It was stopped."
_ROOM = 64
_SEEDS = (7, 7, 8)
_WORD = "marble"
_SHOWN = 60
_SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer"}},
    "required": ["colour", "count"],
    "additionalProperties": False,
}
_WEATHER = Tool(
    name="get_weather",
    description="Get the current weather in a city.",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city, such as Paris."}},
        "required": ["city"],
    },
)
_RAW = "<start_of_turn>user\nWhat is a token?<end_of_turn>\n<start_of_turn>model\n"
_MARKS = ("<start_of_turn>", "<end_of_turn>")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check."""

    name: str
    title: str
    verdict: Verdict
    sentence: str
    """What was seen."""

    seconds: float = 0.0


Seen = tuple[Verdict, str]


def check_backend(client: Client, *, stop: Stop | None = None) -> Iterator[CheckResult]:
    """Make about ten small calls, and yield what each check has seen as soon as it is known.

    A check judges by what came back, not by the status alone. Trouble that would meet every call
    alike ends them: the rest is `not tried`. Nothing is raised.
    """
    calls = _Calls(client, stop or Stop())
    reason = ""
    for name, (title, check) in CHECKS.items():
        if reason or calls.stop.is_set():
            yield CheckResult(name, title, "not tried", reason or _STOPPED)
            continue
        began = time.monotonic()
        try:
            verdict, sentence = check(calls)
        except InvalidRequestError as error:
            verdict, sentence = "does not", str(error)
        except WorkersAIError as error:
            verdict, sentence = "does not", error.message
            reason = error.message if isinstance(error, _MEETS_ALL) else ""
        if calls.stop.is_set():
            verdict, sentence = "not tried", _STOPPED
        yield CheckResult(name, title, verdict, sentence, time.monotonic() - began)


class BackendCheck:
    """The checks in a thread of their own; what they have seen may be read from any other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stop = Stop()
        self._results: list[CheckResult] = []
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)

    def start(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the call that is under way, and make no more."""
        self._stop.set()

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """What is known so far, in order."""
        return tuple(self._results)

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when the time is up."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        for result in check_backend(self._client, stop=self._stop):
            self._results.append(result)


class _Calls:
    """What the checks ask of a client."""

    def __init__(self, client: Client, stop: Stop) -> None:
        self.client = client
        self.stop = stop

    def text(self, *messages: Message, **more: Any) -> str:
        """Return the text of a whole answer."""
        return self.client.run(_request(messages, more), stop=self.stop).text.strip()


def _request(messages: tuple[Message, ...], more: dict[str, Any]) -> ChatRequest:
    given: dict[str, Any] = {"max_tokens": _ROOM, "temperature": 0, **more}
    return ChatRequest(messages=list(messages), **given)


def _user(text: str) -> Message:
    return Message(role="user", content=text)


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= _SHOWN else f"“{line[: _SHOWN - 1]}…”"


def _plain(calls: _Calls) -> Seen:
    text = calls.text(_user("What is a token?"))
    return ("works", f"It answered {_shown(text)}.") if text else ("does not", "Nothing came.")


def _stream(calls: _Calls) -> Seen:
    request = _request((_user("What is a token?"),), {"stream": True})
    chunks = list(calls.client.stream(request, stop=calls.stop))
    pieces = sum(bool(chunk.text) for chunk in chunks)
    if pieces <= 1:
        return "does not", "The answer came in one piece."
    counted = any(chunk.usage for chunk in chunks)
    usage = "tokens were counted" if counted else "tokens were not counted"
    return "works" if counted else "partly", f"The answer came in {pieces} pieces; {usage}."


def _image(calls: _Calls) -> Seen:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (220, 20, 20)).save(file, "PNG")
    picture = ImagePart.of(read_image(file.getvalue()).data_uri)
    question = TextPart(text="Which colour is this picture? Answer in one word.")
    text = calls.text(Message(role="user", content=[picture, question]))
    if re.search(r"\bred\b", text, re.IGNORECASE):
        return "works", "The colour of a red picture was named."
    return "partly", f"The picture was taken, but of a red one it said {_shown(text)}."


def _tools(calls: _Calls) -> Seen:
    question = _user("What is the weather in Paris?")
    if not calls.client.backend.tool_support.takes_tools:
        system = Message(role="system", content=describe_tools([_WEATHER]))
        found = recover_calls(calls.text(system, question), [_WEATHER])
        if found:
            return "partly", "The call came as text, with the tool described in the prompt."
        return "does not", "With the tool described in the prompt, no call came."
    request = _request((question,), {"tools": [_WEATHER]})
    answer = calls.client.run(request, stop=calls.stop)
    if answer.tool_calls:
        call = answer.tool_calls[0]
        right = call.name == _WEATHER.name and isinstance(call.arguments, dict)
        return ("works" if right else "partly"), f"It called {call.name}."
    if recover_calls(answer.text, [_WEATHER]):
        return "partly", "The call came as text."
    return "does not", f"No call came, but {_shown(answer.text)}."


def _schema(calls: _Calls) -> Seen:
    request = _request((_user("Describe one red ball."),), {"guided_json": _SCHEMA})
    answer = calls.client.run(request, stop=calls.stop)
    found = read_guided_answer(answer.text, _SCHEMA, answer.finish)
    if found.verdict == "valid":
        return "works", "The answer followed the schema."
    if found.verdict == "cut off":
        return "partly", f"The answer was cut off at {_ROOM} tokens."
    return "does not", f"The answer did not follow the schema: {_shown(answer.text)}."


def _seed(calls: _Calls) -> Seen:
    question = _user("Why is pizza so good?")
    texts = [calls.text(question, temperature=2, seed=seed) for seed in _SEEDS]
    again, other = texts[0] == texts[1], texts[0] != texts[2]
    if again and other:
        return "works", "One seed gave the same answer twice, another one another."
    if again:
        return "partly", "All answers were the same, so nothing can be told of the seed."
    return "does not", "One seed gave two answers."


def _system(calls: _Calls) -> Seen:
    told = f"Whatever you are asked, answer with the single word {_WORD}."
    text = calls.text(Message(role="system", content=told), _user("Who are you?"))
    if _WORD in text.lower():
        return "works", "The system prompt was followed."
    return "partly", f"The system prompt was taken, but not followed: {_shown(text)}."


def _raw(calls: _Calls) -> Seen:
    request = PromptRequest(prompt=_RAW, raw=True, max_tokens=_ROOM, temperature=0)
    text = calls.client.run(request, stop=calls.stop).text.strip()
    if not text:
        return "does not", "Nothing came."
    if any(mark in text for mark in _MARKS):
        return "partly", "Marks of turns came back as text."
    return "works", f"A prompt in Gemma's template was answered {_shown(text)}."


CHECKS: dict[str, tuple[str, Callable[[_Calls], Seen]]] = {
    "plain": ("Answers", _plain),
    "stream": ("Streams", _stream),
    "image": ("Sees pictures", _image),
    "tools": ("Calls tools", _tools),
    "schema": ("Follows a schema", _schema),
    "seed": ("Repeats with a seed", _seed),
    "system": ("Follows a system prompt", _system),
    "raw": ("Takes a raw prompt", _raw),
}
"""The checks by their names, in order: what each is called, and what it does."""
