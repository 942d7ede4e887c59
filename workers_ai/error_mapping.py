"""Mapping of error responses to the errors that are raised, and to retries (wire.md 3).

Every shape of error body is read here; one table lists every code that Cloudflare documents or
that has been observed.
"""

import json
import math
import random
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from .errors import (
    APIStatusError,
    AuthenticationError,
    ContextWindowError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
)


class ErrorCode(NamedTuple):
    """The error for a code, and whether to retry."""

    error: type[APIStatusError]
    retries: int = 0
    """How many retries can help; 2 means as many as the caller allows."""


ERROR_CODES: Mapping[int, ErrorCode] = {
    1000: ErrorCode(AuthenticationError),
    2001: ErrorCode(APIStatusError),
    2009: ErrorCode(AuthenticationError),
    2021: ErrorCode(APIStatusError),
    3003: ErrorCode(APIStatusError),
    3006: ErrorCode(APIStatusError),
    3007: ErrorCode(APIStatusError, 1),
    3008: ErrorCode(APIStatusError, 1),
    3010: ErrorCode(ContextWindowError),
    3021: ErrorCode(RateLimitError, 2),
    3023: ErrorCode(AuthenticationError),
    3030: ErrorCode(ContextWindowError),
    3036: ErrorCode(QuotaError),
    3039: ErrorCode(APIStatusError),
    3040: ErrorCode(RateLimitError, 2),
    3041: ErrorCode(ModelUnavailableError),
    3042: ErrorCode(ModelUnavailableError),
    3046: ErrorCode(APIStatusError, 1),
    4006: ErrorCode(QuotaError),
    5004: ErrorCode(APIStatusError),
    5005: ErrorCode(APIStatusError),
    5006: ErrorCode(APIStatusError),
    5007: ErrorCode(ModelUnavailableError),
    5016: ErrorCode(ModelUnavailableError),
    5018: ErrorCode(ModelUnavailableError),
    5019: ErrorCode(APIStatusError),
    5021: ErrorCode(ContextWindowError),
    5025: ErrorCode(APIStatusError),
    5028: ErrorCode(ModelUnavailableError),
    5035: ErrorCode(ModelUnavailableError),
    7001: ErrorCode(APIStatusError),
    7003: ErrorCode(AuthenticationError),
    7009: ErrorCode(APIStatusError, 2),
    8001: ErrorCode(APIStatusError),
    8006: ErrorCode(APIStatusError),
    8007: ErrorCode(APIStatusError),
    9106: ErrorCode(AuthenticationError),
    10000: ErrorCode(AuthenticationError),
}
"""By code (wire.md 3.2 and 3.3)."""

_BY_STATUS: Mapping[int, type[APIStatusError]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    410: ModelUnavailableError,
    429: RateLimitError,
}
_RETRIED_STATUSES = frozenset({408, 429})
_CODE_IN_TEXT = re.compile(r"\b(\d{3,5})\s*:")
_UUID_AT_END = re.compile(r"\s*\([0-9a-f-]{36}\)\s*$")


def error_from_response(
    status_code: int, headers: Mapping[str, str], body: bytes
) -> WorkersAIError:
    """Return the error for a response with a status other than 200."""
    retry_after = read_retry_after(headers.get("retry-after"))
    if 300 <= status_code < 400:  # noqa: PLR2004 - the redirects of HTTP
        return ResponseError(
            f"The server sent a redirect ({status_code}), which is not followed: the token and "
            "the prompt go to the configured host only. Check the base URL.",
            status_code=status_code,
        )
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        value = None
    code, message = _code_and_message(value)
    message = message or _plain(body) or f"The server answered {status_code} without a reason."
    return _error(message, code, status_code, retry_after)


def error_in_body(value: dict[str, Any]) -> WorkersAIError | None:
    """Return the error that a body or an event reports despite status 200, if any.

    `success: false`, a non-empty `errors`, and `error` in any shape count (wire.md 1.2, 2.1).
    """
    if not (value.get("success") is False or value.get("errors") or value.get("error")):
        return None
    code, message = _code_and_message(value)
    return _error(message or "The server reported a failure without a reason.", code, 200, None)


