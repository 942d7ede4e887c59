"""The Tools page: define the tools that the playground offers."""

from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from components.tools.tool_list import draw_tools

current = begin_page()
draw_notices(current)
draw_tools(current)
