"""The errors of this package.

    WorkersAIError
    ├── InvalidRequestError     the request violates the documented schema; nothing was sent
    ├── InvalidImageError       the picture cannot be used; nothing was sent
    ├── JSONTextError           the text is not acceptable JSON (`json_text`)
    ├── APIConnectionError      no answer: DNS, route, TLS handshake, or a lost connection
    │   └── APITimeoutError     no answer in time
    ├── APIStatusError          the server reported a failure
    │   ├── AuthenticationError     the token or the account is not accepted
    │   ├── ModelUnavailableError   retired, unknown, or not available to this account
    │   ├── ContextWindowError      prompt and answer do not fit into the context window
    │   ├── RateLimitError          too many requests, or no capacity, for now
    │   └── QuotaError              the day's allowance is used up
    └── ResponseError           the answer is not in a documented form

The rooms that build on this package add their own: `ImportToolsError` and `ToolError` in `tools`,
`PythonSourceError`, `SchemaSourceError` and `SchemaEditError` in `schemas`.

Each class calls for different advice on screen. Messages are one line of at most 1000 characters
and never contain a secret.
"""

from collections.abc import Sequence
from typing import NamedTuple

LONGEST_MESSAGE = 1000


class Fault(NamedTuple):
    """One thing that is wrong, and its path."""

    path: str
    """The path, such as `messages[0].content[1].image_url.url`; "" is the value itself."""

    message: str
    """One sentence: what is wrong, and what is accepted."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class WorkersAIError(Exception):
    """The base class of all errors of this package.

    `status_code` is the HTTP status and `code` the number in the body (wire.md 3.2, 3.3), None if
    absent. `partial` is the text received before the failure. `retry_after` is the server's, in
    seconds.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        code: int | None = None,
        partial: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.message = _one_line(message)
        self.status_code = status_code
        self.code = code
        self.partial = partial
        self.retry_after = retry_after
        super().__init__(self.message)

    def reword(self, message: str) -> None:
        """Replace the message everywhere it is shown."""
        self.message = _one_line(message)
        self.args = (self.message,)


class InvalidRequestError(WorkersAIError):
    """The request violates the documented schema. `faults` has an entry for each violation."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)) or "The request is not valid.")


class InvalidImageError(WorkersAIError):
    """The bytes are not a picture that can be sent."""


class APIConnectionError(WorkersAIError):
    """Could not connect, or the connection was lost."""


class APITimeoutError(APIConnectionError):
    """The server did not answer in time, or went silent."""


class APIStatusError(WorkersAIError):
    """The server reported a failure that no subclass describes."""


class AuthenticationError(APIStatusError):
    """The token is missing, wrong, or not permitted to use Workers AI on this account."""


class ModelUnavailableError(APIStatusError):
    """The model is retired, unknown, or not available to this account."""


class ContextWindowError(APIStatusError):
    """The prompt and `max_tokens` together exceed the context window."""


class RateLimitError(APIStatusError):
    """Too many requests, or no capacity at the moment."""


class QuotaError(APIStatusError):
    """The day's free allowance is used up; it resets at 00:00 UTC."""


class ResponseError(WorkersAIError):
    """The answer is not in a documented form."""


def _one_line(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 1]}…"
