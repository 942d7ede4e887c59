"""The playground as it is served, with browsers identified by their cookie; see our_chat.py."""

import streamlit as st

from components.shell.browser_cookie import BROWSER_COOKIE

app = st.App("our_chat.py", middleware=[BROWSER_COOKIE])
