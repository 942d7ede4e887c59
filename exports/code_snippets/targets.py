"""The address of a request, and the body that is sent there."""

import json
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from backends import (
    ENGINES,
    LocalEngine,
    openai_request,
    openai_url,
    translated_request,
    wrapped_tool,
)
from workers_ai import Backend, ChatRequest, Cloudflare, Fault, InvalidRequestError, PromptRequest
from workers_ai.backend import GEMMA

Request = ChatRequest | PromptRequest

LOCAL_ENDPOINT = "http://127.0.0.1:8788/client/v4"
"""Where `python -m backends.endpoint` serves the documented API."""

LOCAL_ACCOUNT = "0" * 32
"""An account id that every such endpoint accepts."""

ACCOUNT_VARIABLE = "CLOUDFLARE_ACCOUNT_ID"
_TOKEN_VARIABLE = "CLOUDFLARE_API_TOKEN"  # noqa: S105 - the name of the variable
_KEY_VARIABLE = "CABOCHON_LOCAL_API_KEY"


class AnswerFormat(Enum):
    """The formats of answers."""

    NATIVE = auto()
    """Workers AI's own format (wire.md 1.3, 2A)."""

    NEWER = auto()
    """Workers AI's, for a model that can answer in either format (wire.md 1.3, 2E)."""

    CHAT = auto()
    """OpenAI's chat completion."""

    COMPLETION = auto()
    """OpenAI's prompt completion."""

    OLLAMA_CHAT = auto()
    OLLAMA_PROMPT = auto()


class Address(NamedTuple):
    """A URL, optionally with a placeholder for the user's account id."""

    before: str
    after: str | None = None
    """The part after the account id; None if the URL is complete."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the documented API, wherever it is served."""

    api_url: str
    account_id: str | None
    """None means that the code reads it from the environment."""

    model: str
    gateway_id: str | None = None
    note: str = ""

    def address(self, path: str) -> Address:
        """Return the address of a path under the account."""
        start = f"{self.api_url}/accounts/"
        if self.account_id is None:
            return Address(start, path)
        return Address(f"{start}{self.account_id}{path}")


@dataclass(frozen=True, slots=True)
class Target:
    """One request as sent to one address."""

    address: Address
    """The URL to call; for OpenAI's client, its base URL."""

    model: str
    body: dict[str, Any]
    answers: AnswerFormat
    key_variable: str | None
    """The environment variable with the token or key."""

    gateway_id: str | None = None
    note: str = ""

    @property
    def streams(self) -> bool:
        """Whether a stream is requested."""
        return bool(self.body.get("stream"))

    @property
    def is_documented(self) -> bool:
        """Whether answers are in Workers AI's format."""
        return self.answers in (AnswerFormat.NATIVE, AnswerFormat.NEWER)


def account_of(backend: Backend, *, base_url: str, account_id: str) -> Account:
    """Return the backend's account, or the one passed if the backend has none.

    The code reads the id of a user's own account from the environment. Raises
    `InvalidRequestError` for an unusable address.
    """
    if isinstance(backend, Cloudflare):
        return Account(_url(backend.base_url), None, backend.model, backend.gateway_id)
    checked = Cloudflare(account_id, "unused", GEMMA, base_url)
    return Account(_url(checked.base_url), quote(account_id, safe=""), GEMMA, note=_SERVED)


def run_target(account: Account, request: Request) -> Target:
    """Return the request for the documented API (wire.md 1.1)."""
    return Target(
        account.address(f"/ai/run/{account.model}"),
        account.model,
        _sent(request),
        AnswerFormat.NATIVE if "gemma-3-" in account.model.lower() else AnswerFormat.NEWER,
        _TOKEN_VARIABLE,
        account.gateway_id,
        account.note,
    )


def chat_target(account: Account, request: ChatRequest) -> Target:
    """Return the request for the API's OpenAI-compatible endpoint (wire.md 7)."""
    body = _sent(request)
    body["messages"] = [_listed(message) for message in body["messages"]]
    if tools := body.get("tools"):
        body["tools"] = [wrapped_tool(tool) for tool in tools]
    return Target(
        account.address("/ai/v1"),
        account.model,
        {"model": account.model, **{k: v for k, v in body.items() if k != "model"}},
        AnswerFormat.CHAT,
        _TOKEN_VARIABLE,
        account.gateway_id,
        account.note,
    )


def engine_target(backend: LocalEngine, request: Request) -> Target:
    """Return the request as the app sends it to a local engine.

    Raises `InvalidImageError` for a picture that cannot be sent.
    """
    asked = translated_request(backend.served, _sent(request))
    ollama = backend.kind == "ollama"
    root = backend.account_url if ollama else openai_url(backend.account_url)
    return Target(
        Address(_url(f"{root}{asked.path}")),
        backend.model,
        asked.body,
        _OLLAMA_ANSWERS[asked.path] if ollama else _OPENAI_ANSWERS[asked.path],
        _KEY_VARIABLE if backend.api_key else None,
    )


def engine_chat_target(backend: LocalEngine, request: Request) -> Target:
    """Return the request to the engine for OpenAI's client; raises like `engine_target`."""
    served = backend.served
    if backend.kind == "ollama":
        served = replace(served, engine=ENGINES["openai"])
    asked = openai_request(served, _sent(request))
    return Target(
        Address(_url(openai_url(backend.account_url))),
        backend.model,
        asked.body,
        _OPENAI_ANSWERS[asked.path],
        _KEY_VARIABLE if backend.api_key else None,
        note=_OLLAMA_NOTE if backend.kind == "ollama" else "",
    )


_OPENAI_ANSWERS = {"/chat/completions": AnswerFormat.CHAT, "/completions": AnswerFormat.COMPLETION}
_OLLAMA_ANSWERS = {
    "/api/chat": AnswerFormat.OLLAMA_CHAT,
    "/api/generate": AnswerFormat.OLLAMA_PROMPT,
}

_SERVED = (
    "Start the endpoint first: python -m backends.endpoint. It accepts any token, so "
    f"{_TOKEN_VARIABLE} can be any word."
)
_OLLAMA_NOTE = "top_k and repetition_penalty have no effect here, only in Ollama's own API."


def _sent(request: Request) -> dict[str, Any]:
    """Return the body as it arrives, without lone surrogates."""
    body: dict[str, Any] = json.loads(request.json_bytes())
    return body


def _listed(message: dict[str, Any]) -> dict[str, Any]:
    """Return the message with a single part wrapped in a list, as OpenAI requires."""
    content = message.get("content")
    return {**message, "content": [content]} if isinstance(content, dict) else message


def _url(url: str) -> str:
    """Return a URL as sent over the wire, the same from every program."""
    try:
        written = str(httpx.URL(url.rstrip("/")))
    except httpx.InvalidURL as error:
        raise InvalidRequestError([Fault("base_url", "not a URL.")]) from error
    # JavaScript reads a backslash as a slash; an interactive shell expands "!".
    return written.replace("\\", "%5C").replace("!", "%21").rstrip("/")
