"""What a page begins with."""

import streamlit as st

from components.keeping import keep_settings
from components.links import keep_link
from components.session import Session, session
from components.style import draw_style


def begin_page() -> Session:
    """Begin a wide page beside the playground: its link, its look, and what has been set kept."""
    current = session()
    keep_link(current)
    st.set_page_config(layout="wide")
    keep_settings(current)
    draw_style()
    return current
