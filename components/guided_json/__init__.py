"""The schema of an answer, edited as a form or as text."""
