"""The guide: the passages that the built-in model has read, for people."""

import streamlit as st

from components.guide import draw_guide

st.set_page_config(layout="centered")
draw_guide()
