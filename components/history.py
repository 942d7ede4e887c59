"""An undo history: the values before each change."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_STEPS = 100


@dataclass
class History(Generic[T]):
    """Earlier values, newest last; beyond `MOST_STEPS` the oldest are dropped."""

    values: list[T] = field(default_factory=list)

    def remember(self, value: T) -> None:
        """Store the current value before it is changed."""
        self.values.append(value)
        del self.values[:-MOST_STEPS]

    def back(self) -> T | None:
        """Remove and return the value before the last change; None if there was no change."""
        return self.values.pop() if self.values else None
