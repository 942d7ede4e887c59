"""The values of an axis as typed by a person: `0, 0.6, 1`, `0..1 step 0.25`, or both."""

import re
from collections.abc import Iterator
from decimal import Decimal

from workers_ai import PARAMETERS, Fault, InvalidRequestError
from workers_ai.json_values import shown

from .axis import MOST_VALUES, Axis, too_many

LONGEST_TEXT = 2000
"""Characters."""

_NUMBER = r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})"
_ONE = re.compile(_NUMBER, re.ASCII)
_RANGE = re.compile(
    rf"({_NUMBER})\s*(?:\.\.\.?|…|to\b)\s*({_NUMBER})(?:\s*(?:step|by)\s*({_NUMBER}))?",
    re.ASCII | re.IGNORECASE,
)
_FORMS = "write numbers like `0, 0.6, 1`, or a range like `0..1 step 0.25`"


def read_axis(parameter: str, text: str) -> Axis:
    """Read the values of a parameter, or raise `InvalidRequestError` with a sentence.

    Values are separated by commas, semicolons or spaces. A range includes its first value, and its
    last one if the steps reach it; it can be descending. Ranges of integer parameters need no step.
    Repeated values are read once.
    """
    if len(text) > LONGEST_TEXT:
        raise _refusal(parameter, f"the text is longer than {LONGEST_TEXT:,} characters")
    values: dict[Decimal, None] = {}
    for part in _parts(text):
        values.update(dict.fromkeys(_values(parameter, part)))
    if len(values) > MOST_VALUES:
        raise too_many(parameter, len(values))
    return Axis(parameter, [_number(value) for value in values])


def written_values(axis: Axis) -> list[str]:
    """Return the values of an axis as a person types them, and as `read_axis` reads them."""
    # Not as JSON, which writes 0.00001 as 1e-05.
    return [format(Decimal(repr(value)), "f") for value in axis.values]


def _parts(text: str) -> Iterator[str]:
    """Split a text at its separators; spaces inside a range do not separate."""
    for part in filter(None, map(str.strip, re.split(r"[,;\n]", text))):
        if _RANGE.fullmatch(part) or not all(map(_ONE.fullmatch, part.split())):
            yield part
        else:
            yield from part.split()


def _values(parameter: str, part: str) -> list[Decimal]:
    if _ONE.fullmatch(part):
        return [Decimal(part)]
    found = _RANGE.fullmatch(part)
    if found is None:
        raise _refusal(parameter, f"{shown(part)} cannot be read; {_FORMS}")
    first, last = Decimal(found[1]), Decimal(found[2])
    return _stepped(parameter, part, first, last, _step(parameter, part, found[3]))


def _step(parameter: str, part: str, given: str | None) -> Decimal:
    if given is not None:
        step = Decimal(given)
    elif parameter in PARAMETERS and PARAMETERS[parameter].kind == "integer":
        step = Decimal(1)
    else:
        raise _refusal(parameter, f"{shown(part)} needs a step, such as `{part} step 0.25`")
    if step <= 0:
        raise _refusal(parameter, f"the step of {shown(part)} must be greater than 0")
    return step


def _stepped(
    parameter: str, part: str, first: Decimal, last: Decimal, step: Decimal
) -> list[Decimal]:
    count = int(abs(last - first) / step) + 1
    if count > MOST_VALUES:
        sentence = f"{shown(part)} gives {count:,} values; at most {MOST_VALUES} are allowed"
        raise _refusal(parameter, f"{sentence}. Widen the step")
    direction = step if last >= first else -step
    # In decimals: three times 0.1 is 0.3 and not 0.30000000000000004.
    return [first + at * direction for at in range(count)]


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)


def _refusal(parameter: str, sentence: str) -> InvalidRequestError:
    return InvalidRequestError([Fault(parameter, sentence)])
