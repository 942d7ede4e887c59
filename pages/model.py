"""The model: what is documented of it, what has changed since, what it costs."""

from components.beginning import begin_page
from components.model_page import draw_model
from components.notices import draw_notices

current = begin_page()
draw_model(current)
draw_notices(current)
