"""The pages and the frame around them."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"
SIDEBAR = 320
"""Pixels: wide enough for a slider beside its number."""


def open_page() -> None:
    """Set the frame, offer the pages, and run the one that is asked for."""
    st.set_page_config(
        page_title="Cabochon", page_icon=str(ASSETS / "icon.png"), initial_sidebar_state=SIDEBAR
    )
    st.logo(str(ASSETS / "logo.svg"), size="large")
    page = st.navigation(
        [
            st.Page(
                "pages/playground.py", title="Playground", icon=":material/forum:", default=True
            ),
            st.Page("pages/guide.py", title="Guide", icon=":material/menu_book:"),
        ],
        position="top",
    )
    page.run()
