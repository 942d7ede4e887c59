"""The setup that pages share."""

import streamlit as st

from .keeping import keep_settings
from .links import keep_link
from .session import Session, session
from .style import draw_style


def begin_page() -> Session:
    """Set up a wide page other than the playground: its link, its style, its kept settings."""
    current = session()
    keep_link(current)
    st.set_page_config(layout="wide")
    keep_settings(current)
    draw_style()
    return current
