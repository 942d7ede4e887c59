"""What can go wrong between a request and its answer.

    WorkersAIError
    ├── InvalidRequestError     the request breaks the documented schema; nothing was sent
    ├── InvalidImageError       the picture cannot be used; nothing was sent
    ├── JSONTextError           a text is not JSON that is taken (`json_text`)
    ├── ImportToolsError        what was pasted holds no tools that can be read (`tool_imports`)
    ├── PythonSourceError       what was pasted is not Python (`tool_imports.python_syntax`)
    ├── SchemaSourceError       what was pasted gives no schema (`schema_sources`)
    ├── SchemaEditError         a schema cannot be changed in this way (`schema_fields`)
    ├── ToolError               a runnable tool cannot do what its arguments ask (`runnable_tools`)
    ├── APIConnectionError      no answer: name, route, handshake, or a line that broke
    │   └── APITimeoutError     no answer in time
    ├── APIStatusError          the server answered that it failed
    │   ├── AuthenticationError     the token or the account is not accepted
    │   ├── ModelUnavailableError   retired, unknown, or not for this account
    │   ├── ContextWindowError      prompt and answer do not fit the window
    │   ├── RateLimitError          too many calls, or no capacity, for now
    │   └── QuotaError              the day's allowance is used up
    └── ResponseError           an answer came, but not one that the API documents

A class exists where the person is told something different. Messages are one line, at most 1000
characters, and never hold a secret.
"""

from collections.abc import Sequence
from typing import NamedTuple

LONGEST_MESSAGE = 1000


class Fault(NamedTuple):
    """One thing that is wrong, and where."""

    path: str
    """A path into the value, as `messages[0].content[1].image_url.url`; "" is the value itself."""

    message: str
    """One sentence: what is wrong, and what is accepted."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class WorkersAIError(Exception):
    """The root: catch this to catch every failure of this package.

    `status_code` is the HTTP status and `code` the number in the body (wire.md 3.2, 3.3), each
    None where there was none. `partial` is the text received before the failure. `retry_after` is
    in seconds, as the server asked.
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
        """Replace the message, everywhere it would be shown."""
        self.message = _one_line(message)
        self.args = (self.message,)


class InvalidRequestError(WorkersAIError):
    """The request breaks the documented schema. `faults` says where, one entry for each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)) or "The request is not valid.")


class InvalidImageError(WorkersAIError):
    """The bytes are not a picture that can be sent."""


class APIConnectionError(WorkersAIError):
    """The server could not be reached, or the line broke."""


class APITimeoutError(APIConnectionError):
    """The server did not answer in time, or fell silent."""


class APIStatusError(WorkersAIError):
    """The server answered with a failure that no narrower class describes."""


class AuthenticationError(APIStatusError):
    """The token is missing or wrong, or may not use Workers AI on this account."""


class ModelUnavailableError(APIStatusError):
    """The model is retired, unknown, or not available to this account."""


class ContextWindowError(APIStatusError):
    """The prompt and `max_tokens` together exceed the context window."""


class RateLimitError(APIStatusError):
    """Too many requests for now, or no capacity at the moment."""


class QuotaError(APIStatusError):
    """The day's free allowance is used up; it returns at 00:00 UTC."""


class ResponseError(WorkersAIError):
    """The answer is not in a form that the API documents."""


def _one_line(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 1]}…"
