"""The allowlist of engine addresses, set by the operator.

A setting is a list of `any`, `loopback`, host names, addresses and networks. A port after a colon
restricts an entry to that port: `loopback, 10.1.0.0/16, gpu.example.org:8000, [fd00::7]:8080`.
Names are resolved, and every address they resolve to is checked. Reserved addresses (link-local,
metadata services, multicast) are allowed only if they are listed as addresses or networks.
"""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from .errors import Fault, InvalidRequestError

_Address = IPv4Address | IPv6Address
_NAT64 = ip_network("64:ff9b::/96")
_METADATA = frozenset(
    map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"))
)
_HOST = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>\d{1,5}))?")
_HIGHEST_PORT = 65535


class _Entry(NamedTuple):
    what: str | IPv4Network | IPv6Network
    port: int | None = None

    def allows(self, host: str, port: int, address: _Address) -> bool:
        if self.port not in (None, port):
            return False
        if not isinstance(self.what, str):
            return address.version == self.what.version and address in self.what
        if self.what == "loopback":
            return _is_loopback(address)
        return self.what in ("any", host) and not _is_reserved(address)


@dataclass(frozen=True, slots=True)
class AddressRule:
    """An allowlist of addresses."""

    entries: tuple[_Entry, ...]
    setting: str
    """The setting as written."""

    @classmethod
    def of(cls, setting: str) -> Self:
        """Parse a setting; an empty one allows nothing.

        Raises `InvalidRequestError` with a fault for each invalid entry.
        """
        words = [word for word in re.split(r"[\s,;]+", setting.lower()) if word]
        read = [(word, _entry(word)) for word in words]
        faults = [
            Fault("", f"“{word}” is not a host, address or network, nor “any” or “loopback”.")
            for word, entry in read
            if entry is None
        ]
        if faults:
            raise InvalidRequestError(faults)
        return cls(tuple(entry for _, entry in read if entry is not None), setting)

    @property
    def allows_any(self) -> bool:
        """Whether every address is allowed except reserved ones."""
        return any(entry == _Entry("any") for entry in self.entries)

    def addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host and return its addresses.

        Raises `InvalidRequestError` if any of them is not allowed, `OSError` if there are none.
        """
        name = host.lower().strip("[]").rstrip(".")
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        known = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for each in known:
            if not self._allows(name, port, ip_address(each)):
                raise InvalidRequestError([Fault("base_url", self._refusal(name, port, each))])
        return known

    def refusal(self, base_url: str) -> str | None:
        """Return the reason why a URL is not allowed, or None if it is."""
        parts = urlsplit(base_url)
        default = 443 if parts.scheme == "https" else 80
        try:
            self.addresses(parts.hostname or "", parts.port or default)
        except InvalidRequestError as error:
            return error.faults[0].message
        except (OSError, UnicodeError):
            return f"The host {parts.hostname} was not found."
        return None

    def _allows(self, name: str, port: int, address: _Address) -> bool:
        return all(
            any(entry.allows(name, port, each) for entry in self.entries)
            for each in _meant(address)
        )

    def _refusal(self, name: str, port: int, address: str) -> str:
        meant = f"{name}:{port}" if name == address else f"{name}:{port} ({address})"
        listed = f"allowed: {self.setting}" if self.entries else "no address is"
        return f"{meant} is not allowed as an engine here; {listed}."


ANYWHERE = AddressRule((_Entry("any"),), "any")
LOOPBACK = AddressRule((_Entry("loopback"),), "loopback")


def allowed(base_url: str, rule: AddressRule) -> bool:
    """Return whether an engine at this URL is allowed. Each connection is checked again."""
    return rule.refusal(base_url) is None


def _entry(word: str) -> _Entry | None:
    try:
        return _Entry(ip_network(word, strict=False))
    except ValueError:
        match = _HOST.fullmatch(word)
    if match is None or int(match["port"] or 0) > _HIGHEST_PORT:
        return None
    host, port = match["host"].strip("[]"), int(match["port"]) if match["port"] else None
    try:
        return _Entry(ip_network(host), port)
    except ValueError:
        return None if ":" in host else _Entry(host, port)


def _meant(address: _Address) -> Iterator[_Address]:
    """Yield the address, and the IPv4 address embedded in it."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour:
        yield address.sixtofour
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_loopback(address: _Address) -> bool:
    # Connecting to 0.0.0.0 reaches this machine; vLLM and others print it as their address.
    return address.is_loopback or address.is_unspecified


def _is_reserved(address: _Address) -> bool:
    return address.is_link_local or address.is_multicast or address in _METADATA
