"""Shared by the tests of batches: a client of a wire server, jobs, and clocks."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from experiments import Batch, Job, Outcome
from experiments.batches.worker_threads import Clock
from tests.wire_server import Answer, Request, WireServer
from workers_ai import Client, Cloudflare, PromptRequest

SOON = 5.0
"""Seconds; nothing here takes that long, so a longer wait has hung."""

API_TOKEN = "cfut_made-up-canary-7261"


class QuickClock(Clock):
    """A clock that runs 400 times as fast."""

    SPEED = 400

    def now(self) -> float:
        return time.monotonic() * self.SPEED

    def wait(self, changed: threading.Condition, seconds: float | None) -> None:
        changed.wait(None if seconds is None else seconds / self.SPEED)


class LeapingClock(Clock):
    """A clock that stands still, and jumps ahead by each wait."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def wait(self, changed: threading.Condition, seconds: float | None) -> None:
        if seconds is None:
            changed.wait()
        else:
            self.time += seconds


def client_of(server: WireServer) -> Client:
    return client_at(server.base_url)


def client_at(base_url: str) -> Client:
    backend = Cloudflare("0" * 32, API_TOKEN, base_url=base_url)
    return Client(backend, max_retries=0, connect_timeout=SOON, read_timeout=SOON)


def jobs_of(count: int, *, stream: bool | None = None) -> list[Job]:
    """Return jobs `0`, `1` … that ask for their own number."""
    return [job_of(str(number), stream=stream) for number in range(count)]


def job_of(key: str, *, stream: bool | None = None) -> Job:
    given: dict[str, Any] = {} if stream is None else {"stream": stream}
    return Job(key, partial(PromptRequest, prompt=key, **given))


def asked(request: Request) -> str:
    """Return the key of the job that sent a request."""
    return str(request.json()["prompt"])


def echo(request: Request) -> Answer:
    """Answer with the prompt, streamed if the request asks for it."""
    if request.json().get("stream"):
        return Answer.stream(["You said ", asked(request)])
    return Answer.json(f"You said {asked(request)}")


def by_key(
    special: dict[str, Answer], otherwise: Callable[[Request], Answer] = echo
) -> Callable[[Request], Answer]:
    """Give some jobs special answers, and all others the usual one."""

    def answer(request: Request) -> Answer:
        return special.get(asked(request)) or otherwise(request)

    return answer


def first(refusals: int, refusal: Answer) -> Callable[[Request], Answer]:
    """Refuse the first calls, and answer all others as usual."""
    left = threading.Semaphore(refusals)

    def answer(request: Request) -> Answer:
        return refusal if left.acquire(blocking=False) else echo(request)

    return answer


def ended(batch: Batch) -> tuple[Outcome, ...]:
    """Wait until a batch is idle, and return its outcomes."""
    assert batch.wait(SOON)
    return batch.snapshot().outcomes


def outcome_of(batch: Batch, key: str) -> Outcome:
    return next(each for each in batch.snapshot().outcomes if each.key == key)


def calls_of(server: WireServer, key: str) -> int:
    """Return how many calls were made for a job."""
    return [asked(request) for request in list(server.requests)].count(key)


def until(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds; return False if it takes too long."""
    deadline = time.monotonic() + SOON
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


class Gate:
    """Holds back the answers of a server until it is opened, and counts the waiting calls."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._lock = threading.Lock()
        self.waiting = self.most = 0

    def open(self) -> None:
        self._open.set()

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
        assert self._open.wait(SOON)
        with self._lock:
            self.waiting -= 1
        return echo(request)
