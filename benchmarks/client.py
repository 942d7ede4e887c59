"""The cost of the client per streamed token, in CPU time of the reading thread.

    python -m benchmarks.client [--quick]

Each figure is compared with its floor, taken in the same run on the same bytes: split them at the
blank lines, `json.loads` each event, nothing more. Microseconds per token, the median of the
rounds; the ratio is what counts.

- *in memory*: `decode_stream` on chunks as a socket delivers them: one event each, one network
  packet each, one 64 KiB read each.
- *over a socket*: `Client.stream` from a wire server in another process, 1,000 tokens per second,
  each a separate write. One floor reads the answer with a bare socket, removes HTTP's chunk framing
  and decodes as above; the other reads with a bare `httpx.Client`.
"""

import argparse
import gc
import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from urllib.parse import urlsplit

import httpx

from benchmarks.tables import print_table
from benchmarks.upstream import ACCOUNT, TOKEN, Upstream, streamed
from tests.wire_server import Answer, word
from workers_ai import ChatRequest, Client, Cloudflare, decode_stream

TOKENS = 2000
AIM = 2.0
SIZES = {"one event": None, "1,400 bytes": 1400, "64 KiB": 65_536}
REQUEST = ChatRequest(messages=[{"role": "user", "content": "Tell me words"}], stream=True)

Measured = Callable[[], int]
"""Reads an answer once, and returns its number of tokens."""


def floor(chunks: Iterable[bytes]) -> int:
    """Decode the minimum that yields every token, and return the number of tokens."""
    found = 0
    rest = b""
    for chunk in chunks:
        *events, rest = (rest + chunk).split(b"\n\n")
        for event in events:
            data = event[6:]
            found += bool(data != b"[DONE]" and json.loads(data).get("response"))
    return found


def ours(chunks: Iterable[bytes]) -> int:
    return sum(bool(chunk.text) for chunk in decode_stream(chunks))


def typical(rounds: int, *measured: Measured) -> list[float]:
    """Return the median CPU microseconds per token of each, taken in turn."""
    samples: list[list[float]] = [[] for _ in measured]
    for _ in range(rounds):
        for taken, measure in zip(samples, measured, strict=True):
            gc.collect()
            began = time.thread_time()
            found = measure()
            taken.append((time.thread_time() - began) * 1e6 / TOKENS)
            assert found == TOKENS, f"{found} tokens"
    return list(map(median, samples))


def in_memory(rounds: int) -> Iterator[tuple[str, ...]]:
    events = [piece for piece in Answer.words(TOKENS, 1).body if isinstance(piece, bytes)]
    data = b"".join(events)
    for name, size in SIZES.items():
        cut = [data[i : i + size] for i in range(0, len(data), size)] if size else events
        pair = typical(rounds, lambda cut=cut: floor(cut), lambda cut=cut: ours(cut))
        yield row(f"decode_stream, {name} per chunk", *pair)


def over_a_socket(rounds: int) -> Iterator[tuple[str, ...]]:
    with Upstream() as upstream, httpx.Client(trust_env=False) as bare:
        upstream.prepare(streamed([word(i) for i in range(TOKENS)], rate=1_000))
        backend = Cloudflare(ACCOUNT, TOKEN, base_url=upstream.base_url)
        with Client(backend) as client:
            sent = client.request_to_send(REQUEST)
            bare_socket, bare_httpx, full = typical(
                rounds,
                lambda: floor(socket_chunks(sent)),
                lambda: floor(httpx_chunks(bare, sent)),
                lambda: sum(bool(chunk.text) for chunk in client.stream(REQUEST)),
            )
    yield row("Client.stream vs. a bare socket", bare_socket, full)
    yield row("Client.stream vs. a bare httpx.Client", bare_httpx, full)


def socket_chunks(request: httpx.Request) -> Iterator[bytes]:
    """Yield an answer's body, with the minimum of work for HTTP's chunk framing."""
    target = urlsplit(str(request.url))
    head = [f"POST {target.path} HTTP/1.1", *(f"{k}: {v}" for k, v in request.headers.items())]
    with socket.create_connection((target.hostname or "", target.port or 80)) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + request.content)
        rest = b""
        while b"\r\n\r\n" not in rest:
            rest += connection.recv(65_536)
        rest = rest.partition(b"\r\n\r\n")[2]
        while True:
            while (size := _whole_chunk(rest)) is not None:
                start = rest.index(b"\r\n") + 2
                if size == 0:
                    return
                yield rest[start : start + size]
                rest = rest[start + size + 2 :]
            rest += connection.recv(65_536)


def _whole_chunk(data: bytes) -> int | None:
    """Return the size of the first chunk, or None if it is incomplete."""
    line, found, behind = data.partition(b"\r\n")
    size = int(line, 16) if found else 0
    return size if found and len(behind) >= size + 2 else None


def httpx_chunks(client: httpx.Client, request: httpx.Request) -> Iterator[bytes]:
    with client.stream(
        "POST", request.url, headers=dict(request.headers), content=request.content
    ) as response:
        yield from response.iter_raw()


def row(name: str, least: float, full: float) -> tuple[str, ...]:
    ratio = full / least
    verdict = "yes" if ratio <= AIM else "NO"
    return name, f"{least:.2f}", f"{full:.2f}", f"{ratio:.2f}", f"≤ {AIM:.0f}", verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds")
    rounds = 3 if parser.parse_args().quick else 9
    rows = [*in_memory(5 * rounds), *over_a_socket(rounds)]
    print_table(rows, ("µs of CPU per token", "floor", "measured", "ratio", "aim", "met"))


if __name__ == "__main__":
    main()
