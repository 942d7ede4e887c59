"""JSON values, as pydantic types that keep a value as it was passed.

Types are those of JSON Schema: `true` is not a number, `"5"` is not 5, `1.0` is the integer 1, and
NaN and infinities do not exist.
"""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NoReturn

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WrapValidator,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError
from pydantic_core.core_schema import ValidatorFunctionWrapHandler

DEEPEST_NESTING = 400
"""Levels of lists and objects. The json module would overflow the stack at about a thousand."""

LONGEST_INTEGER = 4000
"""Digits. Python refuses to write an integer of more than 4300."""

_LARGEST_INTEGER = 10**LONGEST_INTEGER - 1

Place = tuple[int | str, ...]


def path(place: Place) -> str:
    """Return a path as text, such as `messages[0].content[1].image_url.url`."""
    return "".join(map(_step, place)).removeprefix(".")


def _step(key: int | str) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f".{key}"
    return f"[{json.dumps(key)}]"


def plain(value: Any) -> Any:
    """Return a copy of `value` made of dicts, lists and scalars only, models as their bodies."""
    if isinstance(value, WireModel):
        return value.body()
    # map, not comprehensions: in Python 3.11 those cost a second stack frame on every level.
    if isinstance(value, dict):
        return dict(zip(value, map(plain, value.values()), strict=True))
    if isinstance(value, list | tuple):
        return list(map(plain, value))
    return value


def is_number(value: object) -> bool:
    """Return whether this is a JSON number: not a boolean, NaN or infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def is_integer(value: object) -> bool:
    """Return whether JSON Schema calls this an integer; `1.0` is one."""
    return is_number(value) and value == math.floor(value)  # type: ignore[call-overload]


def check_json(value: Any) -> Any:
    """Return a copy of `value`, or raise a ValidationError with an entry for each non-JSON part."""
    faults = list(_faults(value))
    if faults:
        raise ValidationError.from_exception_data("JSON", faults)
    return plain(value)


def nesting(value: Any) -> int:
    """Return how many levels of lists and objects a JSON value has; a scalar has none."""
    # Level by level, not by recursion: nesting can exceed Python's recursion limit.
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [
            part for each in level for part in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def with_part(value: Any, place: Place, part: Any) -> Any:
    """Return a JSON value with the part at a path replaced. The rest is shared with the old one."""
    around: list[tuple[Any, int | str]] = []
    for key in place:
        around.append((value, key))
        value = value[key]
    for outer, key in reversed(around):
        copy = outer.copy()
        copy[key] = part
        part = copy
    return part


def shown(value: object) -> str:
    """Return a rejected value, or its type, on one short line."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        return f'"{_short(value)}"'
    if isinstance(value, int) and abs(value) >= 10**30:
        return "a number with more than 30 digits"
    return _short(_NOT_NUMBERS.get(str(value), str(value)))


_NOT_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}

_LONGEST_TEXT = 40


def _short(text: str) -> str:
    short = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return short.encode(errors="replace").decode()


def _faults(value: Any) -> Iterator[InitErrorDetails]:
    # A stack, not recursion: nesting can exceed Python's recursion limit.
    stack: list[tuple[Place, Any]] = [((), value)]
    while stack:
        place, item = stack.pop()
        if len(place) > DEEPEST_NESTING:
            yield _fault((), f"nested more than {DEEPEST_NESTING} levels deep; that cannot be sent")
            return
        if isinstance(item, dict):
            yield from _key_faults(place, item)
            stack += _parts(place, ((key, item[key]) for key in reversed(item)))
        elif isinstance(item, list):
            stack += _parts(place, ((at, item[at]) for at in reversed(range(len(item)))))
        elif problem := _scalar_problem(item):
            yield _fault(place, problem)


def _parts(place: Place, items: Iterable[tuple[Any, Any]]) -> list[tuple[Place, Any]]:
    return [((*place, key), part) for key, part in items if isinstance(key, int | str)]


def _key_faults(place: Place, item: dict[Any, Any]) -> Iterator[InitErrorDetails]:
    if not all(isinstance(key, str) for key in item):
        yield _fault(place, "every key of a JSON object must be a string")


def _scalar_problem(item: object) -> str:
    if item is None or isinstance(item, bool | str):
        return ""
    if not isinstance(item, int | float):
        return f"a Python {type(item).__name__} is not a JSON value"
    if not is_number(item):
        return "NaN and infinities are not JSON numbers"
    if isinstance(item, int) and abs(item) > _LARGEST_INTEGER:
        return f"integers of more than {LONGEST_INTEGER} digits are not accepted"
    return ""


def _fault(place: Place, sentence: str) -> InitErrorDetails:
    error = PydanticCustomError("json", "{sentence}", {"sentence": sentence})
    return InitErrorDetails(type=error, loc=place, input=None)


def refuse_null() -> NoReturn:
    """Raise the error for a null where a key must be absent or have a value."""
    raise PydanticCustomError("null", "null is not accepted; set a value or omit the key")


def _refuse(kind: Any) -> NoReturn:
    raise PydanticKnownError(kind)


def _number(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if not is_number(value):
        _refuse("float_type")
    handler(value)
    return value


def _integer(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    integer = handler(int(value)) if is_integer(value) else _refuse("int_type")
    return check_json(integer)


def _object(value: Any) -> Any:
    return check_json(value) if isinstance(value, dict) else _refuse("dict_type")


def _checked(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    handler(value)
    return check_json(value)


AS_NUMBER = WrapValidator(_number)
"""Accepts JSON numbers only and keeps them as they are: 1 does not become 1.0."""

AS_INTEGER = WrapValidator(_integer)
"""Accepts 1.0 as an integer and makes it 1: the same JSON number, written shorter."""

UNCHANGED = WrapValidator(_checked)
"""Validates with the annotated type and keeps the original value: order, keywords and all."""

JSONValue = Annotated[Any, PlainValidator(check_json)]
JSONObject = Annotated[dict[str, Any], PlainValidator(_object)]


class WireModel(BaseModel):
    """An immutable JSON object of the API; undocumented keys are kept and sent.

    An absent key is None here; a key that is present must not be null.
    """

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    __pydantic_extra__: dict[str, JSONValue] = Field(init=False)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: Any) -> Any:
        return refuse_null() if value is None else value

    def body(self) -> dict[str, Any]:
        """Return the JSON object that is sent: only the keys that were set."""
        return {name: plain(value) for name, value in self.given().items()}

    def given(self) -> dict[str, Any]:
        """Return the keys that were set; models among the values stay models."""
        fields = {name: getattr(self, name) for name in type(self).__pydantic_fields__}
        given = {name: value for name, value in fields.items() if value is not None}
        return given | (self.model_extra or {})


def identity(value: Any) -> Any:
    """Return a hashable key that is the same for equal JSON values, and only for those."""
    if isinstance(value, dict):
        return "object", frozenset(zip(value, map(identity, value.values()), strict=True))
    if isinstance(value, list | tuple):
        return "list", *map(identity, value)
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "constant", value
    # As text: the hash of a number can be chosen so that many collide.
    return "number", str(int(value) if is_integer(value) else value)
