"""How an engine treats a documented parameter, as data for the page and for the request."""

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["kept", "renamed", "limited", "unsure", "ignored"]
"""How a parameter is treated: sent as it is, under another name, within a smaller range, sent
although the engine may ignore or refuse it, or not sent."""


@dataclass(frozen=True, slots=True)
class ParameterNote:
    """How one engine treats one parameter."""

    parameter: str
    """The documented name."""

    sent_as: tuple[str, ...]
    """The engine's names for it; empty if it is left out of the request."""

    sentence: str = ""
    """The note to show next to the control; "" if nothing differs."""

    minimum: float | None = None
    """The engine's lower bound, where it is above the documented one."""

    maximum: float | None = None
    """The engine's upper bound, where it is below the documented one."""

    sure: bool = True
    """Whether the engine is known to apply it."""

    @property
    def treatment(self) -> Treatment:
        """The treatment in one word."""
        if not self.sent_as:
            return "ignored"
        if not self.sure:
            return "unsure"
        if self.minimum is not None or self.maximum is not None:
            return "limited"
        return "kept" if self.sent_as == (self.parameter,) else "renamed"

    def within(self, value: float) -> float:
        """Return the value to send for this one."""
        if self.minimum is not None and value < self.minimum:
            return self.minimum
        if self.maximum is not None and value > self.maximum:
            return self.maximum
        return value
