"""Schemas made of what a person has: an example, Python classes, a table, or a schema.

    from workers_ai.schema_sources import schema_from

    sourced = schema_from('{"name": "Ada", "born": "1815-12-10"}')
    sourced.schema      # a JSON Schema (2020-12) that the example follows
    sourced.notes       # what was guessed: born is a date

Nothing that is read is run, imported or fetched, and what it may cost is bounded. In
`EXAMPLE_SCHEMAS` are ready ones, each with a question and a picture that `sample_picture` draws.
"""

from .guided_examples import EXAMPLE_SCHEMAS, GuidedExample
from .sample_pictures import SAMPLE_PICTURES, SamplePicture, sample_picture
from .sourced import SCHEMA_SOURCES, SchemaSource, SchemaSourceError, SourcedSchema
from .sourcing import schema_from

__all__ = [
    "EXAMPLE_SCHEMAS",
    "SAMPLE_PICTURES",
    "SCHEMA_SOURCES",
    "GuidedExample",
    "SamplePicture",
    "SchemaSource",
    "SchemaSourceError",
    "SourcedSchema",
    "sample_picture",
    "schema_from",
]
