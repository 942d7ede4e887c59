"""Answers that should follow a schema: reading, checking, showing as a table, and repairing.

answer = read_guided_answer(response.text, schema, response.finish)
answer.verdict      # valid, faulty, cut off, no json
answer.faults       # each with its path and a sentence
"""
