"""Checks of JSON Schemas, and of values against them; faults are sentences for people.

The `jsonschema` library does the traversal (Draft 2020-12, references, dynamic scope). The check
of each keyword and the time limit are here. Nothing is ever fetched: references that point
outside the schema are refused. Patterns come from strangers, and Python's `re` can backtrack for
years without a way to stop it. So they run on the linear-time engine that ships with pydantic
(`patterns`); patterns that it cannot express run in a process that is killed at the deadline
(`pattern_process`). Thus ordinary patterns need no further dependency, and none is refused.
"""
