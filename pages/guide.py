"""The Guide page: the passages that the built-in model has learned, for people."""

import streamlit as st

from components.guide.passages import draw_guide
from components.session import session
from components.shell.links import keep_link

keep_link(session())
st.set_page_config(layout="centered")
draw_guide()
