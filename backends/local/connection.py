"""Access to an engine's own API, and the addresses that people enter for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import httpx

from workers_ai import ToolSupport
from workers_ai.address_policy import AddressRule
from workers_ai.backend import BackendKind
from workers_ai.transport import DirectTransport


@dataclass(frozen=True, slots=True)
class DirectBackend:
    """An engine's own API as a backend, for calls that have no documented request."""

    base_url: str
    rule: AddressRule
    headers: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    label: str = "Engine"
    model: str = ""

    backend_kind: ClassVar[BackendKind] = "local"

    @property
    def account_url(self) -> str:
        """The base of its paths."""
        return self.base_url

    @property
    def tool_support(self) -> ToolSupport:
        """No tools: documented requests are not sent this way."""
        return ToolSupport(takes_tools=False, result_role="user", streams=False)

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport with connections of its own."""
        return DirectTransport(self.rule)


def key_headers(api_key: str | None) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {api_key}"} if api_key else {}


def root_of(base_url: str) -> str:
    """Return an engine's address without the `/v1` that is often copied with it."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")


def openai_url(base_url: str) -> str:
    """Return the address of the OpenAI API: under `/v1`, unless the URL has a version."""
    url = base_url.rstrip("/")
    segments = url.partition("://")[2].split("/")[1:]
    versioned = any(segment[:1] == "v" and segment[1:2].isdigit() for segment in segments)
    return url if versioned else f"{url}/v1"
