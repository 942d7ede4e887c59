"""The generation of an answer, token by token."""

from collections.abc import Iterator
from typing import Literal, Protocol

import numpy as np

from .language_model import HelpModel, TextWeights
from .sampling import DEFAULT_MAX_TOKENS, Logits, Sampler
from .vocabulary import END

Ending = Literal["", "stop", "length"]

_SENTENCE_ENDS = (b".", b"!", b"?")
_INVITES = (":", "?")
_BRIEF_END = 9.0


class Source(Protocol):
    """A source of logits for an answer."""

    def logits(self, left: int) -> Logits:
        """Return the logits of the next token, if at most `left` more will be written."""

    def write(self, token: int) -> None:
        """Append the chosen token."""

    def continues(self) -> bool:
        """Return, after END was drawn, whether more text follows."""

    @property
    def finished(self) -> bool:
        """Whether nothing more can follow."""


class FreeText:
    """An answer as free text.

    It continues `prefill`; a `plain` prefill that ends with a question is answered instead.
    """

    def __init__(
        self, model: HelpModel, text_weights: TextWeights, prefill: str = "", *, plain: bool = False
    ) -> None:
        self._tokens = model.vocabulary.tokens
        self._paragraph = model.vocabulary.encode("\n\n")
        self._brief = text_weights.brief
        self._further = list(text_weights.next_passages)
        self._waiting: list[int] = []
        self._last = END
        self._context = model.context(text_weights)
        self._context.begin()
        for token in model.vocabulary.encode(prefill):
            self.write(token)
        if plain and prefill.rstrip().endswith(_INVITES):
            self._context.begin()

    finished = False

    def logits(self, left: int) -> Logits:  # noqa: ARG002 - free text does not plan its end
        """Return the n-gram model's logits; a brief answer ends after one sentence."""
        if self._waiting:
            return self._certain(self._waiting[0])
        logits = self._context.logits()
        if self._brief and self._tokens[self._last] in _SENTENCE_ENDS:
            logits[END] = max(float(np.max(logits)), 0) + _BRIEF_END
        return logits

    def write(self, token: int) -> None:
        """Append a token."""
        self._last = token
        self._context.write(token)
        if self._waiting:
            self._waiting.pop(0)
            if not self._waiting:
                self._context.begin_with(self._further.pop(0))

    def continues(self) -> bool:
        """Start a paragraph about the next passage, if a thorough answer has one."""
        if self._further:
            self._waiting = list(self._paragraph)
        return bool(self._further)

    def _certain(self, token: int) -> Logits:
        logits = np.full(len(self._tokens), -np.inf)
        logits[token] = 0
        return logits


class Writer:
    """An iterator over the token ids of one answer, which ends at END or at `max_tokens`."""

    def __init__(self, source: Source, sampler: Sampler, max_tokens: int | None = None) -> None:
        self._source = source
        self._sampler = sampler
        self._limit = DEFAULT_MAX_TOKENS if max_tokens is None else max_tokens
        self.count = 0
        self.ending: Ending = ""
        """How the answer ended; empty while it is being written."""

    def __iter__(self) -> Iterator[int]:
        while self.count < self._limit:
            token = self._sampler.draw(self._source.logits(self._limit - self.count))
            if token != END:
                yield self._written(token)
            if self._source.finished or (token == END and not self._source.continues()):
                self.ending = "stop"
                return
        self.ending = "length"

    def _written(self, token: int) -> int:
        self._source.write(token)
        self._sampler.remember(token)
        self.count += 1
        return token
