"""What an engine reports of the next token: the likeliest few, and so what can be told of them.

Engines report log-probabilities of the model itself, before penalties, temperature and cuts (vLLM,
llama-server and Ollama, as they come). The rest of the vocabulary is known in two ways only: all of
it together has what is left to 1, and none of it is likelier than the last one reported. That is
enough to move `temperature`, `top_k` and `top_p` without a new call: exactly where nothing but the
reported tokens matters, and within bounds elsewhere. Penalties may lift any token above the
reported ones, so they need a new call.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers_ai import Parameters, ResponseError, is_number, shown

from .probability_bounds import Shaping, Shares
from .spelling import spelled

MOVABLE = ("temperature", "top_k", "top_p")
"""The parameters whose effect can be told from what was reported."""

_ROUNDING = 0.01
"""Engines round; more than this above 1 is no rounding."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The likeliest tokens at one place, the likeliest first."""

    texts: tuple[str, ...]
    probabilities: tuple[float, ...]
    rest: float
    """What is left for all other tokens together."""

    def shares(self, parameters: Parameters, *, vocabulary: int | None = None) -> Shares:
        """Apply `temperature`, `top_k` and `top_p`; the other parameters are not looked at.

        `vocabulary` is how many tokens the model has, where that is known: above temperature 1 the
        many unlikely ones count, and without their number there is no upper bound to that.
        """
        others = math.inf if vocabulary is None else max(vocabulary - len(self.texts), 0)
        shaping = Shaping(self.probabilities, self.rest, others, parameters)
        return shaping.shares(self.texts)


def from_logprobs(top_logprobs: Sequence[Any]) -> Reported:
    """Read the `top_logprobs` of one token, in OpenAI's form.

    Raises ResponseError if it is not of that form, or holds no log-probabilities.
    """
    read = sorted(map(read_entry, top_logprobs), key=lambda entry: -entry[1])
    # Some engines write -9999 for what cannot come; there is no order among those.
    possible = [(text, chance) for text, chance in read if chance > 0]
    together = math.fsum(chance for _, chance in possible)
    if not possible:
        raise ResponseError("The engine reports no likely tokens.")
    if together > 1 + _ROUNDING:
        told = f"The engine's log-probabilities add up to {together:.2f}, more than 1"
        raise ResponseError(f"{told}: they are something else.")
    rest = max(0.0, 1 - together) if len(possible) == len(read) else 0.0
    texts, chances = zip(*possible, strict=True)
    return Reported(texts, chances, rest)


def read_entry(entry: Any) -> tuple[str, float]:
    """Return a token as a person reads it, and its probability.

    Raises ResponseError for what is no token with a log-probability.
    """
    told = entry if isinstance(entry, Mapping) else {}
    text, logprob = told.get("token"), told.get("logprob")
    if isinstance(text, str) and isinstance(logprob, int | float) and is_number(logprob):
        return _spelled(told.get("bytes")) or text, math.exp(min(logprob, 0))
    raise ResponseError(f"{shown(entry)} is no token with a log-probability.")


def _spelled(told: Any) -> str:
    """Spell a token's bytes: where it is a part of a character, engines leave its text empty."""
    try:
        return spelled(bytes(told)) if isinstance(told, list) else ""
    except (TypeError, ValueError):
        return ""
