"""Cabochon, a playground for gemma-3-12b-it: `streamlit run app.py`."""

import os

import streamlit as st

from backends import endpoint_routes
from components.shell.browser_cookie import BROWSER_COOKIE
from components.shell.security_headers import SECURITY_HEADERS

app = st.App(
    "pages/frame.py",
    middleware=[BROWSER_COOKIE, SECURITY_HEADERS],
    routes=endpoint_routes(os.environ),
)
