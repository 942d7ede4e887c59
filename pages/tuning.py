"""The Tuning page: many settings side by side, and their effect on the next token."""

from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from components.tuning.tuning_views import draw_tuning

current = begin_page()
draw_tuning(current)
draw_notices(current)
