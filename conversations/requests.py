"""From a conversation to the next request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workers_ai import ChatRequest, ImagePart, Message, Parameters, PromptRequest, TextPart

from .turns import Picture, Turn

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
    text: str,
    pictures: Sequence[Picture] = (),
    *,
    settings: Settings,
    begun: str = "",
    prefills: bool = False,
) -> ChatRequest | PromptRequest:
    """Return the request for a new message after the earlier turns.

    In the `prompt` form only the message itself travels. Turns that got no answer are left out:
    roles have to alternate (wire.md 4.4). With `begun` the answer is asked to go on from there:
    by a message that says so, or, where the backend `prefills`, by ending on the begun answer.
    """
    sampling = settings.parameters.body() | ({"lora": settings.lora} if settings.lora else {})
    if settings.form == "prompt":
        return PromptRequest(prompt=text + begun, **sampling)
    messages = [*_opening(settings.system), *_history(earlier), _said(text, pictures)]
    if begun:
        messages.append(Message(role="assistant", content=_text(begun)))
        messages += [] if prefills else [Message(role="user", content=_text(GO_ON))]
    return ChatRequest(messages=messages, **sampling)


def _opening(system: str) -> list[Message]:
    return [Message(role="system", content=_text(system))] if system.strip() else []


def _history(turns: Iterable[Turn]) -> list[Message]:
    messages: list[Message] = []
    for turn in turns:
        answer = turn.answer.text
        if answer:
            messages.append(_said(turn.text, turn.pictures))
            messages.append(Message(role="assistant", content=_text(answer)))
    return messages


def _said(text: str, pictures: Sequence[Picture]) -> Message:
    images: list[Any] = [ImagePart.of(picture.image.data_uri) for picture in pictures]
    return Message(role="user", content=[*images, *(_text(text) if text else [])])


def _text(text: str) -> list[TextPart]:
    return [TextPart(text=text)]
