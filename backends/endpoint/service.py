"""The endpoint's work: admit a request, answer it in a thread, and send the answer."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from starlette.types import Receive, Send

from workers_ai import Backend, Cloudflare, Fault, InvalidRequestError, wire_writing
from workers_ai.transport import CallLimits

from . import error_responses
from .body_checks import checked_body, read_body
from .chat_completions import complete
from .completion_requests import RefusedError, read_completion
from .limits import Limits, RateLimiter
from .model_catalog import Catalog
from .passthrough import pass_through
from .request import EndpointRequest, TooLargeError
from .stream_bridge import ClientLeftError, Headers, StreamBridge
from .upstream import Upstream

Work = Callable[[EndpointRequest, CallLimits, StreamBridge], None]
"""Answers one request, in its own thread."""

_LISTING_SECONDS = 30.0
_LISTING_THREADS = 4


class Service:
    """One backend, with the threads, connections and limits that its callers share."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._limits = limits
        self._upstream = Upstream(backend)
        self._catalog = Catalog(self._upstream)
        self._limiter = RateLimiter(limits)
        self._threads = ThreadPoolExecutor(
            limits.concurrency + _LISTING_THREADS, thread_name_prefix="endpoint"
        )
        self._knows_response_format = isinstance(backend, Cloudflare)
        self._headers: Headers = (
            (b"x-cabochon-backend", _visible(backend.label)),
            (b"x-cabochon-model", _visible(backend.model)),
        )

    @property
    def in_progress(self) -> int:
        """The number of answers in progress."""
        return self._limiter.in_progress

    def close(self) -> None:
        """Release the threads and the connections that are not in use."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._upstream.close()

    def model_refusal(self, model: str) -> httpx.Response | None:
        """Return the refusal of a model that is not served, or None."""
        return None if self._catalog.knows(model) else wire_writing.no_model(model)

    async def infer(self, work: Work, asked: EndpointRequest, receive: Receive, send: Send) -> None:
        """Read the body, answer it if the limits allow, and send the answer."""
        refused = self._limiter.enter()
        if refused is not None:
            await send_whole(refused, send)
            return
        is_read = False
        try:
            is_read = await self._read_body(asked, receive, send)
        finally:
            if not is_read:
                self._limiter.leave()
        if is_read:
            await self._perform(work, asked, receive, send, done=self._limiter.leave)

    async def look_up(
        self, work: Work, asked: EndpointRequest, receive: Receive, send: Send
    ) -> None:
        """Answer a query about the models: it costs nothing and is not counted."""
        await self._perform(work, asked, receive, send, seconds=_LISTING_SECONDS)

    def run(self, asked: EndpointRequest, call: CallLimits, bridge: StreamBridge) -> None:
        """Answer a documented request."""
        try:
            body = checked_body(asked.body, knows_response_format=self._knows_response_format)
        except InvalidRequestError as error:
            bridge.answer(wire_writing.bad_input(error.faults))
            return
        affinity = asked.headers.get("x-session-affinity")
        pass_through(self._upstream, body, call, bridge, affinity)

    def chat(self, asked: EndpointRequest, call: CallLimits, bridge: StreamBridge) -> None:
        """Answer a request for an OpenAI chat completion."""
        try:
            body = read_body(asked.body)
            model = body.get("model")
            if not isinstance(model, str):
                raise InvalidRequestError([Fault("model", "this key is required")])  # noqa: TRY301 - one sentence for all faults
            if refused := self.model_refusal(model):
                bridge.answer(refused)
                return
            completion = read_completion(body, self._upstream.backend.tool_support)
        except InvalidRequestError as error:
            bridge.answer(wire_writing.bad_input(error.faults))
        except RefusedError as error:
            bridge.answer(error.response)
        else:
            complete(self._upstream, completion, call, bridge)

    def search(self, asked: EndpointRequest, call: CallLimits, bridge: StreamBridge) -> None:
        """Answer with the list of models."""
        self._catalog.search(asked.params, call, bridge)

    def schema(self, asked: EndpointRequest, call: CallLimits, bridge: StreamBridge) -> None:
        """Answer with the schemas of a model."""
        self._catalog.schema(asked.params, call, bridge)

    async def _read_body(self, asked: EndpointRequest, receive: Receive, send: Send) -> bool:
        """Read the body of a request, or refuse it and return False."""
        try:
            await asked.read_body(receive, self._limits.body, self._limits.body_seconds)
        except ClientLeftError:
            return False
        except TooLargeError:
            await send_whole(error_responses.too_large(), send)
            return False
        except TimeoutError:
            await send_whole(error_responses.body_timeout(), send)
            return False
        return True

    async def _perform(
        self,
        work: Work,
        asked: EndpointRequest,
        receive: Receive,
        send: Send,
        *,
        seconds: float | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        call = CallLimits(deadline=time.monotonic() + (seconds or self._limits.seconds))
        bridge = StreamBridge(call.stop, self._headers)
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._threads, work, asked, call, bridge)
        # The slot is free when the thread is: the backend may still work after a caller has left.
        job.add_done_callback(lambda _: done())
        job.add_done_callback(lambda _: bridge.complete())
        watching = loop.create_task(_watch(receive, bridge))
        try:
            await bridge.send(send)
        finally:
            watching.cancel()
            bridge.abandon()
        if job.done():
            job.result()


async def send_whole(response: httpx.Response, send: Send) -> None:
    """Send a complete answer."""
    headers = [(name.lower(), value) for name, value in response.headers.raw]
    start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": response.content})


async def _watch(receive: Receive, bridge: StreamBridge) -> None:
    """Wait until the caller leaves, then stop the work."""
    while (await receive())["type"] != "http.disconnect":
        pass
    bridge.abandon()


def _visible(text: str) -> bytes:
    return text.encode("ascii", "backslashreplace")
