"""Backends: the address and headers of a call, and what is refused."""

from collections.abc import Iterator

import pytest

from backends import BuiltIn
from tests.wire_server import WireServer
from workers_ai import Client, Cloudflare, InvalidRequestError, model_card, parse_request
from workers_ai.backend import CLOUDFLARE_API

ACCOUNT = "0123456789abcdef" * 2
TOKEN = "cfut_made-up-canary-7261"
HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


def url_of(backend: Cloudflare | BuiltIn) -> str:
    with Client(backend) as client:
        return str(client.request_to_send(HELLO).url)


def test_the_address_is_the_documented_one() -> None:
    backend = Cloudflare(ACCOUNT, TOKEN)

    assert backend.base_url == CLOUDFLARE_API == "https://api.cloudflare.com/client/v4"
    assert backend.model == model_card.model == "@cf/google/gemma-3-12b-it"
    assert url_of(backend) == (
        f"https://api.cloudflare.com/client/v4/accounts/{ACCOUNT}/ai/run/@cf/google/gemma-3-12b-it"
    )


def test_at_and_slash_travel_unescaped(server: WireServer) -> None:
    with Client(Cloudflare(ACCOUNT, TOKEN, base_url=server.base_url)) as client:
        client.run(HELLO)

    path = f"/client/v4/accounts/{ACCOUNT}/ai/run/@cf/google/gemma-3-12b-it"
    assert server.requests[0].path == path


@pytest.mark.parametrize("base", ["http://host/v4", "http://host/v4/", "http://host/v4//"])
def test_a_slash_at_the_end_of_the_base_url_changes_nothing(base: str) -> None:
    start = "http://host/v4/accounts/x/ai/run/"
    assert url_of(Cloudflare("x", TOKEN, base_url=base)).startswith(start)


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8787", "https://[::1]:8443/a/b", "HTTPS://Host"]
)
def test_other_addresses_are_accepted(base: str) -> None:
    assert url_of(Cloudflare("x", TOKEN, base_url=base)).lower().startswith(base.lower())


@pytest.mark.parametrize(
    "base",
    [
        "",
        "host/path",
        "//host/path",
        "ftp://host",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "http://[",
        "http://host:99999/",
        "http://host:0/",
        "http://host:port/",
        "http://user:password@host/",
        "http://user@host/",
        "http://:password@host/",
        "http://host/?key=1",
        "http://host/#part",
        "http://ho st/",
        "http://host/\n",
        " http://host/",
        "http://host/\x00",
        "http://host\\@evil.invalid/",
    ],
)
def test_what_is_not_a_plain_address_is_refused(base: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        Cloudflare(ACCOUNT, TOKEN, base_url=base)

    assert [fault.path for fault in caught.value.faults] == ["base_url"]
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("value", ["", " ", "two words", "Grüße", "a\nb", "a\r\nX-Evil: 1", "\x00"])
def test_what_is_not_valid_in_a_header_or_a_path_is_refused(value: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        Cloudflare(value, value, value, gateway_id=value or " ")

    paths = [fault.path for fault in caught.value.faults]
    assert paths == ["account_id", "api_token", "model", "gateway_id"]


def test_no_refusal_repeats_the_token() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        Cloudflare("", f"{TOKEN} \n", base_url="nowhere")

    assert TOKEN not in f"{caught.value!s}{caught.value!r}{caught.value.faults}"


@pytest.mark.parametrize("account_id", ["a/b", "a?b", "a#b", "a%2fb", "../x", ".."])
def test_an_account_id_stays_one_part_of_the_path(account_id: str) -> None:
    try:
        url = url_of(Cloudflare(account_id, TOKEN, model="m", base_url="http://host/v4"))
    except InvalidRequestError:
        return
    path = url.removeprefix("http://host")
    assert path.startswith("/v4/accounts/")
    assert path.endswith("/ai/run/m")
    assert path.count("/") == 6
    assert ".." not in path.split("/")


@pytest.mark.parametrize(
    "model",
    ["../x", "@cf/../../../x", "a/./b", "a?b=c", "a#b", "@cf/a/..", "%2e%2e/x"],
)
def test_a_model_id_stays_under_run(model: str) -> None:
    try:
        url = url_of(Cloudflare(ACCOUNT, TOKEN, model=model, base_url="http://host/v4"))
    except InvalidRequestError:
        return
    run = f"http://host/v4/accounts/{ACCOUNT}/ai/run/"
    assert url.startswith(run)
    rest = url.removeprefix(run)
    assert not {"..", ".", "%2e%2e"} & set(rest.lower().split("/"))
    assert not {"?", "#"} & set(rest)


def test_the_headers_are_the_token_and_the_gateway(server: WireServer) -> None:
    backend = Cloudflare(ACCOUNT, TOKEN, base_url=server.base_url, gateway_id="my-gateway")
    with Client(backend) as client:
        client.run(HELLO)

    headers = server.requests[0].headers
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["cf-aig-gateway-id"] == "my-gateway"
    assert headers["content-type"] == "application/json"
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("gateway_id", [None, ""])
def test_without_a_gateway_there_is_no_such_header(
    server: WireServer, gateway_id: str | None
) -> None:
    backend = Cloudflare(ACCOUNT, TOKEN, base_url=server.base_url, gateway_id=gateway_id)
    with Client(backend) as client:
        client.run(HELLO)

    assert "cf-aig-gateway-id" not in server.requests[0].headers


def test_the_token_is_not_in_the_text_of_a_backend() -> None:
    backend = Cloudflare(ACCOUNT, TOKEN)

    assert TOKEN not in f"{backend!r}{backend!s}"
    assert backend.secrets == (TOKEN,)


def test_backends_are_compared_by_value() -> None:
    assert Cloudflare(ACCOUNT, TOKEN) == Cloudflare(ACCOUNT, TOKEN)
    assert Cloudflare(ACCOUNT, TOKEN) != Cloudflare(ACCOUNT, "another")
    assert len({BuiltIn(), BuiltIn(), BuiltIn(5.0)}) == 2


def test_the_built_in_model_has_no_secret_and_no_host() -> None:
    backend = BuiltIn()

    assert (dict(backend.headers), backend.secrets) == ({}, ())
    assert backend.base_url.split("/")[2].endswith(".invalid")
    assert "gemma" not in backend.model


@pytest.mark.parametrize("stream", [True, False])
def test_the_built_in_model_answers_through_the_same_client(*, stream: bool) -> None:
    request = HELLO.replace(max_tokens=20, seed=1)
    with Client(BuiltIn()) as client:
        if stream:
            chunks = list(client.stream(request))
            text, last = "".join(chunk.text for chunk in chunks), chunks[-1].finish
        else:
            whole = client.run(request)
            text, last = whole.text, whole.finish

    assert text
    assert last in {"done", "length"}


def test_the_built_in_model_lists_itself() -> None:
    with Client(BuiltIn()) as client:
        [entry] = client.models()

    assert entry["name"] == BuiltIn().model
