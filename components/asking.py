"""Asking: from what a person did to a reply that runs. Called from callbacks, draws nothing."""

from collections.abc import Sequence

from pydantic import ValidationError

from components.backend import current_backend, missing
from components.session import Session
from conversations import Answer, Picture, Turn, next_request
from workers_ai import Backend, BuiltIn, InvalidRequestError, Reply, Request, model_card


def ask(session: Session, text: str, pictures: Sequence[Picture] = ()) -> bool:
    """Send a new message; False, with a notice, when that cannot be done now."""
    if not text.strip() and not pictures:
        session.notice("There is nothing to send yet.")
        return False
    if session.settings.form == "prompt" and pictures:
        session.notice("The prompt form carries no pictures. Choose the form `messages` for them.")
        return False
    turn = Turn(text, tuple(pictures))
    return _begin(session, turn, session.conversation.turns)


def ask_again(session: Session, turn: Turn) -> None:
    """Answer a turn once more, with the settings and the backend that are set now."""
    _begin(session, turn, _before(session, turn))


def ask_built_in(session: Session, turn: Turn) -> None:
    """Answer a turn with the built-in model, and go on with it."""
    session.backend_name = "builtin"
    _begin(session, turn, _before(session, turn))


def go_on(session: Session, turn: Turn) -> None:
    """Continue an answer that was cut off, in its place."""
    _begin(session, turn, _before(session, turn), begun=turn.answer.text)


def ask_with_more_room(session: Session, turn: Turn) -> None:
    """Ask again with four times the `max_tokens` that cut the answer off."""
    used = turn.answer.reply.request.max_tokens or model_card.default_max_tokens
    session.change_parameters(max_tokens=4 * int(used))
    ask_again(session, turn)


def preview(session: Session, text: str, backend: Backend) -> Request:
    """Return the request that sending this text would make."""
    turns = session.conversation.turns
    return _request(session, Turn(text, tuple(session.pending)), turns, backend)


def _begin(session: Session, turn: Turn, earlier: Sequence[Turn], begun: str = "") -> bool:
    if session.conversation.running:
        session.notice("An answer is still being written. Stop it first, or wait for its end.")
        return False
    if turn.answers and turn is not session.conversation.turns[-1]:
        session.notice("Only the last answer can be asked for again.")
        return False
    try:
        backend = current_backend(session)
        request = _request(session, turn, earlier, backend, begun)
    except InvalidRequestError as error:
        session.notice(missing(session.connection, error))
        return False
    reply = Reply(session.client(backend), request)
    if not session.conversation.add(turn, Answer(reply, begun)):
        session.notice("Another tab is asking in this chat. Wait for its answer.")
        return False
    return True


def _request(
    session: Session, turn: Turn, earlier: Sequence[Turn], backend: Backend, begun: str = ""
) -> Request:
    try:
        return next_request(
            earlier,
            turn,
            settings=session.settings,
            begun=begun,
            prefills=isinstance(backend, BuiltIn),
        )
    except ValidationError:
        raise InvalidRequestError([]) from None


def _before(session: Session, turn: Turn) -> list[Turn]:
    turns = session.conversation.turns
    return turns[: next(i for i, known in enumerate(turns) if known is turn)]
