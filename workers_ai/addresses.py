"""Which addresses an engine may have, as whoever runs this decides.

A setting is a list: `any`, `loopback`, host names, addresses and networks, each with a port behind
a colon if only that one is meant: `loopback, 10.1.0.0/16, gpu.example.org:8000, [fd00::7]:8080`.
Names are looked up and every address behind them is checked. Addresses that a machine or its cloud
keeps for itself (link-local, metadata services, multicast) are allowed only where they are listed
as addresses or networks.
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
    """The addresses that may be used."""

    entries: tuple[_Entry, ...]
    setting: str
    """As it was written."""

    @classmethod
    def of(cls, setting: str) -> Self:
        """Read a setting; an empty one allows nothing.

        Raises `InvalidRequestError` with a fault for each entry that cannot be read.
        """
        words = [word for word in re.split(r"[\s,;]+", setting.lower()) if word]
        read = [(word, _entry(word)) for word in words]
        faults = [
            Fault("", f"“{word}” is no host, address or network, and neither any nor loopback.")
            for word, entry in read
            if entry is None
        ]
        if faults:
            raise InvalidRequestError(faults)
        return cls(tuple(entry for _, entry in read if entry is not None), setting)

    @property
    def allows_any(self) -> bool:
        """Whether every address may be used but for reserved ones."""
        return any(entry == _Entry("any") for entry in self.entries)

    def addresses(self, host: str, port: int) -> list[str]:
        """Look a host up and return its addresses, all of which are allowed.

        Raises `InvalidRequestError` if any of them is not, and `OSError` if there is none.
        """
        name = host.lower().strip("[]").rstrip(".")
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        known = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for each in known:
            if not self._allows(name, port, ip_address(each)):
                raise InvalidRequestError([Fault("base_url", self._refusal(name, port, each))])
        return known

    def refusal(self, base_url: str) -> str | None:
        """Return the sentence that says why a URL may not be used, or None if it may."""
        parts = urlsplit(base_url)
        default = 443 if parts.scheme == "https" else 80
        try:
            self.addresses(parts.hostname or "", parts.port or default)
        except InvalidRequestError as error:
            return error.faults[0].message
        except (OSError, UnicodeError):
            return f"There is no host {parts.hostname}."
        return None

    def _allows(self, name: str, port: int, address: _Address) -> bool:
        return all(
            any(entry.allows(name, port, each) for entry in self.entries)
            for each in _meant(address)
        )

    def _refusal(self, name: str, port: int, address: str) -> str:
        meant = f"{name}:{port}" if name == address else f"{name}:{port} ({address})"
        listed = f"allowed are: {self.setting}" if self.entries else "none is allowed"
        return f"{meant} may not be used as an engine here; {listed}."


ANYWHERE = AddressRule((_Entry("any"),), "any")
LOOPBACK = AddressRule((_Entry("loopback"),), "loopback")


def allowed(base_url: str, rule: AddressRule) -> bool:
    """Whether an engine may be at this URL. It is checked again with each connection."""
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
    """Yield the address, and the IPv4 address that it carries and leads to."""
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
    # To connect to 0.0.0.0 is to connect to oneself; vLLM and others print it as their address.
    return address.is_loopback or address.is_unspecified


def _is_reserved(address: _Address) -> bool:
    return address.is_link_local or address.is_multicast or address in _METADATA
