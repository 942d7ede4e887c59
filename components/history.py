"""What there was before each change, so that it can be taken back."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_STEPS = 100


@dataclass
class History(Generic[T]):
    """The values that there were, the newest last; the oldest are forgotten."""

    values: list[T] = field(default_factory=list)

    def remember(self, value: T) -> None:
        """Note what there is before it is changed."""
        self.values.append(value)
        del self.values[:-MOST_STEPS]

    def back(self) -> T | None:
        """Return what there was before the last change, and forget it; None if nothing was."""
        return self.values.pop() if self.values else None
