"""Faults of a value that should follow a schema."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry

from workers_ai import Fault
from workers_ai.json_values import path

from .closest_branch import nearest_errors
from .keywords import KEYWORDS, NOTHING_ACCEPTED, with_deadline
from .limits import RECURSION_FAULT, TIMEOUT_FAULT, OutOfTimeError, check_scope, size_fault
from .schema_check import check_schema

MOST_FAULTS = 50
"""How many faults are listed; one more counts the rest."""

_NOWHERE: Registry[Any] = Registry()
"""Contains no document and fetches none."""


def _timed_keywords() -> dict[str, Any]:
    known = dict(Draft202012Validator.VALIDATORS) | KEYWORDS
    return {name: with_deadline(keyword) for name, keyword in known.items()}


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, _timed_keywords()
)


def check_answer(value: Any, schema: Any) -> tuple[Fault, ...]:
    """Return the faults of a JSON value, each with its path and one sentence.

    At most `MOST_FAULTS`, then one that counts the rest. An invalid schema, a value that is nested
    too deeply, or a check that takes over `LONGEST_CHECK` is reported as a fault with the path "";
    nothing is raised.
    """
    if problems := check_schema(schema):
        return (Fault("", f"the schema itself is not valid: {problems[0]}"),)
    if problem := size_fault(value):
        return (problem,)
    listed: dict[Fault, None] = {}
    more = 0
    try:
        with check_scope():
            for fault in _faults(_Validator(schema, registry=_NOWHERE).iter_errors(value)):
                if len(listed) < MOST_FAULTS:
                    listed[fault] = None
                else:
                    more += fault not in listed
    except OutOfTimeError:
        return (*listed, TIMEOUT_FAULT)
    except RecursionError:
        return (*listed, RECURSION_FAULT)
    return (*listed, _beyond(more)) if more else tuple(listed)


def _beyond(more: int) -> Fault:
    return Fault("", f"{more} more {'error is' if more == 1 else 'errors are'} not listed")


def _faults(errors: Iterator[ValidationError]) -> Iterator[Fault]:
    for error in errors:
        for cause in nearest_errors(error):
            yield Fault(path(tuple(cause.absolute_path)), _sentence(cause))


def _sentence(error: ValidationError) -> str:
    # The library has its own sentence for a schema that is `false`.
    return NOTHING_ACCEPTED if error.schema is False else error.message
