"""The Playground page: chat with the model, show it pictures, try every parameter."""

import streamlit as st

from components.chat.composer import draw_composer
from components.chat.tool_calls import run_tool_round
from components.chat.toolbar import draw_toolbar, window_title
from components.chat.transcript import draw_transcript
from components.request.request_preview import draw_request
from components.session import session, warm_built_in
from components.shell.links import sync_link
from components.shell.notices import draw_notices
from components.shell.page_setup import draw_style
from components.shell.save_status import draw_save_status, keep_settings
from components.sidebar.backend_check import draw_backend_check
from components.sidebar.backend_choice import draw_backend
from components.sidebar.parameter_controls import draw_parameters

current = session()
sync_link(current)
warm_built_in()
st.set_page_config(
    page_title=window_title(current), layout="wide" if current.show_request else "centered"
)

with st.sidebar:
    draw_backend(current)
    draw_backend_check(current)
    draw_parameters(current)

run_tool_round(current)
keep_settings(current)
draw_style()
draw_composer(current)
draw_toolbar(current)
if current.show_request:
    conversation, request = st.columns([5, 4], gap="large")
    with request, st.container(key="request-panel"):
        draw_request(current)
else:
    conversation = st.container()
# Here, not first in a slot: a notice drawn by a slot disappears when the slot runs again.
draw_notices(current)
with conversation:
    draw_save_status(current)
    draw_transcript(current)
