"""A server and its client."""

from collections.abc import Iterator

import pytest

from tests.experiments.batches.scripted import API_TOKEN, client_of, echo
from tests.wire_server import WireServer
from workers_ai import Client


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(api_token=API_TOKEN) as running:
        running.script(echo)
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    with client_of(server) as made:
        yield made
