"""Ending an answer at a text that the caller named."""

from collections.abc import Sequence


class StopTexts:
    """Looks for the stop texts in an answer that comes in pieces.

    A piece's end that a stop text may begin with is held back until the next piece tells.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._held = ""
        self.met = False
        """Whether a stop text has come: nothing after it belongs to the answer."""

    def take(self, text: str) -> str:
        """Return what of the answer may be shown, now that this piece has come."""
        if not self._stops or not text:
            return text
        whole, self._held = self._held + text, ""
        found = [at for stop in self._stops if (at := whole.find(stop)) >= 0]
        if found:
            self.met = True
            return whole[: min(found)]
        begun = max(_begun(whole, stop) for stop in self._stops)
        self._held = whole[len(whole) - begun :]
        return whole[: len(whole) - begun]

    def rest(self) -> str:
        """Return what was held back, at the end of the answer."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, stop: str) -> int:
    """Return how many characters at the end of `text` may be the beginning of `stop`."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if stop.startswith(text[-n:])), 0)
