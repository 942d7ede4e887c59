"""The Guide page: the passages that the built-in model has learned, for people."""

import streamlit as st

from components.guide import draw_guide
from components.links import keep_link
from components.session import session

keep_link(session())
st.set_page_config(layout="centered")
draw_guide()
