"""Chat completions over a backend that speaks the documented API."""

from collections.abc import Iterable, Iterator
from itertools import chain

import httpx

from tools import recover_calls
from workers_ai import APIStatusError, Chunk, decode_stream, model_card, wire_writing
from workers_ai.tool_calls import ToolCallAssembler
from workers_ai.transport import CallLimits

from .completion_answers import CompletionWriter
from .completion_requests import CompletionRequest
from .passthrough import errors_reported, stream_headers, whole_answer
from .redaction import Redactor
from .stop_sequences import StopSequences
from .stream_bridge import StreamBridge
from .upstream import Upstream, chunks_of, drain

_OK, _CUT_CALL = 200, 8006


def complete(
    upstream: Upstream, asked: CompletionRequest, call: CallLimits, bridge: StreamBridge
) -> None:
    """Ask the backend for a chat completion, and pass it on."""
    with (
        errors_reported(bridge, upstream),
        upstream.run(_body(upstream, asked), call) as response,
    ):
        if response.status_code != _OK:
            bridge.answer(whole_answer(response, call, upstream))
            return
        received, stops = chunks_of(response), StopSequences(asked.stop)
        answer = _answer(received, asked, stops, upstream)
        writer = CompletionWriter(upstream.backend.model)
        if asked.stream:
            # The first chunk comes before the status, so an early failure has its own status.
            begun = chain([next(answer)], answer)
            bridge.start(_OK, stream_headers(response, Redactor(upstream.backend.secrets)))
            for data in writer.chunks(begun, include_usage=asked.include_usage):
                bridge.write(data)
        else:
            content = writer.whole(_gathered(answer))
            bridge.answer(httpx.Response(_OK, headers=wire_writing.JSON, content=content))
        if not stops.met:
            drain(received, call)


def _body(upstream: Upstream, asked: CompletionRequest) -> bytes:
    """Return the documented body; it requests a stream only if that loses nothing."""
    request = asked.request
    special = request.tools or request.guided_json is not None
    streams = asked.stream and (upstream.backend.tool_support.streams or not special)
    return request.replace(stream=True if streams else None).json_bytes()


def _answer(
    raw: Iterator[bytes], asked: CompletionRequest, stops: StopSequences, upstream: Upstream
) -> Iterator[Chunk]:
    redactor = Redactor(upstream.backend.secrets)
    given = asked.request.max_tokens
    limit = model_card.default_max_tokens if given is None else int(given)
    received = chain(map(redactor.feed, raw), _rest(redactor))
    chunks = _stopped(decode_stream(received, max_tokens=limit), stops)
    if asked.forced:
        return iter([_forced(_gathered(chunks), asked.forced)])
    if asked.described:
        return iter([_recovered(_gathered(chunks), asked)])
    return chunks


def _rest(redactor: Redactor) -> Iterator[bytes]:
    yield redactor.flush()


def _stopped(chunks: Iterable[Chunk], stops: StopSequences) -> Iterator[Chunk]:
    for chunk in chunks:
        text = stops.take(chunk.text)
        if stops.met:
            yield chunk._replace(text=text, finish="done")
            return
        if chunk.finish:
            text += stops.flush()
        yield chunk if text is chunk.text else chunk._replace(text=text)


def _gathered(chunks: Iterable[Chunk]) -> Chunk:
    """Return an answer in one piece."""
    texts, last = [], Chunk()
    for last in chunks:
        texts.append(last.text)
    return last._replace(text="".join(texts))


def _forced(answer: Chunk, name: str) -> Chunk:
    """Use the text as the arguments of the required call (wire.md 3.3)."""
    if answer.finish == "length":
        sentence = "The call was cut off; raise max_tokens."
        raise APIStatusError(sentence, code=_CUT_CALL)
    calls = ToolCallAssembler()
    calls.add([{"name": name, "arguments": answer.text}])
    return answer._replace(text="", tool_calls=calls.calls())


def _recovered(answer: Chunk, asked: CompletionRequest) -> Chunk:
    """Extract the calls from the text, for a model that writes them there."""
    found = recover_calls(answer.text, asked.described)
    if found is None or answer.tool_calls:
        return answer
    text = "\n".join(filter(None, (found.before, found.after)))
    return answer._replace(text=text, tool_calls=found.calls)
