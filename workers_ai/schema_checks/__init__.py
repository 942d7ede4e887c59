"""Whether a JSON Schema is one, and whether a value follows it, in sentences that a person reads.

The `jsonschema` library walks (Draft 2020-12, references, dynamic scope); what each keyword says,
and how long a check may take, is here. Nothing is ever fetched: references lead into the schema
itself or are refused. Patterns come from strangers and Python's `re` may backtrack for years
without a way to stop it, so they run on the linear-time engine that pydantic brings along
(`patterns`), and those that it has no way to express in a process that is ended in time
(`pattern_process`). So ordinary patterns need no further dependency and none is refused.
"""

from .answers import check_answer
from .schemas import check_schema

__all__ = ["check_answer", "check_schema"]
