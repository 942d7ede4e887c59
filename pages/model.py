"""The model: what is documented of it, what has changed since, what it costs."""

import streamlit as st

from components.keeping import keep_settings
from components.links import keep_link
from components.model_page import draw_model
from components.notices import draw_notices
from components.session import session
from components.style import draw_style

current = session()
keep_link(current)
st.set_page_config(layout="wide")
keep_settings(current)
draw_style()
draw_model(current)
draw_notices(current)
