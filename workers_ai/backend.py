"""Where a request goes: the service, its address and the model id.

A backend defines *where*; its transport answers a Workers AI request with Workers AI bytes. A new
kind of engine is a new backend with its own transport.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

import httpx

from .address_policy import AddressRule
from .errors import Fault, InvalidRequestError
from .model_cards import model_card
from .tool_calls import ResultRole
from .transport import DirectTransport, SocketTransport

GEMMA = model_card.model
"""The documented model, retired on Workers AI since 2026-05-30 (wire.md 0)."""

CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"

BackendKind = Literal["builtin", "cloudflare", "local", "other"]


class ToolSupport(NamedTuple):
    """How a backend and its model support tools."""

    takes_tools: bool
    """Whether `tools` in a request have an effect; if not, they are described in the prompt."""

    result_role: ResultRole
    """The role of the messages with tool results."""

    streams: bool
    """Whether an answer to a request with `tools` or `guided_json` can be streamed without loss."""


class Backend(Protocol):
    """What a `Client` needs to know about the service that answers."""

    @property
    def backend_kind(self) -> BackendKind:
        """Which kind of backend it is; answers are kept with it."""

    @property
    def label(self) -> str:
        """The name on screen."""

    @property
    def model(self) -> str:
        """The model id for the URL, and the label of answers."""

    @property
    def base_url(self) -> str:
        """The configured address; no other host is ever contacted."""

    @property
    def account_url(self) -> str:
        """The base address of `/ai/run/{model}` and `/ai/models/search`."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of each request, secrets included."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Strings that must never appear outside `headers`."""

    @property
    def tool_support(self) -> ToolSupport:
        """How tools are offered by default."""

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport."""


@dataclass(frozen=True, slots=True)
class Cloudflare:
    """Workers AI's REST API, or a compatible server at `base_url`.

    Raises `InvalidRequestError` for values that are not valid in a URL or a header.
    """

    account_id: str
    api_token: str = field(repr=False)
    model: str = GEMMA
    base_url: str = CLOUDFLARE_API
    gateway_id: str | None = None
    """The AI Gateway to use, sent as a header (wire.md 7.2)."""

    rule: AddressRule | None = None
    """The allowed addresses, checked for each connection, which then bypasses any proxy; None
    allows all."""

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
        """The base address of this account's resources."""
        return f"{self.base_url.rstrip('/')}/accounts/{quote(self.account_id, safe='')}"

    @property
    def headers(self) -> Mapping[str, str]:
        """The token, for this host only, and the gateway."""
        gateway = {"cf-aig-gateway-id": self.gateway_id} if self.gateway_id else {}
        return {"Authorization": f"Bearer {self.api_token}", **gateway}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The API token."""
        return (self.api_token,)

    @property
    def tool_support(self) -> ToolSupport:
        """As documented, except turns that Gemma 3's template rejects, and streams.

        Streams with tools have been observed to lose their text (wire.md 2 D, 5.3).
        """
        return ToolSupport(
            takes_tools=True,
            result_role="user" if "gemma-3" in self.model.lower() else "tool",
            streams=False,
        )

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport with its own connections."""
        return SocketTransport(self.base_url) if self.rule is None else DirectTransport(self.rule)


def word_faults(path: str, value: str) -> list[Fault]:
    """Return the fault of a value that is not valid in a header, if any."""
    if value and re.fullmatch(r"[!-~]+", value):
        return []
    return [Fault(path, "expected visible ASCII characters without spaces.")]


def _path_faults(path: str, value: str) -> list[Fault]:
    # A segment of dots would send the token to a different resource of the account.
    if re.fullmatch(r"(/?(?!\.+(/|$))[\w@.:+-]+)+", value, re.ASCII) and value[0] != "/":
        return []
    return [Fault(path, "expected letters, digits and @ . : + - _, in segments separated by /.")]


def url_faults(url: str) -> list[Fault]:
    """Return the fault of an unusable base URL, if any."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return [Fault("base_url", "not a URL.")]
    good = parts.scheme in {"http", "https"} and parts.hostname and port != 0
    if not good or re.search(r"[\s\x00-\x1f]", url):
        return [Fault("base_url", "expected a URL such as https://host/path.")]
    if parts.username or parts.password or parts.query or parts.fragment:
        return [Fault("base_url", "user name, password, query and fragment are not accepted.")]
    return []
