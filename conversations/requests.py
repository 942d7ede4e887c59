"""From a conversation to the next request."""

from collections.abc import Iterable, Sequence

from workers_ai import (
    ChatRequest,
    Message,
    Part,
    PromptRequest,
    TextPart,
    estimate_message_tokens,
)

from .nodes import Question, Turn
from .settings import Settings, filled_in

GO_ON = "Continue exactly where you stopped. Do not repeat anything."


def next_request(
    earlier: Iterable[Turn],
    question: Question,
    *,
    settings: Settings,
    begun: str = "",
    prefills: bool = False,
) -> ChatRequest | PromptRequest:
    """Return the request that asks for an answer to a question, after the earlier turns.

    In the `prompt` form only the question itself travels. Questions that got no answer are left
    out, and what one side said in a row becomes one message: roles have to alternate, and a person
    begins (wire.md 4.4). With `begun` the answer is asked to go on from there: by a message that
    says so, or, where the backend `prefills`, by ending on the begun answer. The settings' own
    `prefill` is told to those backends alone.
    """
    sampling = settings.parameters.body() | ({"lora": settings.lora} if settings.lora else {})
    if settings.form == "prompt":
        return PromptRequest(prompt=question.text + (begun or settings.prefill), **sampling)
    messages = alternating([*told(earlier), question.message()])
    system = filled_in(settings.system, settings.variables)
    if system.strip():
        messages.insert(0, _message("system", system))
    if begun:
        messages.append(_message("assistant", begun))
        messages += [] if prefills else [_message("user", GO_ON)]
    elif settings.prefill and prefills:
        messages.append(_message("assistant", settings.prefill))
    return ChatRequest(messages=messages, **sampling)


def told(turns: Iterable[Turn]) -> list[Message]:
    """Return the messages of these turns; a question is left out if its answer says nothing."""
    messages: list[Message] = []
    for turn in turns:
        answered = turn.answer is not None and bool(turn.answer.text)
        if turn.question and (answered or turn.answer_deleted):
            messages.append(turn.question.message())
        if turn.answer and answered:
            messages.append(turn.answer.message())
    return messages


def estimated_tokens(turns: Iterable[Turn], settings: Settings) -> int:
    """Estimate how many tokens the turns take in the next request, pictures included.

    No picture is read for that, and roles are not joined: it is cheap, and a little too much.
    """
    if settings.form == "prompt":
        return 0
    system = filled_in(settings.system, settings.variables)
    tokens = estimate_message_tokens(system) if system.strip() else 0
    for turn in turns:
        if turn.question:
            tokens += estimate_message_tokens(turn.question.text, len(turn.question.pictures))
        if turn.answer:
            tokens += estimate_message_tokens(turn.answer.text)
    return tokens


def alternating(messages: Sequence[Message]) -> list[Message]:
    """Join what one side said in a row; what stands before the first question is left out."""
    first = next((at for at, each in enumerate(messages) if each.role == "user"), len(messages))
    joined: list[Message] = []
    for message in messages[first:]:
        if joined and joined[-1].role == message.role:
            parts: list[Part] = [*joined[-1].parts, *message.parts]
            joined[-1] = Message(role=message.role, content=parts)
        else:
            joined.append(message)
    return joined


def _message(role: str, text: str) -> Message:
    return Message(role=role, content=[TextPart(text=text)])
