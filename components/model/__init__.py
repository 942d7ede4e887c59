"""The documentation of the model."""
