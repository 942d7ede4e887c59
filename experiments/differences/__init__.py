"""Word-by-word differences of answers, and differences of requests."""
