"""A parameter and its values in a sweep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workers_ai import PARAMETERS, Fault, InvalidRequestError
from workers_ai.json_values import is_integer, shown
from workers_ai.validation import check_parameter

MOST_VALUES = 50

SWEPT_PARAMETERS = tuple(name for name, each in PARAMETERS.items() if each.kind != "boolean")
"""The parameters that can be swept: all numeric ones."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One to fifty distinct values of a parameter, in the order in which they are tried.

    Raises `InvalidRequestError` with a sentence for each value that is not accepted. Whole numbers
    are stored as integers, so 1 and 1.0 are the same value everywhere.
    """

    parameter: str
    values: Sequence[float]
    """Stored as a tuple."""

    def __post_init__(self) -> None:
        if self.parameter not in SWEPT_PARAMETERS:
            raise _refusal(
                self.parameter, f"it cannot be swept; only {', '.join(SWEPT_PARAMETERS)} can"
            )
        if not self.values:
            raise _refusal(self.parameter, "at least one value is required")
        if len(self.values) > MOST_VALUES:
            raise too_many(self.parameter, len(self.values))
        values = _checked(self.parameter, self.values)
        repeated = next((value for at, value in enumerate(values) if value in values[:at]), None)
        if repeated is not None:
            raise _refusal(self.parameter, f"{shown(repeated)} appears twice")
        object.__setattr__(self, "values", values)


def too_many(parameter: str, count: int) -> InvalidRequestError:
    """Return the error for a list that is too long."""
    sentence = f"these are {count:,} values; at most {MOST_VALUES} are allowed. Widen the step"
    return _refusal(parameter, sentence)


def _checked(parameter: str, values: Iterable[float]) -> tuple[float, ...]:
    accepted: list[float] = []
    faults: list[Fault] = []
    for value in values:
        try:
            accepted.append(check_parameter(parameter, value))
        except InvalidRequestError as error:
            faults += error.faults
    if faults:
        raise InvalidRequestError(faults)
    return tuple(int(value) if is_integer(value) else value for value in accepted)


def _refusal(parameter: str, sentence: str) -> InvalidRequestError:
    return InvalidRequestError([Fault(parameter, sentence)])
