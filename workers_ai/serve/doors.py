"""Who may come in: programs on this machine or with the token, and no page of another site."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import httpx

from . import refusals

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]/@]+)(:\d{1,5})?")
_BEARER = re.compile(r"(?i:bearer) +(?P<token>[!-~]+) *")
_ELSEWHERE = frozenset({"cross-site", "same-site"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host")


@dataclass(frozen=True, slots=True)
class Door:
    """Checks where a request comes from, what it was addressed to, and whom it names."""

    token: str | None = field(repr=False)
    """The one bearer token that is taken; None takes any, from this machine alone."""

    hosts: frozenset[str] | None
    """Names that the endpoint may be addressed by besides those of loopback; None is any."""

    def refusal(self, headers: Mapping[str, str], peer: str | None) -> httpx.Response | None:
        """Return why a request may not come in from where it is, or None if it may."""
        if not self._knows_host(headers.get("host", "")):
            return refusals.not_from_here("this endpoint is not served under that host name.")
        if _is_foreign(headers):
            return refusals.not_from_here("pages of other sites may not use this endpoint.")
        if self.token is None and not _is_near(headers, peer):
            return refusals.not_from_here("without a token this endpoint serves its machine only.")
        return None

    def token_refusal(
        self, headers: Mapping[str, str], wrong: httpx.Response
    ) -> httpx.Response | None:
        """Return why the token of a request is not taken, `wrong` for another one than ours."""
        match = _BEARER.fullmatch(headers.get("authorization", ""))
        if match is None:
            return refusals.no_authorization()
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
    """Whether a host name or an address means this machine alone, whatever a resolver says."""
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
    """Whether a browser says that the page that asks is of another origin."""
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
    """Whether a request comes from this machine, and not through a proxy on it."""
    passed_on = any(name in headers for name in _FORWARDED)
    return not passed_on and (peer is None or is_loopback(peer))
