"""Every visit begins here: the frame, and in it the page that is asked for."""

from components.navigation import open_page

open_page()
