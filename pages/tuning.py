"""The Tuning page: many settings side by side, and their effect on the next token."""

from components.beginning import begin_page
from components.notices import draw_notices
from components.tuning import draw_tuning

current = begin_page()
draw_tuning(current)
draw_notices(current)
