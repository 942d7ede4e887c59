"""The documented endpoint as ASGI routes, over any backend."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Literal

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from workers_ai import Backend, wire_writing

from . import error_responses
from .access_policy import AccessPolicy
from .limits import Limits
from .model_catalog import token_verified
from .request import EndpointRequest
from .service import Service, send_whole

ROOT = "/client/v4"
_ACCOUNT = f"{ROOT}/accounts/{{account_id}}"
_ACCOUNT_ID = re.compile(r"[0-9a-fA-F]{32}")

Kind = Literal["run", "chat", "search", "schema", "verify", "none"]

_PATHS: tuple[tuple[str, str, Kind], ...] = (
    (f"{_ACCOUNT}/ai/run/{{model:path}}", "POST", "run"),
    (f"{_ACCOUNT}/ai/v1/chat/completions", "POST", "chat"),
    # It does not exist in the API either, which refuses it in these words (wire.md 7).
    (f"{_ACCOUNT}/ai/v1/models", "", "none"),
    (f"{_ACCOUNT}/ai/models/search", "GET", "search"),
    (f"{_ACCOUNT}/ai/models/schema", "GET", "schema"),
    (f"{_ACCOUNT}/tokens/verify", "GET", "verify"),
    (f"{ROOT}/user/tokens/verify", "GET", "verify"),
    (f"{ROOT}/{{rest:path}}", "", "none"),
)


def endpoint_app(
    backend: Backend,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    hosts: Iterable[str] | None = (),
) -> Starlette:
    """Return an ASGI application that serves the documented API, answered by a backend.

    `token` is the only accepted bearer token; without one, any is accepted, but only from this
    machine. `hosts` are the host names accepted in addition to those of loopback; None accepts any.
    No page of another origin can use it.
    """
    service = Service(backend, limits or Limits())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.close()

    return Starlette(
        routes=[
            *_routes(service, _policy(token, hosts)),
            Route("/{rest:path}", _Action(service, _policy(token, hosts), "", "none")),
        ],
        lifespan=lifespan,
        exception_handlers={Exception: _failed},
    )


def routes(
    backend: Backend,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    hosts: Iterable[str] | None = (),
) -> list[BaseRoute]:
    """Return only the routes under `/client/v4`, for an application that has others.

    The parameters are those of `endpoint_app`; every route checks its callers itself.
    """
    return _routes(Service(backend, limits or Limits()), _policy(token, hosts))


def _routes(service: Service, policy: AccessPolicy) -> list[BaseRoute]:
    return [Route(path, _Action(service, policy, method, kind)) for path, method, kind in _PATHS]


def _policy(token: str | None, hosts: Iterable[str] | None) -> AccessPolicy:
    return AccessPolicy(token, None if hosts is None else frozenset(host.lower() for host in hosts))


class _Action:
    """One path: an ASGI application that checks the caller and lets the service answer."""

    def __init__(self, service: Service, policy: AccessPolicy, method: str, kind: Kind) -> None:
        self._service = service
        self._policy = policy
        self._method = method
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = EndpointRequest.of(scope)
        answer = self._without_backend(asked)
        if answer is not None:
            await send_whole(answer, send)
            return
        service = self._service
        match self._kind:
            case "run":
                await service.infer(service.run, asked, receive, send)
            case "chat":
                await service.infer(service.chat, asked, receive, send)
            case "search":
                await service.look_up(service.search, asked, receive, send)
            case "schema":
                await service.look_up(service.schema, asked, receive, send)

    def _without_backend(self, asked: EndpointRequest) -> httpx.Response | None:
        """Return the answer that needs no backend, usually a refusal."""
        refused = self._policy.refusal(asked.headers, asked.peer) or self._unroutable(asked)
        if refused is not None:
            return refused
        verifies = self._kind == "verify"
        wrong = error_responses.invalid_token() if verifies else error_responses.wrong_token()
        refused = self._policy.token_refusal(asked.headers, wrong)
        if refused is not None:
            return refused
        if self._kind == "run":
            return self._service.model_refusal(asked.places["model"])
        return token_verified() if verifies else None

    def _unroutable(self, asked: EndpointRequest) -> httpx.Response | None:
        """Return the refusal for an unknown path or an unsupported method, or None."""
        account_id = asked.places.get("account_id")
        known = "rest" not in asked.places and asked.places.get("model") != ""
        if not known or not (account_id is None or _ACCOUNT_ID.fullmatch(account_id)):
            return wire_writing.no_route(asked.path)
        return None if asked.method == self._method else wire_writing.no_method(asked.method)


async def _failed(_: Request, __: Exception) -> Response:
    """Answer in the documented form when this program fails. The server then logs the cause."""
    answer = error_responses.unavailable(500)
    return Response(answer.content, answer.status_code, dict(answer.headers))
