"""The differences between two JSON values, such as two request bodies."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from workers_ai.json_values import Place, identity, path

_WHOLE: Place = ()


class Change(NamedTuple):
    """One difference."""

    path: str
    """Such as `messages[0].content`; "" is the whole value."""

    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None


def request_difference(before: Any, after: Any) -> list[Change]:
    """Return all differences, those of an object before those nested deeper in it.

    Objects are compared key by key and lists item by item; what only one of them has is added or
    removed as a whole. `1` and `1.0` are the same number, and neither equals `true`.
    """
    return list(_changes(before, after))


def _changes(before: Any, after: Any) -> Iterator[Change]:
    # A stack, not recursion: values can be nested deeper than Python's recursion limit.
    stack: list[tuple[Place, Any, Any]] = [(_WHOLE, before, after)]
    while stack:
        place, own, other = stack.pop()
        names, others = _parts(own), _parts(other)
        if names is None or others is None or type(own) is not type(other):
            if _differs(own, other):
                yield Change(path(place), "changed", own, other)
            continue
        common = [name for name in names if name in others]
        for name in names:
            if name not in others:
                yield Change(path((*place, name)), "removed", before=names[name])
        for name in others:
            if name not in names:
                yield Change(path((*place, name)), "added", after=others[name])
        stack += [((*place, name), names[name], others[name]) for name in reversed(common)]


def _parts(value: Any) -> dict[Any, Any] | None:
    if isinstance(value, list):
        return dict(enumerate(value))
    return value if isinstance(value, dict) else None


def _differs(own: Any, other: Any) -> bool:
    kinds = {isinstance(each, dict | list) for each in (own, other)}
    return True in kinds or bool(identity(own) != identity(other))
