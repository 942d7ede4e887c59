"""Ready-made examples of guided JSON, each with a sample picture in this folder."""
