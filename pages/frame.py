"""The entry point of every visit: the frame, with the requested page in it."""

import streamlit as st

from components.session import session
from components.shell.identity import require_sign_in
from components.shell.page_setup import ASSETS, PAGES, SIDEBAR

st.set_page_config(
    page_title="Cabochon", page_icon=str(ASSETS / "icon.png"), initial_sidebar_state=SIDEBAR
)
st.logo(str(ASSETS / "logo.svg"), size="large")
page = st.navigation(
    [
        st.Page(PAGES / "playground.py", title="Playground", icon=":material/forum:", default=True),
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
current.page_is_new |= current.page != page.url_path
current.page = page.url_path
page.run()
current.page_is_new = False
