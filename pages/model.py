"""The Model page: the model's documentation, later changes, and costs."""

from components.beginning import begin_page
from components.model_page import draw_model
from components.notices import draw_notices

current = begin_page()
draw_model(current)
draw_notices(current)
