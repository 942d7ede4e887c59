"""A request to the endpoint, read from ASGI."""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from .stream_bridge import ClientLeftError


class TooLargeError(Exception):
    """A body exceeds the limit."""


@dataclass(slots=True)
class EndpointRequest:
    """One request."""

    method: str
    path: str
    places: dict[str, str]
    """The path parameters: `account_id`, `model`."""

    params: dict[str, str]
    headers: dict[str, str]
    """The headers, with lowercase names."""

    peer: str | None
    """The address of the caller."""

    body: bytes = b""

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Read everything except the body."""
        query = scope.get("query_string", b"").decode("latin-1")
        client = scope.get("client")
        return cls(
            scope["method"],
            scope["path"],
            scope.get("path_params", {}),
            dict(parse_qsl(query, keep_blank_values=True)),
            {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            client[0] if client else None,
        )

    async def read_body(self, receive: Receive, limit: int, seconds: float) -> None:
        """Read the body.

        Raises `TooLargeError` beyond `limit` bytes, `TimeoutError` after `seconds`, and
        `ClientLeftError` if it ends too early.
        """
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise TooLargeError
        pieces, size = [], 0
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeftError
                pieces.append(message.get("body", b""))
                size += len(pieces[-1])
                if size > limit:
                    raise TooLargeError
                if not message.get("more_body", False):
                    break
        self.body = b"".join(pieces)
