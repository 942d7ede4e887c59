"""Model text as safe Markdown, also while it grows."""
