"""A transport that connects directly, and only to allowed addresses."""

from collections.abc import Iterable
from typing import Any

import httpcore

from .addresses import AddressRule
from .sockets import SocketTransport


class DirectTransport(SocketTransport):
    """`SocketTransport` without a proxy that connects to allowed addresses only.

    It connects to the very address that it checked, which defeats DNS rebinding. Raises
    `InvalidRequestError` for an address that is not allowed.
    """

    def __init__(self, rule: AddressRule) -> None:
        # Proxies are looked up by host: without a host the environment's proxies do not apply.
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
