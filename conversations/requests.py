"""From a conversation to the next request."""

from collections.abc import Iterable, Sequence
from typing import Any

from workers_ai import (
    ChatRequest,
    Fault,
    InvalidRequestError,
    Message,
    Part,
    PromptRequest,
    TextPart,
    ToolSupport,
    estimate_message_tokens,
)

from .guided import guided_json
from .nodes import Answer, Asked, Question, Results, Turn
from .offers import EVERYTHING, Offer
from .settings import Settings, filled_in

GO_ON = "Continue exactly where you stopped. Do not repeat anything."

NO_RESULTS_IN_A_PROMPT = (
    "the form `prompt` carries no results of tools; choose the form `messages` for them"
)


def next_request(
    earlier: Iterable[Turn],
    asked: Asked,
    *,
    settings: Settings,
    begun: str = "",
    prefills: bool = False,
    support: ToolSupport = EVERYTHING,
) -> ChatRequest | PromptRequest:
    """Return the request that asks for an answer to a question or to results, after earlier turns.

    In the `prompt` form only the question itself travels. Questions that got no answer are left
    out, and what one side said in a row becomes one message: roles have to alternate, and a person
    begins (wire.md 4.4). With `begun` the answer is asked to go on from there: by a message that
    says so, or, where the backend `prefills`, by ending on the begun answer. The settings' own
    `prefill` is told to those backends alone. Tools are offered, and their results told, as the
    settings say, or else in the way that the backend supports. Raises `InvalidRequestError` when a
    tool that is to be offered, or the schema that is to be sent, is not valid.
    """
    sampling = settings.parameters.body() | ({"lora": settings.lora} if settings.lora else {})
    guided: dict[str, Any] = {"guided_json": guided_json(settings)} if settings.guided else {}
    if not settings.thinking:
        sampling |= {"chat_template_kwargs": {"enable_thinking": False}}
    if settings.form == "prompt":
        if isinstance(asked, Results):
            raise InvalidRequestError([Fault("", NO_RESULTS_IN_A_PROMPT)])
        prompt = asked.text + (begun or settings.prefill)
        return PromptRequest(prompt=prompt, **guided, **sampling)
    offer = Offer.of(settings, support)
    messages = alternating([*told(earlier, offer, before=asked), *offer.told(asked)])
    if system := offer.system:
        messages.insert(0, _message("system", system))
    if begun:
        messages.append(_message("assistant", begun))
        messages += [] if prefills else [_message("user", GO_ON)]
    elif settings.prefill and prefills:
        messages.append(_message("assistant", settings.prefill))
    if (guided or "tools" in offer.keys) and not support.streams:
        sampling.pop("stream", None)
    return ChatRequest(messages=messages, **offer.keys, **guided, **sampling)


def told(
    turns: Iterable[Turn], offer: Offer | None = None, *, before: Asked | None = None
) -> list[Message]:
    """Return the messages of these turns; what was asked is left out if its answer says nothing.

    Calls are told together with their results, which may be those that come `before` an answer.
    """
    offer = offer or Offer()
    counted = [turn for turn in turns if turn.answer_deleted or _says_something(turn.answer)]
    asked = [turn.question for turn in counted] + [before]
    answered = {each.parent for each in asked if isinstance(each, Results)}
    messages: list[Message] = []
    for turn in counted:
        messages += offer.told(turn.question) if turn.question else ()
        if turn.answer and turn.answer.id not in answered:
            messages.append(turn.answer.message())
    return messages


def _says_something(answer: Answer | None) -> bool:
    return answer is not None and bool(answer.text or answer.calls)


def estimated_tokens(turns: Iterable[Turn], settings: Settings) -> int:
    """Estimate how many tokens the turns take in the next request, pictures included.

    No picture is read for that, and roles are not joined: it is cheap, and a little too much.
    """
    if settings.form == "prompt":
        return 0
    system = filled_in(settings.system, settings.variables)
    tokens = estimate_message_tokens(system) if system.strip() else 0
    tokens += sum(estimate_message_tokens(each.text) for each in settings.tools if each.offered)
    for turn in turns:
        if asked := turn.question:
            pictures = len(asked.pictures) if isinstance(asked, Question) else 0
            tokens += estimate_message_tokens(asked.text, pictures)
        if turn.answer:
            tokens += estimate_message_tokens(turn.answer.text)
    return tokens


def alternating(messages: Sequence[Message]) -> list[Message]:
    """Join what one side said in a row; what stands before the first question is left out."""
    first = next((at for at, each in enumerate(messages) if each.role == "user"), len(messages))
    joined: list[Message] = []
    for message in messages[first:]:
        if joined and _may_join(joined[-1], message):
            parts: list[Part] = [*joined[-1].parts, *message.parts]
            joined[-1] = Message(role=message.role, content=parts)
        else:
            joined.append(message)
    return joined


def _may_join(one: Message, other: Message) -> bool:
    """Whether two messages are of one side. A call, or the result of one, stands for itself."""
    alone = one.model_extra or other.model_extra or one.role == "tool"
    return one.role == other.role and not alone


def _message(role: str, text: str) -> Message:
    return Message(role=role, content=[TextPart(text=text)])
