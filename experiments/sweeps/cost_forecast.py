"""A forecast of a sweep's calls, tokens, cost and time."""

import math
from dataclasses import dataclass

from workers_ai import Request, Usage, model_card
from workers_ai.requests import estimate_tokens

from .sweep import Sweep


@dataclass(frozen=True, slots=True)
class Forecast:
    """An estimate; where it depends on the answers' lengths, an upper bound."""

    calls: int
    input_tokens: int
    """For all prompts together, estimated without the model's tokenizer (wire.md 8.2)."""

    output_tokens: int
    """At most, if every answer reaches `max_tokens`."""

    cost: float
    """Dollars at the documented price, at most."""

    seconds: float | None
    """None if the duration of a call is unknown."""


def forecast(
    sweep: Sweep,
    request: Request,
    *,
    seconds_per_call: float | None = None,
    concurrency: int = 1,
) -> Forecast:
    """Return a forecast for a sweep of `request` with `concurrency` parallel calls.

    `seconds_per_call` is the duration of a call so far. If `max_tokens` is not sent, the documented
    default applies.
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
