"""Many pictures: the same questions about each, answered in the background."""

import streamlit as st

from components.images import draw_images
from components.keeping import keep_settings
from components.links import keep_link
from components.notices import draw_notices
from components.session import session
from components.style import draw_style

current = session()
keep_link(current)
st.set_page_config(layout="wide")
keep_settings(current)
draw_style()
draw_images(current)
draw_notices(current)
