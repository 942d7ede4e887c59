"""What an engine makes of a documented parameter, as data for the page and for the request."""

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["kept", "renamed", "limited", "unsure", "ignored"]
"""How a parameter fares: sent as it is, under another name, within a narrower range, sent although
the engine may ignore or refuse it, or not sent at all."""


@dataclass(frozen=True, slots=True)
class ParameterNote:
    """What becomes of one parameter at one engine."""

    parameter: str
    """The documented name."""

    sent_as: tuple[str, ...]
    """The engine's names for it; none if it is left out of the request."""

    sentence: str = ""
    """What a person should know beside the control; "" where nothing differs."""

    minimum: float | None = None
    """The least that the engine takes, where that is more than documented."""

    maximum: float | None = None
    """The most that the engine takes, where that is less than documented."""

    sure: bool = True
    """Whether it is known that the engine heeds it."""

    @property
    def treatment(self) -> Treatment:
        """The one word for it."""
        if not self.sent_as:
            return "ignored"
        if not self.sure:
            return "unsure"
        if self.minimum is not None or self.maximum is not None:
            return "limited"
        return "kept" if self.sent_as == (self.parameter,) else "renamed"

    def within(self, value: float) -> float:
        """Return the value that is sent for this one."""
        if self.minimum is not None and value < self.minimum:
            return self.minimum
        if self.maximum is not None and value > self.maximum:
            return self.maximum
        return value
