"""A job of a batch: one request, built when its turn comes."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from workers_ai import InvalidRequestError, Request, WorkersAIError
from workers_ai.json_values import shown
from workers_ai.validation import faults


@dataclass(frozen=True, slots=True)
class Job:
    """One call to make. Raises ValueError for a field of the wrong type."""

    key: str
    """Identifies its outcome; unique in a batch."""

    request: Callable[[], Request]
    """Builds the request in a thread of the batch, again for each call; it is not kept afterwards.

    If it raises an exception, the job fails for that reason.
    """

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise _refusal(
                f"its key must be a string of at least one character, not {shown(self.key)}"
            )
        if not callable(self.request):
            raise _refusal(f"the job {shown(self.key)} needs a function that makes its request")

    def make(self) -> Request:
        """Return the request, or raise a `WorkersAIError` whose message is a sentence."""
        try:
            request = self.request()
        except WorkersAIError:
            raise
        except ValidationError as error:
            raise InvalidRequestError(faults(error)) from None
        except OSError as error:
            # Not the whole text, which can reveal paths on this machine.
            raise _not_made(error.strerror or "a file could not be read") from None
        except Exception as error:  # noqa: BLE001 - a store's own errors are not known here
            raise _not_made(str(error) or type(error).__name__) from None
        if not isinstance(request, Request):
            raise _not_made("the function returned neither a ChatRequest nor a PromptRequest")
        return request


def _not_made(reason: str) -> WorkersAIError:
    return WorkersAIError(f"The request could not be built: {reason.rstrip('.')}.")


def _refusal(sentence: str) -> ValueError:
    return ValueError(f"This is not a valid job: {sentence}.")
