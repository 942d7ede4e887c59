"""From a conversation to the next request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from workers_ai import ChatRequest, Message, Parameters, PromptRequest, TextPart

from .turns import Turn

Form = Literal["messages", "prompt"]
"""Which of the two documented forms a request takes."""

GO_ON = "Continue exactly where you stopped. Do not repeat anything."


@dataclass(frozen=True)
class Settings:
    """What shapes a request besides the conversation."""

    parameters: Parameters = field(default_factory=lambda: Parameters(stream=True))
    system: str = ""
    form: Form = "messages"
    lora: str = ""


def next_request(
    earlier: Iterable[Turn],
    turn: Turn,
    *,
    settings: Settings,
    begun: str = "",
    prefills: bool = False,
) -> ChatRequest | PromptRequest:
    """Return the request that asks for an answer to a turn, after the earlier ones.

    In the `prompt` form only the message itself travels. Turns that got no answer are left out:
    roles have to alternate (wire.md 4.4). With `begun` the answer is asked to go on from there:
    by a message that says so, or, where the backend `prefills`, by ending on the begun answer.
    """
    sampling = settings.parameters.body() | ({"lora": settings.lora} if settings.lora else {})
    if settings.form == "prompt":
        return PromptRequest(prompt=turn.text + begun, **sampling)
    messages = [message for known in earlier for message in known.messages()]
    messages.append(turn.question())
    if settings.system.strip():
        messages.insert(0, _message("system", settings.system))
    if begun:
        messages.append(_message("assistant", begun))
        messages += [] if prefills else [_message("user", GO_ON)]
    return ChatRequest(messages=messages, **sampling)


def _message(role: str, text: str) -> Message:
    return Message(role=role, content=[TextPart(text=text)])
