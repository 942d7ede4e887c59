"""The Images page: the same questions about many pictures, answered in the background."""

from components.images.new_run import draw_images
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page

current = begin_page()
draw_images(current)
draw_notices(current)
