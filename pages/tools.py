"""The tools: defined here, offered in the playground."""

import streamlit as st

from components.keeping import keep_settings
from components.links import keep_link
from components.notices import draw_notices
from components.session import session
from components.style import draw_style
from components.tools import draw_tools

current = session()
keep_link(current)
st.set_page_config(layout="wide")
keep_settings(current)
draw_style()
draw_notices(current)
draw_tools(current)
