"""Checks of JSON Schemas, and of values against them; faults are sentences for people.

The `jsonschema` library does the traversal (Draft 2020-12, references, dynamic scope). The check
of each keyword and the time limit are here. Nothing is ever fetched: references that point
outside the schema are refused. Patterns come from strangers, and Python's `re` can backtrack for
years without a way to stop it. So they run on the linear-time engine that ships with pydantic;
patterns that it cannot express run on the engine of `jsonschema_rs`, which counts its steps back.
That library does not check whole schemas: it cannot be stopped, and 18 definitions that refer to
each other twice keep it busy for 17 seconds.
"""
