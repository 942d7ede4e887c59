"""Makes schemas from what people have: an example, Python classes, a table, or a schema.

    from schemas import schema_from

    sourced = schema_from('{"name": "Ada", "born": "1815-12-10"}')
    sourced.schema      # a JSON Schema (2020-12) that the example follows
    sourced.notes       # what was guessed: born is a date

The input is never run or imported, nothing is fetched, and the cost is bounded. `EXAMPLE_SCHEMAS`
holds ready-made ones, each with a question and a picture that `sample_picture` draws.
"""
