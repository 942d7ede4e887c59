"""Endpoints for the tests: over the built-in model, and over a fake Workers AI server."""

from collections.abc import Iterator

import pytest

from backends import endpoint_app
from tests.backends.endpoint.serving import FREE, Served, serving, serving_built_in
from tests.wire_server import WireServer
from workers_ai import Cloudflare

UPSTREAM_TOKEN = "cfut-operators-canary-5518"


@pytest.fixture(scope="module")
def built_in() -> Iterator[Served]:
    with serving_built_in() as served:
        yield served


@pytest.fixture
def upstream() -> Iterator[WireServer]:
    with WireServer(api_token=UPSTREAM_TOKEN) as server:
        yield server


@pytest.fixture
def over_wire(upstream: WireServer) -> Iterator[Served]:
    """An endpoint in front of the wire server."""
    backend = Cloudflare("0" * 32, UPSTREAM_TOKEN, base_url=upstream.base_url)
    with serving(endpoint_app(backend, limits=FREE)) as served:
        yield served
