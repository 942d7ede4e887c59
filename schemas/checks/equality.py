"""Equality as JSON Schema defines it: `1` equals `1.0`, but neither equals `true`."""

from typing import Any

from workers_ai.json_values import is_integer


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
