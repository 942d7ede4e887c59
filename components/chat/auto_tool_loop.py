"""Tools that run automatically: for how many rounds, and when to wait for a person."""

from dataclasses import dataclass

MOST_ROUNDS = 5
"""Times in a row that results are sent to the model without a person."""


@dataclass
class AutoToolLoop:
    """Progress of automatic tool calls since the last question in this tab."""

    automatic: bool = False
    done: int = 0
    paused: bool = False
    answer: str | None = None
    """The id of the last answer started from here: only its calls run automatically."""

    def follow(self, answer: str | None, *, is_new: bool) -> None:
        """Note the answer that has just started: to a question (`is_new`), or to results."""
        self.answer = answer
        self.done = 0 if is_new else self.done + 1
        self.paused = self.paused and not is_new

    @property
    def exhausted(self) -> bool:
        """Whether a person has to continue."""
        return self.done >= MOST_ROUNDS

    def may_run_automatically(self, answer: str) -> bool:
        """Return whether the calls of this answer run without a person."""
        return self.automatic and not self.paused and not self.exhausted and answer == self.answer

    def resume(self) -> None:
        """Continue with a full number of rounds."""
        self.paused, self.done = False, 0
