"""Conversion of foreign schemas to the documented shape, with a report of what was changed."""
