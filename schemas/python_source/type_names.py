"""Type names that annotations use, with their JSON Schemas."""

from collections.abc import Iterable
from typing import Any

ARRAYS = {
    *("list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator"),
    *("Collection", "deque", "Deque", "Generator"),
}
SETS = {"set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"}
DATE_TIMES = {"datetime", "AwareDatetime", "NaiveDatetime", "PastDatetime", "FutureDatetime"}
OBJECTS = {
    *("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict"),
    *("defaultdict", "DefaultDict", "Counter"),
}
WRAPPERS = {"Required", "NotRequired", "Final", "ReadOnly", "InitVar", "ClassVar", "Unpack"}

CONSTRAINED = {
    **dict.fromkeys(("constr", "conbytes"), "str"),
    "conint": "int",
    **dict.fromkeys(("confloat", "condecimal"), "float"),
    "condate": "date",
    "conlist": "list",
    **dict.fromkeys(("conset", "confrozenset"), "set"),
}
"""pydantic's functions that return a constrained type, with the type that they constrain."""

Schema = dict[str, Any]


def _all(names: Iterable[str], **schema: Any) -> dict[str, Schema]:
    return dict.fromkeys(names, schema)


NAMED: dict[str, Schema] = {
    **_all(("str", "Text", "AnyStr", "LiteralString", "SecretStr", "StrictStr"), type="string"),
    **_all(("Path", "PurePath", "bytes"), type="string"),
    **_all(("int", "StrictInt"), type="integer"),
    **_all(("float", "Decimal", "Number", "Real", "StrictFloat"), type="number"),
    **_all(("bool", "StrictBool"), type="boolean"),
    **_all(("Any", "object")),
    **_all((*ARRAYS, "tuple", "Tuple"), type="array"),
    **_all(SETS, type="array", uniqueItems=True),
    **_all(OBJECTS, type="object"),
    "NoneType": {"type": "null"},
    "NegativeInt": {"type": "integer", "exclusiveMaximum": 0},
    "NonPositiveInt": {"type": "integer", "maximum": 0},
    "PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "NonNegativeInt": {"type": "integer", "minimum": 0},
    "PositiveFloat": {"type": "number", "exclusiveMinimum": 0},
    "NonNegativeFloat": {"type": "number", "minimum": 0},
    "NegativeFloat": {"type": "number", "exclusiveMaximum": 0},
    "NonPositiveFloat": {"type": "number", "maximum": 0},
    **_all(("FiniteFloat",), type="number"),
    **_all(DATE_TIMES, type="string", format="date-time"),
    **_all(("date", "PastDate", "FutureDate"), type="string", format="date"),
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    **_all(("UUID", "UUID1", "UUID3", "UUID4", "UUID5"), type="string", format="uuid"),
    "IPv4Address": {"type": "string", "format": "ipv4"},
    "IPv6Address": {"type": "string", "format": "ipv6"},
    "EmailStr": {"type": "string", "format": "email"},
    **_all(("AnyUrl", "HttpUrl", "AnyHttpUrl"), type="string", format="uri"),
}
