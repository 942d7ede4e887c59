"""Bounds of numbers that a grammar can represent: a little narrower, never wider."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from workers_ai.json_values import is_number

LARGEST: Final = 2**53 - 1
"""Beyond it the grammar cannot distinguish neighboring integers."""

DECIMALS: Final = 6
"""The most decimals of a bound; the grammar does not represent finer ones exactly."""

BOUNDS: Final = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
"""The keywords, lower bounds first."""

_EXACT_BELOW = 10**8
_FINEST = Fraction(1, 10**DECIMALS)
_TOO_FAR = (
    f"the built-in model cannot distinguish numbers beyond {LARGEST:,}; keep the bounds within that"
)
_TOO_CLOSE = f"the built-in model supports {DECIMALS} decimals in bounds; move them further apart"


class UnrepresentableBoundsError(Exception):
    """There are numbers within the bounds, but none that the grammar can write."""


def narrowed_range(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the narrowed bounds of a schema, which replace all the bounds in it.

    Bounds that no number satisfies stay unchanged. Raises UnrepresentableBoundsError.
    """
    said = {name: Fraction(str(schema[name])) for name in BOUNDS if is_number(schema.get(name))}
    if not said:
        return {}
    whole = schema.get("type") == "integer"
    low = _lowest(said.get("minimum"), said.get("exclusiveMinimum"), whole=whole)
    high = _lowest(*_negative(said.get("maximum"), said.get("exclusiveMaximum")), whole=whole)
    high = None if high is None else -high
    if (low is not None and low > LARGEST) or (high is not None and high < -LARGEST):
        raise UnrepresentableBoundsError(_TOO_FAR)
    low = None if low is None else max(low, Fraction(-LARGEST))
    high = None if high is None else min(high, Fraction(LARGEST))
    if low is not None and high is not None and low > high:
        if whole or _contradict(said):
            return {name: schema[name] for name in said}
        raise UnrepresentableBoundsError(_TOO_CLOSE)
    return _written(low, high, schema)


def _lowest(least: Fraction | None, above: Fraction | None, *, whole: bool) -> Fraction | None:
    found = []
    if least is not None:
        found.append(_up(least, _step(least, whole=whole)))
    if above is not None:
        step = _step(above, whole=whole)
        found.append(_up(above + step / 2, step) if above % step == 0 else _up(above, step))
    return max(found, default=None)


def _negative(*values: Fraction | None) -> list[Fraction | None]:
    return [None if value is None else -value for value in values]


def _step(value: Fraction, *, whole: bool) -> Fraction:
    return Fraction(1) if whole or abs(value) >= _EXACT_BELOW else _FINEST


def _up(value: Fraction, step: Fraction) -> Fraction:
    return math.ceil(value / step) * step


def _contradict(said: Mapping[str, Fraction]) -> bool:
    low = max(said[name] for name in BOUNDS[:2] if name in said)
    high = min(said[name] for name in BOUNDS[2:] if name in said)
    exclusive = low == said.get("exclusiveMinimum") or high == said.get("exclusiveMaximum")
    return low > high or (low == high and exclusive)


def _written(
    low: Fraction | None, high: Fraction | None, schema: Mapping[str, Any]
) -> dict[str, Any]:
    chosen = {"const", "enum", "multipleOf"} & schema.keys()
    if low is not None and low == high and schema.get("type") == "number" and not chosen:
        # The grammar finds no number between equal bounds.
        return {"const": _number(low)}
    pairs = {"minimum": low, "maximum": high}
    return {name: _number(bound) for name, bound in pairs.items() if bound is not None}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
