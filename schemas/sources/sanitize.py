"""Removes the keywords of a schema that JSON Schema would refuse."""

from typing import Any

from workers_ai.json_values import Place

from ..checks.keyword_shapes import shape_problem
from ..conversion.import_report import ImportReport, quoted
from ..conversion.subschemas import with_subschemas


def legal_schema(schema: Any, place: Place, findings: ImportReport) -> Any:
    """Return a copy of a schema without illegal keywords; each omission is reported."""
    if not isinstance(schema, dict):
        return schema
    own = {}
    for keyword, value in schema.items():
        if problem := shape_problem(keyword, value):
            findings.add(place, f"{quoted(keyword)} was left out: {problem}")
        else:
            own[keyword] = value
    return with_subschemas(own, place, lambda part, at: legal_schema(part, at, findings))
