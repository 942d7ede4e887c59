"""An engine's report of the next token: the most likely few, and what follows from them.

Engines report log-probabilities of the model itself, before penalties, temperature and cuts (vLLM,
llama-server and Ollama by default). Only two facts are known about the rest of the vocabulary: its
total is what remains to 1, and none of it is more likely than the last reported token. That is
enough to change `temperature`, `top_k` and `top_p` without a new call: exactly if only the reported
tokens matter, and within bounds otherwise. Penalties can lift any token above the reported ones, so
they require a new call.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from workers_ai import Parameters, Response, ResponseError
from workers_ai.json_values import is_number, shown

from .probability_bounds import ProbabilityShares, Shaping
from .replay import token_text

MOVABLE_PARAMETERS = ("temperature", "top_k", "top_p")
"""The parameters whose effect can be calculated from a report."""

_ROUNDING = 0.01
"""Engines round; a total further above 1 is not due to rounding."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The most likely tokens at one position, most likely first."""

    texts: tuple[str, ...]
    probabilities: tuple[float, ...]
    rest: float
    """The total probability of all other tokens."""

    def shares(self, parameters: Parameters, *, vocabulary: int | None = None) -> ProbabilityShares:
        """Return the shares under `temperature`, `top_k` and `top_p`; other parameters are ignored.

        `vocabulary` is the number of tokens of the model, if known: above temperature 1 the many
        unlikely tokens matter, and without their number there is no upper bound.
        """
        others = math.inf if vocabulary is None else max(vocabulary - len(self.texts), 0)
        shaping = Shaping(self.probabilities, self.rest, others, parameters)
        return shaping.shares(self.texts)


def from_logprobs(top_logprobs: Sequence[Any]) -> Reported:
    """Read the `top_logprobs` of one token, in OpenAI's format.

    Raises `ResponseError` if the format differs, or there are no log-probabilities.
    """
    read = sorted(map(read_entry, top_logprobs), key=lambda entry: -entry[1])
    # Some engines write -9999 for impossible tokens, which have no order.
    possible = [(text, chance) for text, chance in read if chance > 0]
    together = math.fsum(chance for _, chance in possible)
    if not possible:
        raise ResponseError("The engine reports no likely tokens.")
    if together > 1 + _ROUNDING:
        sentence = f"The engine's log-probabilities add up to {together:.2f}, more than 1"
        raise ResponseError(f"{sentence}: they must be something else.")
    rest = max(0.0, 1 - together) if len(possible) == len(read) else 0.0
    texts, chances = zip(*possible, strict=True)
    return Reported(texts, chances, rest)


def read_entry(entry: Any) -> tuple[str, float]:
    """Return a token as readable text, and its probability.

    Raises `ResponseError` if it is not a token with a log-probability.
    """
    fields = entry if isinstance(entry, Mapping) else {}
    text, logprob = fields.get("token"), fields.get("logprob")
    if isinstance(text, str) and isinstance(logprob, int | float) and is_number(logprob):
        return _spelled(fields.get("bytes")) or text, math.exp(min(logprob, 0))
    raise ResponseError(f"{shown(entry)} is not a token with a log-probability.")


def _spelled(values: Any) -> str:
    """Return a token's bytes as text: for a part of a character, engines leave the text empty."""
    try:
        return token_text(bytes(values)) if isinstance(values, list) else ""
    except (TypeError, ValueError):
        return ""


LOGPROBS_REQUEST: Mapping[str, Any] = MappingProxyType({"logprobs": True, "top_logprobs": 20})
"""The request keys that make an engine report tokens; vLLM and Ollama report at most 20."""


class ReportedToken(NamedTuple):
    """One token of an answer, with the most likely tokens at its position."""

    text: str
    """The token; includes the ones before it if the engine holds back parts of a character."""

    probability: float
    """How likely it was, before penalties, temperature and cuts."""

    chosen: int | None
    """Its index among the reported tokens, or None."""

    reported: Reported


def reported_tokens(response: Response) -> tuple[ReportedToken, ...]:
    """Return the tokens that an answer reports, if it was requested with `LOGPROBS_REQUEST`.

    Empty if the engine reports nothing. Raises `ResponseError` for an unexpected form.
    """
    raw = response.raw if isinstance(response.raw, Mapping) else {}
    result = raw.get("result")
    entries = result.get("logprobs") if isinstance(result, Mapping) else None
    return tuple(map(_reported_token, entries)) if isinstance(entries, list) else ()


def _reported_token(entry: Any) -> ReportedToken:
    text, probability = read_entry(entry)
    top = entry.get("top_logprobs")
    if not isinstance(top, list):
        raise ResponseError(f"{shown(entry)} has no `top_logprobs`.")
    reported = from_logprobs(top)
    ranked = sorted(top, key=lambda each: -read_entry(each)[1])[: len(reported.texts)]
    chosen = next((at for at, each in enumerate(ranked) if _is_same(each, entry)), None)
    if chosen == len(ranked) - 1 and reported.rest > probability:
        # vLLM always lists the drawn token: unlisted ones may be more likely.
        return ReportedToken(text, probability, None, from_logprobs(ranked[:-1]))
    return ReportedToken(text, probability, chosen, reported)


def _is_same(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two entries are the same token; llama-server has ids, as texts can repeat."""
    names = ("id",) if "id" in entry and "id" in other else ("token", "logprob")
    return all(entry.get(name) == other.get(name) for name in names)
