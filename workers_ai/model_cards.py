"""The documented facts of the model, each with its source."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .contract import input_schema, output_schema
from .responses import Usage

NEURON_PRICE = 0.011 / 1000
"""Dollars per neuron (wire.md 3.5)."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The facts on the model's documentation page."""

    model: str
    context_window: int
    """Tokens, prompt and answer together."""

    input_price: float
    """Dollars per million prompt tokens."""

    output_price: float
    """Dollars per million completion tokens."""

    lora: bool
    default_max_tokens: int
    image_tokens: int
    """Prompt tokens per picture, without its delimiters (wire.md 4.2)."""

    image_side: int
    """Pixels: the model sees every picture as a square of this side."""

    retired: date

    @property
    def input_schema(self) -> dict[str, Any]:
        """The page's JSON Schema of a request."""
        return input_schema()

    @property
    def output_schema(self) -> dict[str, Any]:
        """The page's JSON Schema of an answer."""
        return output_schema()

    def cost(self, usage: Usage) -> float:
        """Return dollars: from `neurons` if the server reports them, else from the page's price."""
        if usage.neurons is not None:
            return usage.neurons * NEURON_PRICE
        spent = usage.prompt_tokens * self.input_price
        return (spent + usage.completion_tokens * self.output_price) / 1_000_000


model_card = ModelCard(
    model="@cf/google/gemma-3-12b-it",
    context_window=80_000,
    input_price=0.35,
    output_price=0.56,
    lora=True,
    default_max_tokens=256,
    image_tokens=256,
    image_side=896,
    retired=date(2026, 5, 30),
)
