"""The next request of a conversation."""

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
)
from workers_ai.requests import estimate_message_tokens

from .schema_text import guided_json
from .settings import Settings, fill_variables
from .tool_prompting import EVERYTHING, ToolOffer
from .tree_nodes import Answer, Question, ToolResults, Turn, UserTurn

CONTINUE_PROMPT = "Continue exactly where you stopped. Do not repeat anything."

NO_RESULTS_IN_A_PROMPT = "the `prompt` form cannot carry tool results; choose the `messages` form"


def next_request(
    earlier: Iterable[Turn],
    asked: UserTurn,
    *,
    settings: Settings,
    begun: str = "",
    prefills: bool = False,
    support: ToolSupport = EVERYTHING,
) -> ChatRequest | PromptRequest:
    """Return the request for an answer to a question or to results, after earlier turns.

    The `prompt` form sends only the question itself. Questions without an answer are omitted, and
    consecutive messages from one side are joined: roles must alternate, beginning with `user`
    (wire.md 4.4). With `begun`, the answer is to continue from that text: a message asks for it,
    or, if the backend `prefills`, the request ends with the unfinished answer. Only such backends
    get the settings' own `prefill`. Tools are offered and results sent as the settings require,
    or else as the backend supports. Raises `InvalidRequestError` if a tool to be offered, or the
    schema to be sent, is not valid.
    """
    sampling = settings.parameters.body() | ({"lora": settings.lora} if settings.lora else {})
    guided: dict[str, Any] = {"guided_json": guided_json(settings)} if settings.guided else {}
    if not settings.thinking:
        sampling |= {"chat_template_kwargs": {"enable_thinking": False}}
    if settings.form == "prompt":
        if isinstance(asked, ToolResults):
            raise InvalidRequestError([Fault("", NO_RESULTS_IN_A_PROMPT)])
        prompt = asked.text + (begun or settings.prefill)
        return PromptRequest(prompt=prompt, **guided, **sampling)
    offer = ToolOffer.of(settings, support)
    messages = alternating([*to_messages(earlier, offer, before=asked), *offer.to_messages(asked)])
    if system := offer.system:
        messages.insert(0, _message("system", system))
    if begun:
        messages.append(_message("assistant", begun))
        messages += [] if prefills else [_message("user", CONTINUE_PROMPT)]
    elif settings.prefill and prefills:
        messages.append(_message("assistant", settings.prefill))
    if (guided or "tools" in offer.keys) and not support.streams:
        sampling.pop("stream", None)
    return ChatRequest(messages=messages, **offer.keys, **guided, **sampling)


def to_messages(
    turns: Iterable[Turn], offer: ToolOffer | None = None, *, before: UserTurn | None = None
) -> list[Message]:
    """Return the messages of these turns; a question whose answer is empty is omitted.

    Calls are sent together with their results, which may be those in `before`, not yet answered.
    """
    offer = offer or ToolOffer()
    counted = [turn for turn in turns if turn.answer_deleted or _says_something(turn.answer)]
    asked = [turn.question for turn in counted] + [before]
    answered = {each.parent for each in asked if isinstance(each, ToolResults)}
    messages: list[Message] = []
    for turn in counted:
        messages += offer.to_messages(turn.question) if turn.question else ()
        if turn.answer and turn.answer.id not in answered:
            messages.append(turn.answer.message())
    return messages


def _says_something(answer: Answer | None) -> bool:
    return answer is not None and bool(answer.text or answer.calls)


def estimated_tokens(turns: Iterable[Turn], settings: Settings) -> int:
    """Return an estimate of the tokens these turns take in the next request, with pictures.

    It reads no pictures and does not join roles, so it is cheap and slightly too high.
    """
    if settings.form == "prompt":
        return 0
    system = fill_variables(settings.system, settings.variables)
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
    """Join consecutive messages from one side; omit what comes before the first question."""
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
    """Return whether two messages can be joined. Calls and results are never joined."""
    alone = one.model_extra or other.model_extra or one.role == "tool"
    return one.role == other.role and not alone


def _message(role: str, text: str) -> Message:
    return Message(role=role, content=[TextPart(text=text)])
