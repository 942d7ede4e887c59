"""The pages and the frame around them."""

from pathlib import Path

import streamlit as st

from ..session import session
from .identity import require_sign_in

ASSETS = Path(__file__).parents[1] / "assets"
PAGES = Path(__file__).parents[2] / "pages"
SIDEBAR = 320
"""Width in pixels: enough for a slider next to its number."""


def open_page() -> None:
    """Set up the frame and the navigation, and run the requested page."""
    st.set_page_config(
        page_title="Cabochon", page_icon=str(ASSETS / "icon.png"), initial_sidebar_state=SIDEBAR
    )
    st.logo(str(ASSETS / "logo.svg"), size="large")
    page = st.navigation(
        [
            st.Page(
                PAGES / "playground.py", title="Playground", icon=":material/forum:", default=True
            ),
            st.Page(PAGES / "tools.py", title="Tools", icon=":material/build:"),
            st.Page(PAGES / "guided_json.py", title="Guided JSON", icon=":material/data_object:"),
            st.Page(PAGES / "tuning.py", title="Tuning", icon=":material/tune:"),
            st.Page(PAGES / "images.py", title="Images", icon=":material/photo_library:"),
            st.Page(PAGES / "model.py", title="Model", icon=":material/info:"),
            st.Page(PAGES / "guide.py", title="Guide", icon=":material/menu_book:"),
        ],
        position="top",
    )
    require_sign_in()
    current = session()
    current.arrived |= current.page != page.url_path
    current.page = page.url_path
    page.run()
    current.arrived = False
