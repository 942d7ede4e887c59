"""Stop texts: an answer ends at any text that the caller listed."""

from collections.abc import Sequence


class StopSequences:
    """Finds the stop texts in an answer that arrives in pieces.

    The end of a piece that could start a stop text is held back until the next piece decides.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._held = ""
        self.met = False
        """Whether a stop text was found: nothing after it belongs to the answer."""

    def take(self, text: str) -> str:
        """Add a piece, and return the text that can be shown."""
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

    def flush(self) -> str:
        """Return the held-back text at the end of the answer."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, stop: str) -> int:
    """Return how many characters at the end of `text` could be the start of `stop`."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if stop.startswith(text[-n:])), 0)
