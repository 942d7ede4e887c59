"""The way from the model's scores to the final distribution, with one stage per parameter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np

from backends import DEFAULT_TEMPERATURE, Logits, SamplingSettings, logit_penalties, token_weights
from workers_ai import Parameters

from .replay import token_text

StageName = Literal[
    "raw",
    "repetition_penalty",
    "frequency_penalty",
    "presence_penalty",
    "temperature",
    "top_k",
    "top_p",
]

STAGES: tuple[StageName, ...] = (
    "raw",
    "repetition_penalty",
    "frequency_penalty",
    "presence_penalty",
    "temperature",
    "top_k",
    "top_p",
)
"""In the order in which they take effect. `raw` is the model's own distribution, temperature 1."""


class Scored(Protocol):
    """What is known before a token is drawn."""

    @property
    def vocabulary(self) -> Sequence[bytes]:
        """The bytes of each token."""

    @property
    def logits(self) -> Logits:
        """The score of each token; minus infinity if it is forbidden."""

    @property
    def prompt(self) -> Iterable[int]:
        """The tokens of the prompt, which `repetition_penalty` considers."""

    @property
    def answer(self) -> Sequence[int]:
        """The tokens of the answer so far, which all penalties consider."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The probabilities after one parameter has taken effect."""

    name: StageName
    value: float | None
    """The parameter's value, or None if it is not sent; then only `temperature` has an effect."""

    probabilities: Logits
    """One per token, 0 if it was cut. They add up to 1."""

    @property
    def kept(self) -> int:
        """How many tokens remain."""
        return int(np.count_nonzero(self.probabilities))

    @property
    def entropy(self) -> float:
        """How open the choice is, in bits: 0 is no choice, 1 a coin toss, 2 four equal options."""
        left = self.probabilities[self.probabilities > 0]
        return max(0.0, -float(left @ np.log2(left)))


class Row(NamedTuple):
    """One token through all stages."""

    token: int
    text: str
    logit: float
    """Before penalties."""

    probabilities: tuple[float, ...]
    """After each stage, in the order of `STAGES`."""

    cut_by: StageName | None
    """The first stage that cut it; `raw` means that a schema forbids it."""


@dataclass(frozen=True, slots=True)
class SamplingStages:
    """A choice of the next token, stage by stage."""

    vocabulary: Sequence[bytes]
    logits: Logits
    stages: tuple[Stage, ...]

    @property
    def probabilities(self) -> Logits:
        """The distribution from which the token is drawn."""
        return self.stages[-1].probabilities

    def rows(self, most: int = 50) -> list[Row]:
        """Return the most likely tokens: first those that remain, then those that were cut.

        Ties are ordered by raw probability, then by id.
        """
        keys = (self.stages[0].probabilities, *(stage.probabilities for stage in self.stages[3:]))
        order = np.lexsort([-key for key in keys])
        return [self.row(int(token)) for token in order[:most]]

    def row(self, token: int) -> Row:
        """Return the row of one token."""
        chances = tuple(float(stage.probabilities[token]) for stage in self.stages)
        cut = next((s.name for s, p in zip(self.stages, chances, strict=True) if p == 0), None)
        text = token_text(self.vocabulary[token])
        return Row(token, text, float(self.logits[token]), chances, cut)


def sampling_stages(scored: Scored, parameters: Parameters) -> SamplingStages:
    """Apply parameters to scores, exactly as the built-in model's sampler does.

    Penalties come first, then the temperature (0.6 if none is sent), then `top_k`, then `top_p`
    among the remaining tokens. `parameters` can be a request.
    """
    settings = SamplingSettings.of(Parameters.body(parameters))
    punished = logit_penalties(scored.logits, settings, scored.prompt, scored.answer)
    warmth = DEFAULT_TEMPERATURE if settings.temperature is None else settings.temperature
    cut = token_weights(
        punished.presence, temperature=warmth, top_k=settings.top_k, top_p=settings.top_p
    )
    scores = (scored.logits, *punished)
    shares = [*(token_weights(each, temperature=1).temperature for each in scores), *cut]
    stages = tuple(
        Stage(name, getattr(settings, name, None), share / share.sum())
        for name, share in zip(STAGES, shares, strict=True)
    )
    return SamplingStages(scored.vocabulary, scored.logits, stages)
