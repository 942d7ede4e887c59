"""Cabochon, a playground for gemma-3-12b-it: `streamlit run app.py`."""

import os

import streamlit as st

from backends import endpoint_routes
from components.shell.browser_cookie import KNOW_BROWSERS
from components.shell.security_headers import SAFE_HEADERS

app = st.App(
    "pages/frame.py",
    middleware=[KNOW_BROWSERS, SAFE_HEADERS],
    routes=endpoint_routes(os.environ),
)
