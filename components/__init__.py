"""The components of the pages, and the state of a browser tab."""
