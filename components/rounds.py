"""Calls that answer themselves: how often in a row, and when not."""

from dataclasses import dataclass

MOST_ROUNDS = 5
"""Times in a row that results are told to the model without a person."""


@dataclass
class Rounds:
    """How far calls have been answered by themselves since the last question in this tab."""

    automatic: bool = False
    done: int = 0
    paused: bool = False
    answer: str | None = None
    """The id of the last answer that was begun from here: only its calls answer themselves."""

    def follow(self, answer: str | None, *, anew: bool) -> None:
        """Note the answer that has just been begun: to a question, or to results."""
        self.answer = answer
        self.done = 0 if anew else self.done + 1
        self.paused = self.paused and not anew

    @property
    def used_up(self) -> bool:
        """Whether it takes a person to go on."""
        return self.done >= MOST_ROUNDS

    def may_go_on(self, answer: str) -> bool:
        """Whether the calls of this answer are to be answered without a person."""
        return self.automatic and not self.paused and not self.used_up and answer == self.answer

    def resume(self) -> None:
        """Go on, with as many rounds as at the beginning."""
        self.paused, self.done = False, 0
