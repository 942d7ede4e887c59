"""Guided answers: the schema, the question, and the answer checked."""

import streamlit as st

from components.guided_json import draw_guided_json
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
draw_notices(current)
draw_guided_json(current)
