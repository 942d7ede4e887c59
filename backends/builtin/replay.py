"""Replay of a finished answer, token by token, with the logits of each step.

The text alone does not determine its tokens, because the same letters can be one token or several.
With a seed the same draws are repeated, which settles it; without one the most likely tokens are
assumed.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .answer import Answer
from .sampling import Logits, SamplingSettings
from .vocabulary import END, START, Vocabulary

_LONGEST_TOKEN = 64
_TINY = 1e-300
_UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class TokenStep:
    """The state of the model before one token."""

    vocabulary: Sequence[bytes]
    """The bytes of each token; `<end>` ends the answer. One letter may need several tokens."""

    logits: Logits
    """Of the whole vocabulary, before penalties. Minus infinity means forbidden."""

    prompt: frozenset[int]
    """The distinct tokens of the prompt."""

    answer: tuple[int, ...]
    """The tokens before this one."""

    token: int | None
    """The token that followed; None after the last."""

    sure: bool
    """Whether this token is certain, not just the most likely one for the text."""


def replay_answer(body: Mapping[str, Any], text: str) -> Iterator[TokenStep]:
    """Yield the step of each token of an answer, and the one after it.

    `body` is the body of the valid request that `text` answered. A text that the model cannot have
    written is followed as far as possible; an answer with tool calls has no text and no steps.
    Raises the same errors as `Answer`.
    """
    return _Retraced(body).steps(text)


class _Retraced(Answer):
    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self._prompt = frozenset(self._model.prompt_ids(self._conversation))
        self._draws_again = SamplingSettings.of(body).seed is not None

    def steps(self, text: str) -> Iterator[TokenStep]:
        if self._text is None:
            return
        source, rest = self._text, _Rest(text, self._model.vocabulary)
        answer: list[int] = []
        token: int | None = START
        while token is not None and len(answer) < self.max_tokens and not source.finished:
            logits = source.logits(self.max_tokens - len(answer))
            drawn = self._sampler.draw(logits) if self._draws_again else None
            if self._ends_a_part(drawn, logits, rest) and source.continues():
                continue
            sure = not rest.left if drawn is None or drawn == END else rest.fits(drawn)
            token = drawn if sure and rest.left else self._likeliest(logits, rest)
            yield self._step(logits, answer, token, sure=sure)
            if token is not None:
                source.write(token)
                self._sampler.remember(token)
                answer.append(token)
                rest.take(token)

    def _step(
        self, logits: Logits, answer: Sequence[int], token: int | None, *, sure: bool
    ) -> TokenStep:
        vocabulary = self._model.vocabulary.tokens
        return TokenStep(vocabulary, logits, self._prompt, tuple(answer), token, sure)

    def _ends_a_part(self, drawn: int | None, logits: Logits, rest: "_Rest") -> bool:
        """Return whether the model stopped here and continued with another paragraph."""
        if not rest.begins_with("\n\n"):
            return False
        if drawn is not None:
            return drawn == END
        likeliest = self._likeliest(logits, rest)
        return likeliest is None or bool(logits[END] > logits[likeliest])

    def _likeliest(self, logits: Logits, rest: "_Rest") -> int | None:
        """Find the most likely token for the beginning of the rest.

        Likelihood is compared per letter: a short token may be more likely here, but leave a rest
        that hardly ever follows.
        """
        chances = np.log(self._sampler.probabilities(logits) + _TINY)
        possible = [token for token in rest.beginnings() if np.isfinite(logits[token])]
        tokens = self._model.vocabulary.tokens
        return max(possible, key=lambda token: chances[token] / len(tokens[token]), default=None)


class _Rest:
    """The rest of a text; its tokens may end within a character."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text.encode("utf-8", "replace").decode()
        self._vocabulary = vocabulary
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._at = 0

    @property
    def left(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._text)

    def begins_with(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def fits(self, token: int) -> bool:
        """Return whether a token can come next."""
        before = self._decoder.getstate()
        read = self._decoder.decode(self._vocabulary.tokens[token])
        begun, _ = self._decoder.getstate()
        self._decoder.setstate(before)
        after = self._text[self._at + len(read) :][:1]
        return self.begins_with(read) and (
            not begun or after == _UNREADABLE or after.encode().startswith(begun)
        )

    def beginnings(self) -> Iterator[int]:
        """Yield the tokens that the rest begins with, the shortest first."""
        begun, _ = self._decoder.getstate()
        ahead = self._text[self._at : self._at + _LONGEST_TOKEN].encode()
        if not ahead.startswith(begun):
            return
        for size in range(1, min(len(ahead) - len(begun), _LONGEST_TOKEN) + 1):
            token = self._vocabulary.id_of(ahead[len(begun) : len(begun) + size])
            if token is not None and token not in (END, START):
                yield token

    def take(self, token: int) -> None:
        """Advance past a token."""
        self._at += len(self._decoder.decode(self._vocabulary.tokens[token]))
