"""Serializable errors: message and numbers, without the traceback."""

from dataclasses import dataclass

from workers_ai import Fault, InvalidRequestError, WorkersAIError


@dataclass(frozen=True, slots=True)
class KeptError:
    """The serializable content of an error."""

    name: str
    """The name of its class."""

    message: str
    status_code: int | None = None
    code: int | None = None
    retry_after: float | None = None
    """Seconds, as the server asked."""

    @classmethod
    def of(cls, error: WorkersAIError) -> "KeptError":
        """Return the content of an error."""
        name = type(error).__name__
        return cls(name, error.message, error.status_code, error.code, error.retry_after)

    def error(self) -> WorkersAIError:
        """Return the error, in its original class if that can be built from these fields."""
        if self.name == InvalidRequestError.__name__:
            return InvalidRequestError([Fault("", self.message)])
        kind = _below(WorkersAIError).get(self.name, WorkersAIError)
        return kind(
            self.message,
            status_code=self.status_code,
            code=self.code,
            retry_after=self.retry_after,
        )

    def __str__(self) -> str:
        return self.message


def _below(kind: type[WorkersAIError]) -> dict[str, type[WorkersAIError]]:
    """Return a class and its subclasses that have the same constructor, by name."""
    found = {kind.__name__: kind} if kind.__init__ is WorkersAIError.__init__ else {}
    for narrower in kind.__subclasses__():
        found |= _below(narrower)
    return found
