"""What was asked of the endpoint: a request as ASGI hands it over."""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from .handover import ClientLeftError


class TooLargeError(Exception):
    """A body is over the limit."""


@dataclass(slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    places: dict[str, str]
    """What stands in the path: `account_id`, `model`."""

    params: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""

    peer: str | None
    """The address that the request came from."""

    body: bytes = b""

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Read all but the body."""
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

        Raises `TooLargeError` beyond `limit` bytes, `TimeoutError` when it takes longer, and
        `ClientLeftError` when it ends too early.
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
