"""A JSON Schema as form rows, and the operations that edit it.

Each operation takes a schema and a path into it, and returns a new schema. Everything else stays
as it was, including keywords that the form does not know and the order of the keys. An edit that
is impossible raises SchemaEditError with a sentence. Paths come from the rows
(`SchemaField.place`).
"""

from .draft import NAME, Refusal, RowAnchor, SchemaDraft
from .field_kinds import KINDS, OTHER, REF, kind_of, set_kind
from .fields import SchemaField, faults_by_place, fields, shown_name, whole_field
from .keyword_boxes import DETAILS, text_of, with_text
from .operations import (
    add_definition,
    add_items,
    add_property,
    set_keyword,
    set_required,
    unset_keyword,
)
from .paths import SchemaEditError
from .references import reference_targets, reference_to
from .reorder import duplicate, move, remove, rename

__all__ = [
    "DETAILS",
    "KINDS",
    "NAME",
    "OTHER",
    "REF",
    "Refusal",
    "RowAnchor",
    "SchemaDraft",
    "SchemaEditError",
    "SchemaField",
    "add_definition",
    "add_items",
    "add_property",
    "duplicate",
    "faults_by_place",
    "fields",
    "kind_of",
    "move",
    "reference_targets",
    "reference_to",
    "remove",
    "rename",
    "set_keyword",
    "set_kind",
    "set_required",
    "shown_name",
    "text_of",
    "unset_keyword",
    "whole_field",
    "with_text",
]
