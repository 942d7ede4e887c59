"""The backend in use: who answers the next request, and what is known about it."""

from backends import ENGINES, ParameterNote
from workers_ai import Backend, Cloudflare, InvalidRequestError, model_card
from workers_ai.address_policy import AddressRule

from .session import Session
from .sidebar.engine_choice import choose_first_engine, engine_backend
from .sidebar.engine_discovery import engine_address_rule

_LABELS = {
    "account_id": "an account ID",
    "api_token": "an API token",
    "model": "a model ID",
    "base_url": "a base URL",
    "gateway_id": "a gateway ID without spaces",
}


def current_backend(session: Session, name: str | None = None) -> Backend:
    """Return the chosen backend, or the one with another name.

    Raises `InvalidRequestError` when a required setting is missing.
    """
    name = name or session.backend_name
    if name == "local":
        choose_first_engine(session)
        return engine_backend(session)
    if name != "cloudflare":
        return session.built_in
    connection = session.connection
    return Cloudflare(
        connection.account_id,
        api_token_to_send(session),
        model=connection.model,
        base_url=connection.base_url,
        gateway_id=connection.gateway_id or None,
        rule=_rule(session),
    )


def _rule(session: Session) -> AddressRule | None:
    """Return the rule that keeps a visitor's address out of internal networks, if one is needed."""
    rule = engine_address_rule(session.configured)
    own = session.connection.base_url == session.configured.base_url
    return None if own or rule.allows_any else rule


def parameter_note(session: Session, name: str) -> ParameterNote | None:
    """Return how the chosen engine treats a parameter, if that is not as documented."""
    if session.backend_name != "local":
        return None
    kind = session.engine.found.kind if session.engine.found else "openai"
    note = ENGINES[kind].parameter_notes.get(name)
    return note if note and note.sentence else None


def context_window(session: Session) -> int:
    """Return the context window of the chosen model in tokens, prompt and answer together."""
    if session.backend_name == "local":
        engine = session.engine
        known = engine.num_ctx or next(
            (
                model.context_window
                for model in (engine.found.models if engine.found else ())
                if model.id == engine.model
            ),
            None,
        )
        return known or model_card.context_window
    return model_card.context_window


def api_token_to_send(session: Session) -> str:
    """Return the token to send: the typed one, or the operator's for the operator's own address.

    The operator's token never goes to an address or an account that a visitor has entered.
    """
    connection, configured = session.connection, session.configured
    if connection.api_token:
        return connection.api_token
    theirs = (configured.base_url, configured.account_id)
    return configured.api_token if (connection.base_url, connection.account_id) == theirs else ""


def explain_missing(session: Session, error: InvalidRequestError, name: str | None = None) -> str:
    """Return what the backend still needs, or why the request cannot be sent."""
    if (name or session.backend_name) == "local":
        return _missing_engine(session, error)
    connection = session.connection
    needed = [_LABELS[fault.path] for fault in error.faults if fault.path in _LABELS]
    typed = "https" if connection.base_url.startswith("https") else "http"
    detail = next((fault.message for fault in error.faults if fault.path == "base_url"), "")
    if not needed and not detail:
        return f"Nothing was sent. {error}"
    note = f" Base URL ({typed}): {detail}" if detail else ""
    them = "it" if len(needed) == 1 else "them"
    return f"Workers AI needs {' and '.join(needed)}.{note} Enter {them} under Backend."


def _missing_engine(session: Session, error: InvalidRequestError) -> str:
    paths = {fault.path for fault in error.faults}
    if not session.engine.base_url:
        return "No local engine was found. Start one, or enter its address under Backend."
    if paths == {"model"}:
        return "The engine has no model yet. Choose or download one under Backend."
    return f"Nothing was sent. {error}"
