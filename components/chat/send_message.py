"""Sending messages and starting replies. Called from callbacks; draws nothing."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from backends import BuiltIn
from conversations import (
    Answer,
    Picture,
    Question,
    Settings,
    StoreError,
    ToolOffer,
    ToolResults,
    Turn,
    UserTurn,
    fill_variables,
    next_request,
    variables_in,
)
from workers_ai import Backend, Fault, InvalidRequestError, Message, Request, model_card

from ..current_backend import current_backend, explain_missing
from ..session import Session
from ..shell.save_status import STILL_WRITING, try_change

PROMPT_EMPTY = "it is empty"
QUESTION_DELETED = "The question was deleted. Restore it, or ask again."


def ask(session: Session, text: str, pictures: Sequence[Picture] = ()) -> bool:
    """Send a new message. Return False, with a notice, if that is not possible now."""
    if not text.strip() and not pictures:
        session.notice("There is nothing to send yet.")
        return False
    if session.settings.form == "prompt" and pictures:
        session.notice("The `prompt` form cannot carry pictures. Choose the `messages` form.")
        return False
    filled = _filled_in(session, text)
    if filled is None:
        return False
    conversation = session.conversation
    question = Question(filled, tuple(pictures), conversation.leaf)
    return _begin(session, question, conversation.turns)


def ask_verbatim(session: Session, text: str, settings: Settings) -> bool:
    """Send a message verbatim, without filling in variables."""
    conversation = session.conversation
    question = Question(text, (), conversation.leaf)
    return _begin(session, question, conversation.turns, settings=settings)


def send_results(session: Session, results: ToolResults) -> bool:
    """Send the results of calls: after the answer, or as a variant of those sent before."""
    turns = session.conversation.turns
    last = next((at for at, turn in enumerate(turns) if _is_answer(turn, results.parent)), -1)
    return last >= 0 and _begin(session, results, turns[: last + 1])


def preview_results(session: Session, results: ToolResults, backend: Backend) -> Sequence[Message]:
    """Return the messages that sending these results would add to the request."""
    return ToolOffer.of(session.settings, backend.tool_support).to_messages(results)


def ask_edited(session: Session, question: Question, text: str) -> bool:
    """Ask an edited question, with the same pictures, as a new branch."""
    filled = _filled_in(session, text)
    if filled is None:
        return False
    if not filled.strip() and not question.pictures:
        session.notice("There is nothing to send yet.")
        return False
    edited = Question(filled, question.pictures, question.parent)
    return _begin(session, edited, _before(session, question))


def save_edited_answer(session: Session, answer: Answer, text: str) -> bool:
    """Save an edited answer as another variant, and continue from it."""
    edited = Answer.by_hand(text, answer.record.settings, answer.parent)
    return try_change(session, lambda: session.conversations.put(session.conversation, edited))


def regenerate(session: Session, turn: Turn) -> None:
    """Answer a question again, with the current settings and backend."""
    if turn.question is None:
        session.notice(QUESTION_DELETED)
    else:
        _begin(session, turn.question, _before(session, turn.question))


def switch_to_built_in(session: Session, turn: Turn) -> None:
    """Answer a turn with the built-in model, and stay with that model."""
    session.backend_name = "builtin"
    regenerate(session, turn)


def continue_answer(session: Session, turn: Turn) -> None:
    """Continue an answer that was cut off or edited, as another variant."""
    if turn.question is None:
        session.notice(QUESTION_DELETED)
    elif turn.answer:
        earlier = _before(session, turn.question)
        _begin(session, turn.question, earlier, begun=turn.answer.text)


def retry_with_more_tokens(session: Session, turn: Turn) -> None:
    """Ask again with four times the `max_tokens` that cut the answer off."""
    used = turn.answer and turn.answer.record.settings.parameters.max_tokens
    session.change_parameters(max_tokens=4 * int(used or model_card.default_max_tokens))
    regenerate(session, turn)


def preview(
    session: Session, text: str, backend: Backend, results: ToolResults | None = None
) -> Request:
    """Return the request that sending this text, or these results, would make."""
    settings = session.asked_settings
    if results:
        return _request(settings, results, session.conversation.turns, backend, "")
    question = Question(fill_variables(text, session.settings.variables), tuple(session.pending))
    earlier = session.conversation.turns
    return _request(settings, question, earlier, backend, _prefill(settings, backend))


def request_for(
    session: Session, question: Question, earlier: Sequence[Turn], backend: Backend
) -> Request:
    """Return the request that asks a question after earlier turns, with the current settings."""
    return _request(session.asked_settings, question, earlier, backend, "")


def supports_prefill(backend: Backend) -> bool:
    """Return whether a backend continues a prefilled answer."""
    return isinstance(backend, BuiltIn)


def _begin(
    session: Session,
    asked: UserTurn,
    earlier: Sequence[Turn],
    begun: str = "",
    settings: Settings | None = None,
) -> bool:
    conversation = session.conversation
    settings = settings or session.asked_settings
    if not conversation.writable:
        session.notice("This chat belongs to someone else. Continue in a copy.")
        return False
    if conversation.running:
        session.notice(STILL_WRITING)
        return False
    try:
        backend = current_backend(session)
        begun = begun or _prefill(settings, backend)
        request = _request(settings, asked, earlier, backend, begun)
    except InvalidRequestError as error:
        session.notice(explain_missing(session, error))
        return False
    except StoreError as error:
        session.notice(f"{error} Nothing was sent.")
        return False
    conversation.settings = settings
    client = session.client(backend)
    done = try_change(
        session,
        lambda: session.conversations.ask(conversation, asked, request, client, begun=begun),
    )
    if done:
        session.rounds.follow(conversation.leaf, is_new=isinstance(asked, Question))
    return done


def _request(
    settings: Settings, asked: UserTurn, earlier: Sequence[Turn], backend: Backend, begun: str
) -> Request:
    try:
        return next_request(
            earlier,
            asked,
            settings=settings,
            begun=begun,
            prefills=supports_prefill(backend),
            support=backend.tool_support,
        )
    except ValidationError:
        # The parameters were checked when they were set, so only an empty prompt can fail here.
        raise InvalidRequestError([Fault("prompt", PROMPT_EMPTY)]) from None


def _prefill(settings: Settings, backend: Backend) -> str:
    """Return the prefill, or "" where the request cannot carry one."""
    return settings.prefill if settings.form == "prompt" or supports_prefill(backend) else ""


def _filled_in(session: Session, text: str) -> str | None:
    """Fill in the variables. Return None, with a notice, if one has no value yet."""
    known = session.settings.variables
    names = dict.fromkeys([*variables_in(text), *variables_in(session.settings.system)])
    empty = [name for name in names if not known.get(name)]
    if not empty:
        return fill_variables(text, known)
    variables = {**known, **dict.fromkeys(empty, "")}
    session.settings = replace(session.settings, variables=variables)
    listed = ", ".join(f"{{{{{name}}}}}" for name in empty)
    session.notice(f"No value for {listed} yet. Enter it in the sidebar, under Variables.")
    return None


def _before(session: Session, asked: UserTurn) -> Sequence[Turn]:
    turns = session.conversation.turns
    return turns[: next(i for i, turn in enumerate(turns) if turn.question is asked)]


def _is_answer(turn: Turn, node_id: str | None) -> bool:
    return turn.answer is not None and turn.answer.id == node_id
