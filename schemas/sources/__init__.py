"""Schemas made from existing sources: an example, Python classes, a table, or a schema.

    from schemas import schema_from

    inferred = schema_from('{"name": "Ada", "born": "1815-12-10"}')
    inferred.schema     # a JSON Schema (2020-12) that the example follows
    inferred.notes      # what was guessed: born is a date

The input is never run or imported, nothing is fetched, and the cost is bounded. `EXAMPLE_SCHEMAS`
has ready-made ones, each with a question and a picture from `sample_picture`.
"""
