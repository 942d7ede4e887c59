"""JSON Schema: checks in plain sentences, a form, inference from sources, and checked answers.

    from schemas import check_answer, check_schema, read_guided_answer, schema_from

    schema = schema_from('{"name": "Ada", "born": "1815-12-10"}').schema
    check_schema(schema)                                    # the faults, each with a JSON path
    read_guided_answer(text, schema, finish).verdict        # valid, faulty, cut off, or not JSON

Nothing is fetched: references lead into the schema itself, or are refused.
"""

from . import schema_fields
from .annotated_json import annotated_json
from .answers.guided_answer import GuidedAnswer, read_guided_answer, repair_request
from .answers.tables import of_one_kind, table_of, tables, to_csv
from .checks.answer_check import check_answer
from .checks.ecma_patterns import PatternError
from .checks.formats import CHECKED_FORMATS
from .checks.keyword_shapes import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS
from .checks.patterns import compiled_pattern, pattern_problem
from .checks.schema_check import check_schema
from .checks.value_keywords import JSON_TYPES
from .checks.wrappers import constrains_nothing
from .conversion.dialects import GEMINI_TYPES, in_json_schema
from .conversion.import_report import NO_FIELD, ImportReport, quoted
from .conversion.references import References
from .conversion.subschemas import with_subschemas
from .conversion.type_inference import chosen_type, has_type, inferred_type, json_type
from .conversion.unions import merge_all_of, one_schema
from .examples.guided_examples import EXAMPLE_SCHEMAS, GuidedExample, sample_picture
from .flags import schema_flags
from .python_source.annotations import PythonTypes
from .python_source.classes import PythonClasses
from .python_source.constants import NotAConstantError, constant_text, last_name
from .python_source.docstrings import Docstring, read_docstring
from .python_source.field_metadata import is_field, read_field, with_constraints
from .python_source.syntax import PythonSourceError, looks_like_python, parse_source
from .schema_fixes import SchemaFix, fixed_schema, schema_fixes
from .sources.inference_result import InferredSchema, SchemaSourceError
from .sources.schema_inference import schema_from

__all__ = [
    "CHECKED_FORMATS",
    "EXAMPLE_SCHEMAS",
    "GEMINI_TYPES",
    "JSON_TYPES",
    "NO_FIELD",
    "SCHEMA_LISTS",
    "SCHEMA_MAPS",
    "SINGLE_SCHEMAS",
    "Docstring",
    "GuidedAnswer",
    "GuidedExample",
    "ImportReport",
    "InferredSchema",
    "NotAConstantError",
    "PatternError",
    "PythonClasses",
    "PythonSourceError",
    "PythonTypes",
    "References",
    "SchemaFix",
    "SchemaSourceError",
    "annotated_json",
    "check_answer",
    "check_schema",
    "chosen_type",
    "compiled_pattern",
    "constant_text",
    "constrains_nothing",
    "fixed_schema",
    "has_type",
    "in_json_schema",
    "inferred_type",
    "is_field",
    "json_type",
    "last_name",
    "looks_like_python",
    "merge_all_of",
    "of_one_kind",
    "one_schema",
    "parse_source",
    "pattern_problem",
    "quoted",
    "read_docstring",
    "read_field",
    "read_guided_answer",
    "repair_request",
    "sample_picture",
    "schema_fields",
    "schema_fixes",
    "schema_flags",
    "schema_from",
    "table_of",
    "tables",
    "to_csv",
    "with_constraints",
    "with_subschemas",
]
