"""The address allowlist: settings, names, every address of a name, and checks at connect time."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from backends import LocalEngine, engine_at
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.recordings import STREAMS
from workers_ai import Client, InvalidRequestError, parse_request
from workers_ai.address_policy import LOOPBACK, AddressRule, allowed

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})


def known(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let each name lookup return the next of these lists of addresses."""
    real = socket.getaddrinfo
    left = list(answers)

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if not str(host).endswith(".test"):
            return real(host, port, *more, **named)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [entry for each in found for entry in real(each, port, *more, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("setting", "url", "may"),
    [
        ("any", "http://127.0.0.1:11434", True),
        ("any", "http://10.1.2.3:8000/v1", True),
        ("any", "http://[2001:db8::1]/", True),
        ("loopback", "http://127.0.0.1:11434", True),
        ("loopback", "http://127.8.9.1:11434", True),
        ("loopback", "http://[::1]:8080", True),
        ("loopback", "http://localhost:8080", True),
        ("loopback", "http://0.0.0.0:8000", True),
        ("loopback", "http://10.1.2.3:8000", False),
        ("loopback", "https://192.168.1.5", False),
        ("loopback:11434", "http://127.0.0.1:11434", True),
        ("loopback:11434", "http://127.0.0.1:6379", False),
        ("10.1.0.0/16", "http://10.1.2.3:8000", True),
        ("10.1.0.0/16", "http://10.2.2.3:8000", False),
        ("10.1.2.3", "http://10.1.2.3", True),
        ("10.1.2.3:8000", "http://10.1.2.3:8000", True),
        ("10.1.2.3:8000", "http://10.1.2.3:8001", False),
        ("10.1.2.3:443", "https://10.1.2.3/v1", True),
        ("fd00::/8", "http://[fd00::7]:8080", True),
        ("[fd00::7]:8080", "http://[fd00::7]:8080", True),
        ("[fd00::7]:8080", "http://[fd00::7]:8081", False),
        ("loopback, 10.0.0.0/8", "http://10.9.9.9", True),
        ("", "http://127.0.0.1:11434", False),
    ],
)
def test_a_setting_decides(setting: str, url: str, *, may: bool) -> None:
    assert allowed(url, AddressRule.of(setting)) is may


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::]",
    ],
)
def test_what_a_machine_keeps_for_itself_is_refused_even_where_any_is_allowed(address: str) -> None:
    url = f"http://{address}/v1"
    assert not allowed(url, AddressRule.of("any"))
    assert not allowed(url, AddressRule.of("loopback, any"))


def test_it_is_allowed_where_it_is_listed() -> None:
    assert allowed("http://169.254.169.254", AddressRule.of("169.254.169.254"))
    assert allowed("http://[fe80::1]:8000", AddressRule.of("any fe80::/10"))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_an_address_are_that_address(host: str) -> None:
    assert allowed(f"http://{host}:8080", LOOPBACK)
    assert not allowed(f"http://{host}:8080", AddressRule.of("10.0.0.0/8"))


def test_a_name_is_allowed_by_itself_or_by_all_its_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known(monkeypatch, ["10.0.0.5", "192.168.0.5"])
    assert allowed("http://gpu.test:8000", AddressRule.of("gpu.test"))
    assert allowed("http://GPU.test.:8000", AddressRule.of("gpu.test:8000"))
    assert not allowed("http://gpu.test:8000", AddressRule.of("other.test"))
    assert not allowed("http://gpu.test:8000", AddressRule.of("10.0.0.0/8"))
    assert allowed("http://gpu.test:8000", AddressRule.of("10.0.0.0/8 192.168.0.0/16"))


def test_a_listed_name_opens_no_metadata_service(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, ["169.254.169.254"])
    assert not allowed("http://gpu.test:8000", AddressRule.of("gpu.test"))


def test_the_refusal_says_what_is_allowed() -> None:
    rule = AddressRule.of("loopback, 10.0.0.0/8")
    refusal = rule.refusal("http://192.168.1.5:8000")
    assert refusal == (
        "192.168.1.5:8000 is not allowed as an engine here; allowed: loopback, 10.0.0.0/8."
    )
    assert AddressRule.of("").refusal("http://127.0.0.1") == (
        "127.0.0.1:80 is not allowed as an engine here; no address is."
    )


@pytest.mark.parametrize("setting", ["loopback, ???", "10.0.0.0/99", "a b/c", "host:99999", "[x]"])
def test_a_setting_that_cannot_be_read_is_refused(setting: str) -> None:
    with pytest.raises(InvalidRequestError, match="is not a host, address or network"):
        AddressRule.of(setting)


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        running.script(STREAMS["llama-server"].answer)
        yield running


def test_nothing_is_sent_to_an_address_that_is_not_allowed(server: EngineServer) -> None:
    backend = server.backend("llama-server", rule=AddressRule.of("10.0.0.0/8"))
    with Client(backend) as client, pytest.raises(InvalidRequestError, match="is not allowed"):
        list(client.stream(HELLO))
    with pytest.raises(InvalidRequestError, match="is not allowed"):
        engine_at(server.origin, rule=AddressRule.of("10.0.0.0/8"))

    assert server.connections == 0


def test_a_name_that_moves_between_check_and_connection_gains_nothing(
    server: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, ["10.0.0.5"], ["127.0.0.1"])
    rule = AddressRule.of("10.0.0.0/8")
    url = f"http://gpu.test:{server.origin.rpartition(':')[2]}"
    assert allowed(url, rule)
    backend = LocalEngine(url, "m", kind="llama-server", rule=rule)
    with Client(backend) as client, pytest.raises(InvalidRequestError, match=r"127\.0\.0\.1"):
        list(client.stream(HELLO))

    assert server.connections == 0


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    server: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, ["127.0.0.1"], ["10.0.0.5"])
    url = f"http://gpu.test:{server.origin.rpartition(':')[2]}"
    with Client(LocalEngine(url, "m", kind="llama-server", rule=LOOPBACK)) as client:
        list(client.stream(HELLO))

    assert server.requests[0].headers["host"].startswith("gpu.test:")


def test_no_proxy_of_the_environment_is_used(
    server: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EngineServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        monkeypatch.setenv("http_proxy", proxy.origin)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with server.client("llama-server") as client:
            list(client.stream(HELLO))

        assert proxy.connections == 0
    assert len(server.requests) == 1
