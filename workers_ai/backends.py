"""Where a request goes: who answers, under which model id, at which address.

A backend says *where*; its transport turns a Workers AI request into Workers AI bytes. A new kind
of engine is a new backend with a transport of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

import httpx

from .addresses import AddressRule
from .checked_sockets import DirectTransport
from .errors import Fault, InvalidRequestError
from .model_card import model_card
from .sockets import SocketTransport
from .tool_turns import ResultRole

GEMMA = model_card.model
"""The documented model, retired on Workers AI since 2026-05-30 (wire.md 0)."""

CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"

BackendKind = Literal["builtin", "cloudflare", "local", "other"]


class ToolSupport(NamedTuple):
    """How a backend and its model take tools."""

    takes_tools: bool
    """Whether `tools` in a request do any good; else they are described in the prompt."""

    result_role: ResultRole
    """Who brings the results of calls."""

    streams: bool
    """Whether an answer to a request with `tools` or `guided_json` can be streamed without loss."""


class Backend(Protocol):
    """What a `Client` needs to know of the place that answers."""

    @property
    def backend_kind(self) -> BackendKind:
        """Which kind of backend it is; answers are kept with it."""

    @property
    def label(self) -> str:
        """The name on screen."""

    @property
    def model(self) -> str:
        """The model id that goes into the URL, and that answers are labelled with."""

    @property
    def base_url(self) -> str:
        """The configured address; no other host is ever contacted."""

    @property
    def account_url(self) -> str:
        """The address that `/ai/run/{model}` and `/ai/models/search` stand under."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes with each request, secrets included."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Strings that must not be seen anywhere but in `headers`."""

    @property
    def tool_support(self) -> ToolSupport:
        """How tools are offered there, if nobody says otherwise."""

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport."""


@dataclass(frozen=True, slots=True)
class Cloudflare:
    """Workers AI's REST API, or anything that speaks it at `base_url`.

    Raises `InvalidRequestError` for values that cannot stand in a URL or a header.
    """

    account_id: str
    api_token: str = field(repr=False)
    model: str = GEMMA
    base_url: str = CLOUDFLARE_API
    gateway_id: str | None = None
    """An AI Gateway to go through, named by a header (wire.md 7.2)."""

    rule: AddressRule | None = None
    """The addresses that may be used, checked with each connection, which then goes through no
    proxy; None is any."""

    backend_kind: ClassVar[BackendKind] = "cloudflare"
    label: str = field(default="Workers AI", init=False)

    def __post_init__(self) -> None:
        faults = [
            *url_faults(self.base_url),
            *_path_faults("account_id", self.account_id),
            *word_faults("api_token", self.api_token),
            *_path_faults("model", self.model),
            *(word_faults("gateway_id", self.gateway_id) if self.gateway_id else ()),
        ]
        if faults:
            raise InvalidRequestError(faults)

    @property
    def account_url(self) -> str:
        """Where this account's resources stand."""
        return f"{self.base_url.rstrip('/')}/accounts/{quote(self.account_id, safe='')}"

    @property
    def headers(self) -> Mapping[str, str]:
        """The token, for this host alone, and the gateway."""
        gateway = {"cf-aig-gateway-id": self.gateway_id} if self.gateway_id else {}
        return {"Authorization": f"Bearer {self.api_token}", **gateway}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.api_token,)

    @property
    def tool_support(self) -> ToolSupport:
        """As documented, but for turns that Gemma 3's template refuses, and streams.

        Streams with tools were seen to lose their text (wire.md 2 D, 5.3).
        """
        return ToolSupport(
            takes_tools=True,
            result_role="user" if "gemma-3" in self.model.lower() else "tool",
            streams=False,
        )

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport with connections of its own."""
        return SocketTransport(self.base_url) if self.rule is None else DirectTransport(self.rule)


def word_faults(path: str, value: str) -> list[Fault]:
    """Return the fault of a value that cannot stand in a header, if it has one."""
    if value and re.fullmatch(r"[!-~]+", value):
        return []
    return [Fault(path, "expected visible ASCII characters without spaces.")]


def _path_faults(path: str, value: str) -> list[Fault]:
    # A segment of dots would lead the token to another of the account's resources.
    if re.fullmatch(r"(/?(?!\.+(/|$))[\w@.:+-]+)+", value, re.ASCII) and value[0] != "/":
        return []
    return [Fault(path, "expected letters, digits and @ . : + - _, in parts divided by /.")]


def url_faults(url: str) -> list[Fault]:
    """Return the fault of a base URL that cannot be used, if it has one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return [Fault("base_url", "not a URL.")]
    good = parts.scheme in {"http", "https"} and parts.hostname and port != 0
    if not good or re.search(r"[\s\x00-\x1f]", url):
        return [Fault("base_url", "expected a URL such as https://host/path.")]
    if parts.username or parts.password or parts.query or parts.fragment:
        return [Fault("base_url", "no user name, password, query or fragment is accepted here.")]
    return []
