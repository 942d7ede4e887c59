"""The Guided JSON page: a schema, a question, and the checked answer."""

from components.beginning import begin_page
from components.guided_json import draw_guided_json
from components.notices import draw_notices

current = begin_page()
draw_notices(current)
draw_guided_json(current)
