"""The shared client of the Workers AI API."""
