"""Recognition of the kind of a source, and the schema made from it."""

import re
from typing import Any

from workers_ai.json_text import JSONTextError, check_size, read_documents

from ..checks.schema_check import check_schema
from ..conversion.import_report import ImportReport
from ..python_source.syntax import PythonSourceError, looks_like_python, parse_source
from .csv_table import read_table, schema_of_table
from .inference_result import InferredSchema, SchemaSource, SchemaSourceError
from .json_examples import schema_of_examples
from .python_class import schema_of_python
from .schema_or_example import written_schema

_ACCEPTED = (
    "Paste an example answer in JSON, a JSON Schema, the source of Python classes, or the header "
    "of a CSV table with two or more columns."
)
_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*[(:\[]", re.MULTILINE)
_OTHER_LANGUAGES = {
    "TypeScript or JavaScript": re.compile(
        r"^[ \t]*(?:export |declare )*"
        r"(?:interface|type|enum|const|let|var|function|class) \w+.*[{=(]",
        re.MULTILINE,
    ),
    "HTML or XML": re.compile(r"^\s*<[!?\w]"),
    "YAML": re.compile(r"\A(?:#.*\n|---\n|\s)*[\w-]+:(?: .*)?\n"),
}

_Made = tuple[SchemaSource, dict[str, Any]]


def schema_from(text: str, *, guess_enums: bool = False) -> InferredSchema:
    """Make a schema from text: an example answer, a class, a table, or a schema.

    Several examples are consecutive JSON documents; a list is one example. With `guess_enums`, a
    few short strings that repeat in five or more examples become an enum. Raises SchemaSourceError
    for anything else; for a syntax error it has a line and a column.
    """
    findings = ImportReport()
    try:
        text = text.removeprefix("\ufeff")
        check_size(text)
        source, schema = _made(text, findings, guess_enums=guess_enums)
    except (PythonSourceError, JSONTextError) as error:
        raise SchemaSourceError(error.message, line=error.line, column=error.column) from error
    if problems := check_schema(schema):
        raise SchemaSourceError(f"The result is not a valid schema. {problems[0]}.")
    return InferredSchema(source, schema, findings.notes())


def _made(text: str, findings: ImportReport, *, guess_enums: bool) -> _Made:
    values = _documents(text)
    if values:
        return _from_json(values, findings, guess_enums=guess_enums)
    if _CLASS.search(text) or _is_python(text):
        return "python", schema_of_python(text, findings)
    table = read_table(text)
    if table:
        return "csv", schema_of_table(table, findings)
    if looks_like_python(text):
        return "python", schema_of_python(text, findings)
    kind = next((name for name, pattern in _OTHER_LANGUAGES.items() if pattern.search(text)), "")
    looks = f" It looks like {kind}." if kind else ""
    raise SchemaSourceError(f"No schema can be made from this.{looks} {_ACCEPTED}")


def _documents(text: str) -> list[Any]:
    """Return the JSON values in the text; none if it is not meant to be JSON."""
    try:
        return read_documents(text)
    except JSONTextError:
        if text.lstrip().startswith(("{", "[")):
            raise
        return []


def _from_json(values: list[Any], findings: ImportReport, *, guess_enums: bool) -> _Made:
    schema = written_schema(values[0], findings) if len(values) == 1 else None
    if schema is not None:
        return "json schema", schema
    return "example json", schema_of_examples(values, findings, guess_enums=guess_enums)


def _is_python(text: str) -> bool:
    try:
        return looks_like_python(text) and bool(parse_source(text))
    except PythonSourceError:
        return False
