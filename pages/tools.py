"""The Tools page: define the tools that the playground offers."""

from components.beginning import begin_page
from components.notices import draw_notices
from components.tools import draw_tools

current = begin_page()
draw_notices(current)
draw_tools(current)
