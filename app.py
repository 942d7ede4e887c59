"""Cabochon, a playground for gemma-3-12b-it: `streamlit run app.py`."""

from components.navigation import open_page

open_page()
