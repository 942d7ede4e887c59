"""The Model page: the model's documentation, later changes, and costs."""

from components.model.documentation import draw_model
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page

current = begin_page()
draw_model(current)
draw_notices(current)
