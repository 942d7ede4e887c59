"""The Images page: the same questions about many pictures, answered in the background."""

from components.beginning import begin_page
from components.images import draw_images
from components.notices import draw_notices

current = begin_page()
draw_images(current)
draw_notices(current)
