"""The tokens of an engine's answer, each with the alternatives that the engine reports."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from workers_ai import Response, ResponseError
from workers_ai.json_values import shown

from .reported import Reported, from_logprobs, read_entry

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
    return tuple(map(_moment, entries)) if isinstance(entries, list) else ()


def _moment(entry: Any) -> ReportedToken:
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
