"""Connections that keep to a rule: directly, and only to addresses that are allowed."""

from collections.abc import Iterable
from typing import Any

import httpcore

from .addresses import AddressRule
from .sockets import SocketTransport


class DirectTransport(SocketTransport):
    """`SocketTransport` without a proxy, whose connections all keep to a rule.

    The address is checked that is then connected to, so a name that changes its address in
    between gains nothing. Raises `InvalidRequestError` for one that is not allowed.
    """

    def __init__(self, rule: AddressRule) -> None:
        # A proxy is looked up by host: without one there is none, whatever the environment says.
        super().__init__("")
        # As in SocketTransport: httpx has no parameter for it.
        network = self._pool._network_backend  # noqa: SLF001
        self._pool._network_backend = _CheckedNetwork(network, rule)  # noqa: SLF001


class _CheckedNetwork(httpcore.NetworkBackend):
    def __init__(self, network: httpcore.NetworkBackend, rule: AddressRule) -> None:
        self._network = network
        self._rule = rule

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._rule.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses[:-1]:
            try:
                return self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._network.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )
