"""The tokens of an engine's answer, each with what the engine reports of its place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from workers_ai import Response, ResponseError, shown

from .reported import Reported, from_logprobs, read_entry

LOGPROBS: Mapping[str, Any] = MappingProxyType({"logprobs": True, "top_logprobs": 20})
"""The keys of a request that make an engine report; vLLM and Ollama give 20 at most."""


class ReportedMoment(NamedTuple):
    """One token of an answer, and the likeliest tokens in its place."""

    text: str
    """The token; with those before it where an engine holds parts of a character back."""

    probability: float
    """How likely it was, before penalties, temperature and cuts."""

    chosen: int | None
    """Which of the reported tokens it is; None is none of them."""

    reported: Reported


def reported_moments(response: Response) -> tuple[ReportedMoment, ...]:
    """Return what an answer reports of its tokens, if it was asked for with `LOGPROBS`.

    An engine that reports nothing gives none. Raises ResponseError for what is of another form.
    """
    raw = response.raw if isinstance(response.raw, Mapping) else {}
    result = raw.get("result")
    entries = result.get("logprobs") if isinstance(result, Mapping) else None
    return tuple(map(_moment, entries)) if isinstance(entries, list) else ()


def _moment(entry: Any) -> ReportedMoment:
    text, probability = read_entry(entry)
    top = entry.get("top_logprobs")
    if not isinstance(top, list):
        raise ResponseError(f"{shown(entry)} has no `top_logprobs`.")
    reported = from_logprobs(top)
    ranked = sorted(top, key=lambda each: -read_entry(each)[1])[: len(reported.texts)]
    chosen = next((at for at, each in enumerate(ranked) if _is_same(each, entry)), None)
    if chosen == len(ranked) - 1 and reported.rest > probability:
        # vLLM lists what was drawn in any case: others may be likelier.
        return ReportedMoment(text, probability, None, from_logprobs(ranked[:-1]))
    return ReportedMoment(text, probability, chosen, reported)


def _is_same(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two entries are of one token; llama-server tells ids, and texts may be alike."""
    names = ("id",) if "id" in entry and "id" in other else ("token", "logprob")
    return all(entry.get(name) == other.get(name) for name in names)
