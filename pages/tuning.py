"""Tuning: many settings at once, side by side, and what each does to the next token."""

import streamlit as st

from components.keeping import keep_settings
from components.links import keep_link
from components.notices import draw_notices
from components.session import session
from components.style import draw_style
from components.tuning import draw_tuning

current = session()
keep_link(current)
st.set_page_config(layout="wide")
keep_settings(current)
draw_style()
draw_tuning(current)
draw_notices(current)
