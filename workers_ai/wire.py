"""Decoding of the API's answers: a JSON body or a stream of events (wire.md 1 and 2).

Every shape becomes the same `Chunk` and `Response`.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from .answer_accumulator import AnswerAccumulator
from .error_mapping import error_in_body
from .errors import ResponseError, WorkersAIError
from .responses import Chunk, Response
from .sse import events

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a JSON answer. The whole context window is under 1 MB of text, and decoding hostile
JSON takes about twenty times its size in memory."""

LARGEST_STREAM = 64 * 1024 * 1024
"""Bytes of a stream, padding included."""


def decode_stream(chunks: Iterable[bytes], *, max_tokens: int | None = None) -> Iterator[Chunk]:
    """Yield the chunks of an answer from the bytes of a stream, split anywhere.

    The last chunk has `finish`, and `usage` and `tool_calls` if the stream had them. A stream
    without `[DONE]` or `finish_reason` finishes as `ended_early`. A JSON body instead of a stream
    becomes one chunk. Unreadable events are skipped and counted in `damaged`. An answer that used
    up `max_tokens` finishes as `length`, unless the server reports another reason.

    Raises the error that the stream reports or the iterable raises, with the text so far as
    `.partial`.
    """
    answer = AnswerAccumulator(max_tokens)
    try:
        source = _limited(chunks, LARGEST_STREAM)
        head = _head(source)
        start = head.lstrip()[:1]
        if start in (b"", b"<"):
            raise ResponseError(f"The answer is neither JSON nor a stream: {_excerpt(head)}")
        if start in (b"{", b"["):
            body = b"".join(_limited(chain((head,), source), LARGEST_BODY))
            yield _as_chunk(decode_body(body, max_tokens=max_tokens))
            return
        read = answer.add_event
        for data in events(chain((head,), source)):
            text = read(data)
            if text:
                # tuple.__new__ with all fields costs half as much as a call with defaults.
                yield Chunk._make((text, None, (), None, 0))
            elif text is None:
                break
        if not answer.begun:
            raise ResponseError(f"The answer is neither JSON nor a stream: {_excerpt(head)}")
        yield answer.last_chunk()
    except WorkersAIError as error:
        error.partial = error.partial or answer.text()
        raise


def decode_body(body: bytes, *, max_tokens: int | None = None) -> Response:
    """Return the answer in a JSON body: an envelope with `result`, or the bare result.

    Raises the error that the body reports, or `ResponseError` for anything undocumented.
    """
    value = load_object(body)
    result = value.get("result", value)
    if not isinstance(result, dict) or not {"response", "choices", "tool_calls"} & result.keys():
        raise ResponseError("The answer is JSON, but has no `response`.")
    answer = AnswerAccumulator(max_tokens)
    text = answer.add(result, body.decode("utf-8-sig", "replace"))
    answer.complete = True
    last = answer.last_chunk()
    return Response(text + last.text, last.tool_calls, last.usage, last.finish or "done", raw=value)


def load_object(body: bytes) -> dict[str, Any]:
    """Decode an untrusted JSON body.

    Raises the error that it reports, or `ResponseError` if it is not a JSON object.
    """
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ResponseError(f"The answer is not JSON: {_excerpt(body)}") from error
    if not isinstance(value, dict):
        raise ResponseError("The answer is JSON, but not an object.")
    failure = error_in_body(value)
    if failure:
        raise failure
    return value


def _as_chunk(answer: Response) -> Chunk:
    return Chunk(answer.text, answer.usage, answer.tool_calls, answer.finish, answer.damaged)


def _head(source: Iterator[bytes]) -> bytes:
    """Read up to the first byte that is not whitespace: it distinguishes JSON from a stream."""
    head = b""
    for chunk in source:
        head += chunk
        if head.removeprefix(b"\xef\xbb\xbf").strip() and len(head) > len(b"\xef\xbb\xbf"):
            break
    return head.removeprefix(b"\xef\xbb\xbf")


def _limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise ResponseError(f"The answer is larger than {limit:,} bytes.")
        yield chunk


def _excerpt(body: bytes) -> str:
    text = body[:300].decode("utf-8", "replace").strip()
    return f"“{text[:120]}…”" if text else "it is empty."
