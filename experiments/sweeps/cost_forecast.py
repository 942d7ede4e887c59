"""What a sweep will take, before it is begun."""

import math
from dataclasses import dataclass

from workers_ai import Request, Usage, estimate_tokens, model_card

from .sweep import Sweep


@dataclass(frozen=True, slots=True)
class Forecast:
    """An estimate, and where the answers' lengths come in a bound: how much it can be at most."""

    calls: int
    input_tokens: int
    """Of all prompts together, estimated without the model's tokenizer (wire.md 8.2)."""

    output_tokens: int
    """At most, if every answer is as long as `max_tokens` lets it be."""

    cost: float
    """Dollars at the documented price, at most."""

    seconds: float | None
    """None while nobody knows how long a call takes."""


def forecast(
    sweep: Sweep,
    request: Request,
    *,
    seconds_per_call: float | None = None,
    concurrency: int = 1,
) -> Forecast:
    """Estimate the calls of a sweep of `request`, so many of them at once.

    `seconds_per_call` is what a call took so far. Where `max_tokens` is not sent, the documented
    default counts.
    """
    calls = sweep.count
    prompts = calls * estimate_tokens(request)
    answers = sum(_limit(sweep.changes(cell), request) for cell in sweep.cells())
    seconds = None
    if seconds_per_call is not None:
        seconds = math.ceil(calls / max(concurrency, 1)) * seconds_per_call
    return Forecast(calls, prompts, answers, model_card.cost(Usage(prompts, answers)), seconds)


def _limit(changes: dict[str, float | None], request: Request) -> int:
    given = changes.get("max_tokens", request.max_tokens)
    return max(int(model_card.default_max_tokens if given is None else given), 0)