def retries_for(error: WorkersAIError, allowed: int) -> int:
    """Return how many retries this error is worth (wire.md 3.4)."""
    known = ERROR_CODES.get(error.code) if error.code is not None else None
    if isinstance(error, QuotaError):
        return 0
    if known is not None and (known.retries or known.error is not APIStatusError):
        return min(allowed, known.retries)
    status = error.status_code or 0
    server = status >= 500  # noqa: PLR2004 - server errors in HTTP
    return allowed if server or status in _RETRIED_STATUSES else 0


def _error(
    message: str, code: int | None, status_code: int, retry_after: float | None
) -> APIStatusError:
    if code not in ERROR_CODES:
        code = _code_in(message) or code
    kind = _kind(message, code, status_code)
    return kind(message, status_code=status_code, code=code, retry_after=retry_after)


def _kind(message: str, code: int | None, status_code: int) -> type[APIStatusError]:
    lower = message.lower()
    if "daily free allocation" in lower:
        return QuotaError
    if "context window limit" in lower or "maximum context length" in lower:
        return ContextWindowError
    if code is not None and code in ERROR_CODES:
        return ERROR_CODES[code].error
    return _BY_STATUS.get(status_code, APIStatusError)


def _code_and_message(value: Any) -> tuple[int | None, str]:
    """Return the code and message of the first error in an error body of any shape."""
    for report in _reports(value):
        code = _as_code(report.get("internalCode", report.get("code")))
        message = report.get("message") or report.get("description") or report.get("detail")
        if message or code is not None:
            return code, _unwrapped(message if isinstance(message, str) else json.dumps(message))
    return None, ""


def _reports(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    for name in ("errors", "error"):
        found = value.get(name)
        for report in found if isinstance(found, list) else [found]:
            if isinstance(report, dict):
                yield report
            elif report and isinstance(report, str):
                yield {"message": report}
    if "message" in value or "internalCode" in value or "detail" in value:
        yield value


def _as_code(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value) else None


def _code_in(message: str) -> int | None:
    found = (int(match) for match in _CODE_IN_TEXT.findall(message))
    return next((code for code in found if code in ERROR_CODES), None)


def _unwrapped(message: str) -> str:
    """Unwrap the engine's own message from JSON embedded in the message."""
    start = message.find("{")
    if start < 0:
        return message
    try:
        inner = json.loads(_UUID_AT_END.sub("", message[start:]))
    except (ValueError, RecursionError):
        return message
    _, unwrapped = _code_and_message(inner)
    return f"{message[:start].strip()} {unwrapped}".strip() if unwrapped else message


def _plain(body: bytes) -> str:
    """Return the title of an HTML page, or plain text, as edge servers send them."""
    text = body[:20_000].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>([^<]{1,300})", text, re.IGNORECASE)
    if title:
        return f"The server sent a web page: “{title[1].strip()}”"
    return "" if text.lstrip().startswith("<") else text[:300].strip()


LONGEST_WAIT = 60.0
"""Seconds. If a server asks for more, there is no retry: the error states the server's wait."""


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Parse the header, a number or an HTTP date, as seconds from now; None if it is neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now or datetime.now(UTC))
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def wait_before(attempt: int, retry_after: float | None, first_backoff: float) -> float | None:
    """Return the seconds to wait after failure number `attempt` (1, 2, …), or None to give up.

    Without `retry_after` the wait doubles from `first_backoff` up to 8 s, minus random jitter of
    up to a quarter, which spreads the retries of clients that failed together.
    """
    if retry_after is not None:
        return retry_after if retry_after <= LONGEST_WAIT else None
    wait = min(first_backoff * 2.0 ** (attempt - 1), 8.0)
    return wait * (1 - 0.25 * random.random())  # noqa: S311 - jitter is not a secret


def _until(value: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
