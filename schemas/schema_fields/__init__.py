"""A JSON Schema as form rows, and the operations that edit it.

Each operation takes a schema and a path into it, and returns a new schema. Everything else stays
as it was, including keywords that the form does not know and the order of the keys. An edit that
is impossible raises SchemaEditError with a sentence. Paths come from the rows
(`SchemaField.place`).
"""

from .adding import add_definition, add_items, add_property
from .draft import NAME, Mark, Refusal, SchemaDraft
from .field_kinds import KINDS, OTHER, REF, kind_of, set_kind
from .fields import SchemaField, fields, shown_name, whole_field
from .keyword_boxes import DETAILS, text_of, with_text
from .keywords import set_keyword, unset_keyword
from .paths import SchemaEditError
from .references import reference_to, targets
from .reorder import duplicate, move, remove, rename
from .required import set_required
from .row_faults import faults_by_place

__all__ = [
    "DETAILS",
    "KINDS",
    "NAME",
    "OTHER",
    "REF",
    "Mark",
    "Refusal",
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
    "reference_to",
    "remove",
    "rename",
    "set_keyword",
    "set_kind",
    "set_required",
    "shown_name",
    "targets",
    "text_of",
    "unset_keyword",
    "whole_field",
    "with_text",
]
