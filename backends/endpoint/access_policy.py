"""Access to the endpoint: for programs on this machine or with the token, never for other sites."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import httpx

from . import error_responses

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]/@]+)(:\d{1,5})?")
_BEARER = re.compile(r"(?i:bearer) +(?P<token>[!-~]+) *")
_ELSEWHERE = frozenset({"cross-site", "same-site"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Checks a request's origin, host and token."""

    token: str | None = field(repr=False)
    """The only accepted bearer token; None accepts any, but only from this machine."""

    hosts: frozenset[str] | None
    """Host names accepted in addition to those of loopback; None accepts any."""

    def refusal(self, headers: Mapping[str, str], peer: str | None) -> httpx.Response | None:
        """Return the refusal for a request from a forbidden origin, or None."""
        if not self._knows_host(headers.get("host", "")):
            return error_responses.forbidden("this endpoint is not available under that host name.")
        if _is_foreign(headers):
            return error_responses.forbidden("other sites' pages may not use this endpoint.")
        if self.token is None and not _is_near(headers, peer):
            return error_responses.forbidden(
                "without a token, only its own machine may use this endpoint."
            )
        return None

    def token_refusal(
        self, headers: Mapping[str, str], wrong: httpx.Response
    ) -> httpx.Response | None:
        """Return the refusal for a request's token, `wrong` for a different one, or None."""
        match = _BEARER.fullmatch(headers.get("authorization", ""))
        if match is None:
            return error_responses.no_authorization()
        if self.token is None:
            return None
        same = hmac.compare_digest(match["token"].encode(), self.token.encode())
        return None if same else wrong

    def _knows_host(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].strip("[]").lower()
        return self.hosts is None or name in self.hosts or is_loopback(name)


def is_loopback(name: str) -> bool:
    """Return whether a host name or address means only this machine, without resolving it."""
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _is_foreign(headers: Mapping[str, str]) -> bool:
    """Return whether a browser reports that the calling page has another origin."""
    if headers.get("sec-fetch-site") in _ELSEWHERE:
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return True
    own = parts.scheme in {"http", "https"} and parts.netloc.lower() == headers["host"].lower()
    return not own


def _is_near(headers: Mapping[str, str], peer: str | None) -> bool:
    """Return whether a request comes from this machine, and not through a proxy on it."""
    passed_on = any(name in headers for name in _FORWARDED)
    return not passed_on and (peer is None or is_loopback(peer))
