"""The token budget of a JSON text: when to start its shortest completion."""

from collections.abc import Mapping
from typing import Any

from llguidance import LLMatcher

from .json_position import Cursor, Path
from .shortest_completion import shortest_completion
from .vocabulary import Vocabulary

_RESERVE = 6
_HORIZON = 40
_LONGEST_END = 400
_MOST_GROWTH = 40


class TokenBudget:
    """A watch on how many tokens the completion needs, which starts it in time.

    It reads the matcher and the cursor of a text that another object writes.
    """

    def __init__(
        self,
        matcher: LLMatcher,
        cursor: Cursor,
        vocabulary: Vocabulary,
        schema: Mapping[str, Any],
    ) -> None:
        self._matcher = matcher
        self._cursor = cursor
        self._vocabulary = vocabulary
        self._schema = schema
        self._tokens: list[int] = []
        self._plan_again_at: int | None = None
        self._planned_path: Path | None = None
        self._planned = 0
        self._growth = 0
        self._has_no_end = False

    def token(self, left: int) -> int | None:
        """Return the required next token, if at most `left` more will be written; None if free."""
        if not self._tokens and self._is_time_to_plan(left):
            self._plan(left)
        return self._tokens.pop(0) if self._tokens else None

    def out_of_string(self) -> int | None:
        """Return the first token that leads to the end of a constrained string, if any.

        `token` returns the rest.
        """
        if self._has_no_end:
            return None
        quote = self._vocabulary.id_of(b'"')
        tokens = self.shortest(_LONGEST_END) or []
        self._has_no_end = quote not in tokens
        if quote is None or self._has_no_end:
            return None
        self._tokens = tokens[: tokens.index(quote) + 1]
        return self._tokens.pop(0)

    def begin_string(self) -> None:
        """Note that another string has begun, which may have an end."""
        self._has_no_end = False

    def drop(self) -> None:
        """Abandon the current completion."""
        self._tokens = []

    def shortest(self, most: int = _LONGEST_END) -> list[int] | None:
        """Find the shortest completion, of at most `most` tokens."""
        return shortest_completion(
            self._matcher, self._cursor, self._vocabulary, self._schema, most=most
        )

    def _plan(self, left: int) -> None:
        tokens = self.shortest(2 * left)
        steps = len(tokens or ())
        pause = max(1, steps // 8)
        self._growth = min(max(self._growth, steps - self._planned), _MOST_GROWTH)
        self._planned = steps
        self._planned_path = self._cursor.path
        self._plan_again_at = min(left - pause, 2 * steps + _HORIZON)
        if tokens and steps <= left <= steps + pause + _RESERVE + self._growth:
            self._tokens = tokens

    def _is_time_to_plan(self, left: int) -> bool:
        """Return whether the completion may have become longer, as every new value can cause."""
        if self._plan_again_at is None or left <= self._plan_again_at:
            return True
        return self._cursor.path != self._planned_path
