"""The Guided JSON page: a schema, a question, and the checked answer."""

from components.guided_json.schema_editor import draw_guided_json
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page

current = begin_page()
draw_notices(current)
draw_guided_json(current)
