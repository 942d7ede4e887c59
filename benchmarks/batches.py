"""The time that a batch adds to its calls.

    python -m benchmarks.batches [--quick]

A wire server in another process answers each call after 100 ms, each job requests one answer, and
16 run in parallel; the ideal is 500 / 16 × 100 ms, without any work between calls. For comparison,
a bare thread pool makes the same calls with the same client: the difference is the cost of the
batch. Seconds, the median of the rounds.

- *whole*: `Client.run`. *streamed*: `Client.stream`, a few tokens each.
- *saved*: whole, and each outcome goes to a callback that takes 1 ms to save it.
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

from benchmarks.tables import print_table
from benchmarks.upstream import ACCOUNT, TOKEN, Calls, Upstream, streamed
from experiments import Batch, Job, Outcome
from workers_ai import Client, Cloudflare, PromptRequest, Request

JOBS = 500
CONCURRENCY = 16
ANSWER = 0.1
AIM = 1.2

WHOLE: Calls = [("Answer.json", {"response": "Hello"}), ("after", {"seconds": ANSWER})]
STREAMED = streamed(["Hel", "lo", "!"], after=ANSWER)


def request_of(number: int, *, stream: bool) -> Request:
    return PromptRequest(prompt=f"Say {number}", stream=stream or None)


def in_a_batch(
    client: Client,
    count: int,
    *,
    stream: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> float:
    jobs = [Job(str(i), partial(request_of, i, stream=stream)) for i in range(count)]
    began = time.monotonic()
    batch = Batch(client, jobs, concurrency=CONCURRENCY, on_outcome=on_outcome).start()
    assert batch.wait(60)
    taken = time.monotonic() - began
    assert batch.snapshot().counts["done"] == count
    return taken


def in_a_pool(client: Client, count: int, *, stream: bool = False) -> float:
    def call(number: int) -> None:
        request = request_of(number, stream=stream)
        if stream:
            list(client.stream(request))
        else:
            client.run(request)

    began = time.monotonic()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        list(pool.map(call, range(count)))
    return time.monotonic() - began


def keep(_outcome: Outcome) -> None:
    time.sleep(0.001)


def measured(count: int, rounds: int) -> list[tuple[str, ...]]:
    cases: list[tuple[str, Calls, Callable[[Client, int], float]]] = [
        ("whole, in a bare pool", WHOLE, in_a_pool),
        ("whole", WHOLE, in_a_batch),
        ("whole, saved", WHOLE, partial(in_a_batch, on_outcome=keep)),
        ("streamed, in a bare pool", STREAMED, partial(in_a_pool, stream=True)),
        ("streamed", STREAMED, partial(in_a_batch, stream=True)),
    ]
    samples: dict[str, list[float]] = {name: [] for name, _, _ in cases}
    with Upstream() as upstream:
        backend = Cloudflare(ACCOUNT, TOKEN, base_url=upstream.base_url)
        with Client(backend, max_retries=0) as client:
            for _ in range(rounds):
                for name, answer, measure in cases:
                    upstream.prepare(answer)
                    samples[name].append(measure(client, count))
    return [row(name, count, taken) for name, taken in samples.items()]


def row(name: str, count: int, taken: list[float]) -> tuple[str, ...]:
    ideal = count / CONCURRENCY * ANSWER
    ratio = median(taken) / ideal
    aimed = "pool" not in name
    verdict = ("yes" if ratio <= AIM else "NO") if aimed else ""
    aim = f"≤ {AIM}" if aimed else ""
    return name, f"{ideal:.2f}", f"{median(taken):.2f}", f"{ratio:.2f}", aim, verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round")
    rows = measured(JOBS, 1 if parser.parse_args().quick else 5)
    print_table(rows, (f"{JOBS} jobs [s]", "ideal", "measured", "ratio", "aim", "met"))


if __name__ == "__main__":
    main()
