"""The Tuning page: many settings side by side, and their effect on the next token."""

import streamlit as st

from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from components.sidebar.backend_choice import draw_backend
from components.sidebar.parameter_controls import draw_parameters
from components.tuning.comparison import draw_comparison
from components.tuning.lessons import draw_lessons
from components.tuning.next_token import draw_next_token
from components.tuning.sweep_form import draw_sweeps
from components.tuning.tuning_views import tuning_view

current = begin_page()
with st.sidebar:
    draw_backend(current)
    draw_parameters(current)
st.title("Tuning")
view = tuning_view(current)
if view == "sweep":
    draw_sweeps(current)
elif view == "compare":
    draw_comparison(current)
elif view == "next":
    draw_next_token(current)
else:
    draw_lessons(current)
draw_notices(current)
