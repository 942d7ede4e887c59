"""Answers that should follow a schema: reading, checking, showing as a table, and repairing.

answer = read_guided_answer(response.text, schema, response.finish)
answer.verdict      # valid, faulty, cut off, no json
answer.faults       # each with its path and a sentence
"""

from .partial import Partial, partial_json
from .reading import GuidedAnswer, Verdict, read_guided_answer
from .repairs import repair_request
from .tables import Table, of_one_kind, table_of, tables, to_csv

__all__ = [
    "GuidedAnswer",
    "Partial",
    "Table",
    "Verdict",
    "of_one_kind",
    "partial_json",
    "read_guided_answer",
    "repair_request",
    "table_of",
    "tables",
    "to_csv",
]
