"""What is drawn on the pages, and what the app remembers."""
