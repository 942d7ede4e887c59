"""The Model page: documented facts, what has changed, the inputs, and the cost."""

import streamlit as st

from components.model.documentation import (
    DOCUMENTATION,
    draw_changes,
    draw_cost,
    draw_facts,
    draw_inputs,
    draw_schemas,
)
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from components.sidebar.backend_check import draw_backend_check
from workers_ai import model_card

current = begin_page()
st.title("Model")
st.markdown(f"`{model_card.model}` · [documentation]({DOCUMENTATION})")
draw_facts()
facts, cost = st.columns(2, gap="large")
with facts:
    draw_changes()
    draw_backend_check(current)
with cost:
    draw_cost()
draw_inputs()
draw_schemas()
draw_notices(current)
