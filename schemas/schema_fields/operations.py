"""Sets and removes single keywords of a schema."""

from typing import Any

from workers_ai.json_values import Place, plain

from .paths import object_at, with_part


def set_keyword(schema: Any, place: Place, keyword: str, value: Any) -> Any:
    """Return the schema with a keyword set; a new one comes last, others keep their position."""
    part = object_at(schema, place)
    return with_part(schema, place, {**part, keyword: plain(value)})


def unset_keyword(schema: Any, place: Place, keyword: str) -> Any:
    """Return the schema without a keyword; the same object if it was not there."""
    part = object_at(schema, place)
    if keyword not in part:
        return schema
    kept = {name: value for name, value in part.items() if name != keyword}
    return with_part(schema, place, kept)
