"""The entry point of every visit: the frame, with the requested page in it."""

from components.shell.navigation import open_page

open_page()
