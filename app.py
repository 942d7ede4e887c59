"""Cabochon, a playground for gemma-3-12b-it: `streamlit run app.py`."""

import streamlit as st

from components.browsers import KNOW_BROWSERS

app = st.App("pages/frame.py", middleware=[KNOW_BROWSERS])
