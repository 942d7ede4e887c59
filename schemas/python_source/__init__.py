"""Python source as schemas: syntax, docstrings, classes and annotations. Nothing is run."""
