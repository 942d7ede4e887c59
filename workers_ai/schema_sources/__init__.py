"""Makes schemas from what people have: an example, Python classes, a table, or a schema.

    from workers_ai.schema_sources import schema_from

    sourced = schema_from('{"name": "Ada", "born": "1815-12-10"}')
    sourced.schema      # a JSON Schema (2020-12) that the example follows
    sourced.notes       # what was guessed: born is a date

The input is never run or imported, nothing is fetched, and the cost is bounded. `EXAMPLE_SCHEMAS`
holds ready-made ones, each with a question and a picture that `sample_picture` draws.
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
