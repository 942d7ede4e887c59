"""The guide, for people."""
