"""Ready-made examples of guided JSON, each with a sample picture that is drawn on demand."""
