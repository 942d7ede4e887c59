"""A stub for a web service: it always gives the same answer and opens no connection."""

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from workers_ai import Fault, InvalidRequestError, Tool
from workers_ai.json_values import check_json, is_integer, is_number, shown
from workers_ai.validation import faults

LONGEST_DELAY = 10.0
"""Seconds."""

_STATUSES = range(100, 600)
_FIRST_FAILURE = 400


@dataclass(frozen=True, slots=True)
class HttpStub:
    """A tool that the user defines along with its answer.

    Raises InvalidRequestError, with a fault per field, if the status, body or delay is refused.
    """

    definition: Tool
    """The definition sent to the model."""

    status: int = 200
    """The HTTP status of the answer, 100 to 599."""

    body: Any = field(default_factory=dict)
    """The body of the answer: any JSON value."""

    delay: float = 0.0
    """Seconds to wait before the answer, at most 10."""

    def __post_init__(self) -> None:
        if found := list(self._faults()):
            raise InvalidRequestError(found)

    def run(self, _arguments: dict[str, Any]) -> Any:
        """Wait, then return the body, whatever the arguments.

        With a status of 400 or above it is an error: `{"error": "HTTP 404", "body": …}`.
        """
        time.sleep(self.delay)
        body = copy.deepcopy(self.body)
        if self.status < _FIRST_FAILURE:
            return body
        return {"error": f"HTTP {self.status}", "body": body}

    def _faults(self) -> Iterator[Fault]:
        if not is_integer(self.status) or self.status not in _STATUSES:
            refused = f"{shown(self.status)} is not accepted"
            yield Fault("status", f"{refused}; it must be a whole number from 100 to 599")
        if not is_number(self.delay) or not 0 <= self.delay <= LONGEST_DELAY:
            refused = f"{shown(self.delay)} is not accepted"
            yield Fault("delay", f"{refused}; it must be 0 to {LONGEST_DELAY:g} seconds")
        try:
            check_json(self.body)
        except ValidationError as error:
            yield from (Fault(f"body{_joined(path)}", message) for path, message in faults(error))


def _joined(path: str) -> str:
    return f".{path}" if path and not path.startswith("[") else path
