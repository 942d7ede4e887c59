"""The responses to refused and failed requests: the documented errors (wire.md 3)."""

import httpx

from workers_ai import wire_writing

_REFUSED = 403


def forbidden(reason: str) -> httpx.Response:
    """Refuse a caller that may not use the endpoint, whatever the token."""
    return wire_writing.routing_error(_REFUSED, 10000, f"Authentication error: {reason}")


def no_authorization() -> httpx.Response:
    """Refuse a request without a bearer token."""
    text = "Missing X-Auth-Key, X-Auth-Email or Authorization headers"
    return wire_writing.routing_error(400, 9106, text)


def wrong_token() -> httpx.Response:
    """Refuse a token that is not the endpoint's own."""
    return wire_writing.routing_error(401, 10000, "Authentication error")


def invalid_token() -> httpx.Response:
    """Report an invalid token to a caller that verifies it."""
    return wire_writing.routing_error(401, 1000, "Invalid API Token")


def invalid_input(sentence: str) -> httpx.Response:
    """Refuse a value that is not in the schema and that no model accepts."""
    return wire_writing.inference_error(400, 8001, f"Invalid input: {sentence}")


def too_large() -> httpx.Response:
    """Refuse a body over the limit."""
    return wire_writing.inference_error(413, 3006, "AiError: Request too large")


def body_timeout() -> httpx.Response:
    """Refuse a body that does not arrive in time."""
    return wire_writing.inference_error(408, 3007, "AiError: Timeout")


def too_many(retry_after: int) -> httpx.Response:
    """Refuse a request above the rate limit, with the seconds until the next is accepted."""
    text = "AiError: rate limiting: inference request per min rate reached"
    return _retried(wire_writing.inference_error(429, 3021, text), retry_after)


def no_capacity() -> httpx.Response:
    """Refuse a request while the maximum number of answers is in progress."""
    text = "AiError: Capacity temporarily exceeded, please try again."
    return _retried(wire_writing.inference_error(429, 3040, text), 1)


def timed_out() -> httpx.Response:
    """Report that the backend did not finish in time."""
    return wire_writing.inference_error(408, 3046, "AiError: Request timeout")


def unavailable(status: int = 502, sentence: str = "") -> httpx.Response:
    """Report that the backend could not be reached or sent something unreadable."""
    text = f"Upstream service unavailable{sentence and ': '}{sentence}"
    return wire_writing.inference_error(status, 7009, text)


def _retried(response: httpx.Response, seconds: int) -> httpx.Response:
    response.headers["retry-after"] = str(seconds)
    return response
