"""Sweeps, comparisons, the next token, and lessons."""
