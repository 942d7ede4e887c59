"""Tuning: many settings at once, side by side, and what each does to the next token."""

from components.beginning import begin_page
from components.notices import draw_notices
from components.tuning import draw_tuning

current = begin_page()
draw_tuning(current)
draw_notices(current)
