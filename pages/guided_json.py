"""Guided answers: the schema, the question, and the answer checked."""

from components.beginning import begin_page
from components.guided_json import draw_guided_json
from components.notices import draw_notices

current = begin_page()
draw_notices(current)
draw_guided_json(current)
