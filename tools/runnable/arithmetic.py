"""Arithmetic that stays exact where possible, and never grows without bounds."""

import math
from collections.abc import Callable
from fractions import Fraction

from .tool import ToolError

Number = Fraction | float

MOST_BITS = 4096
"""Of a numerator or denominator: about 1,200 digits."""

_MOST_PLACES = 100


def bounded(value: Number | complex) -> Number:
    """Return the value, or raise ToolError if it is too large or not a real number."""
    if isinstance(value, complex):
        raise ToolError("The result is not a real number.")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ToolError("The result is too large.")
        return value
    exact = Fraction(value)
    if max(exact.numerator.bit_length(), exact.denominator.bit_length()) > MOST_BITS:
        raise ToolError("The intermediate numbers are too large.")
    return exact


def power(base: Number, exponent: Number) -> Number:
    """Return a power, exactly if the exponent is an integer."""
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length()) - 1
        if bits * abs(exponent.numerator) > MOST_BITS:
            raise ToolError("The power is too large.")
        return Fraction(base**exponent.numerator)
    if base < 0 and exponent != math.floor(exponent):
        raise ToolError("A negative number has no real power with a fractional exponent.")
    return bounded(float(base) ** float(exponent))


def _sqrt(value: Number) -> Number:
    if value < 0:
        raise ToolError("A negative number has no real square root.")
    if isinstance(value, Fraction):
        above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if Fraction(above, below) ** 2 == value:
            return Fraction(above, below)
    return math.sqrt(value)


def _round(value: Number, places: Number = Fraction(0)) -> Number:
    if places != int(places) or not -_MOST_PLACES <= places <= _MOST_PLACES:
        raise ToolError(f"round accepts a whole number of places, at most {_MOST_PLACES}.")
    # By the decimal digits: 2.675 rounds to 2.68, though its binary form is smaller.
    exact = Fraction(repr(value)) if isinstance(value, float) else value
    return Fraction(round(exact, int(places)))


def _log(value: Number, base: Number = math.e) -> Number:
    if value <= 0 or base <= 0 or base == 1:
        raise ToolError("A logarithm needs a number above 0, and a base above 0 other than 1.")
    known = {math.e: math.log, 2: math.log2, 10: math.log10}
    if base in known:
        return known[float(base)](value)
    return math.log(value) / math.log(base)


def _floor(value: Number) -> Number:
    return Fraction(math.floor(value))


def _ceil(value: Number) -> Number:
    return Fraction(math.ceil(value))


def _least(*values: Number) -> Number:
    return min(values)


def _most(*values: Number) -> Number:
    return max(values)


MANY = 100

FUNCTIONS: dict[str, tuple[Callable[..., Number], int, int]] = {
    "sqrt": (_sqrt, 1, 1),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
    "min": (_least, 1, MANY),
    "max": (_most, 1, MANY),
    "sin": (math.sin, 1, 1),
    "cos": (math.cos, 1, 1),
    "tan": (math.tan, 1, 1),
    "log": (_log, 1, 2),
    "exp": (math.exp, 1, 1),
    "floor": (_floor, 1, 1),
    "ceil": (_ceil, 1, 1),
}
"""The functions, each with its minimum and maximum number of arguments. Angles are in radians."""

CONSTANTS: dict[str, Number] = {"pi": math.pi, "e": math.e}

OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": power,
}
