"""JSON Schema: check in plain sentences, edit as a form, infer from sources, judge answers.

    from schemas import check_answer, check_schema, read_guided_answer, schema_from

    schema = schema_from('{"name": "Ada", "born": "1815-12-10"}').schema
    check_schema(schema)                                    # the faults, each with a JSON path
    read_guided_answer(text, schema, finish).verdict        # valid, faulty, cut off, or not JSON

Nothing is fetched: references lead into the schema itself, or are refused.
"""

from . import schema_fields
from .annotated_json import marked_json
from .answers.guided_answer import GuidedAnswer, read_guided_answer
from .answers.repair import repair_request
from .answers.tables import of_one_kind, table_of, tables, to_csv
from .checks.answer_check import check_answer
from .checks.ecma_patterns import PatternError
from .checks.equality import identity
from .checks.formats import FORMATS
from .checks.keyword_shapes import LISTS, MAPS, SINGLE
from .checks.patterns import compiled, pattern_problem
from .checks.schema_check import check_schema
from .checks.value_keywords import TYPES
from .conversion.dialects import CAPITALS, in_json_schema
from .conversion.import_report import NO_PLACE, Findings, quoted
from .conversion.references import References
from .conversion.subschemas import with_parts
from .conversion.type_inference import inferred, is_of_kind, kind_of, one_kind
from .conversion.unions import merged, one_schema
from .flags import schema_flags
from .python_source.annotations import Types
from .python_source.classes import Classes
from .python_source.constants import NotAConstantError, last_name, text_of
from .python_source.docstrings import Docstring, read_docstring
from .python_source.field_metadata import is_field, limited, read_field
from .python_source.syntax import PythonSourceError, looks_like_python, parsed
from .sources.guided_examples import EXAMPLE_SCHEMAS, GuidedExample
from .sources.infer import schema_from
from .sources.inferred import SchemaSourceError, SourcedSchema
from .sources.sample_pictures import sample_picture

__all__ = [
    "CAPITALS",
    "EXAMPLE_SCHEMAS",
    "FORMATS",
    "LISTS",
    "MAPS",
    "NO_PLACE",
    "SINGLE",
    "TYPES",
    "Classes",
    "Docstring",
    "Findings",
    "GuidedAnswer",
    "GuidedExample",
    "NotAConstantError",
    "PatternError",
    "PythonSourceError",
    "References",
    "SchemaSourceError",
    "SourcedSchema",
    "Types",
    "check_answer",
    "check_schema",
    "compiled",
    "identity",
    "in_json_schema",
    "inferred",
    "is_field",
    "is_of_kind",
    "kind_of",
    "last_name",
    "limited",
    "looks_like_python",
    "marked_json",
    "merged",
    "of_one_kind",
    "one_kind",
    "one_schema",
    "parsed",
    "pattern_problem",
    "quoted",
    "read_docstring",
    "read_field",
    "read_guided_answer",
    "repair_request",
    "sample_picture",
    "schema_fields",
    "schema_flags",
    "schema_from",
    "table_of",
    "tables",
    "text_of",
    "to_csv",
    "with_parts",
]
