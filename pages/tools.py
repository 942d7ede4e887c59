"""The Tools page: define the tools that the playground offers."""

import streamlit as st

from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from components.sidebar.tool_mode import draw_automatic, draw_offering, draw_tool_instructions
from components.tools.tool_import import draw_export, draw_import
from components.tools.tool_list import draw_functions, draw_tool_bar, draw_tool_list

current = begin_page()
draw_notices(current)
st.title("Tools")
st.caption(
    "A tool is a function that you describe. The model can call it by name, with arguments; "
    "you answer the call, or let the app run the tool, and the model continues with the result. "
    "Nothing that a model writes is ever executed."
)
draw_tool_bar(current)
draw_tool_list(current)
with st.expander("How tools are offered", icon=":material/tune:", key="offer"):
    draw_offering(current)
    draw_automatic(current)
with st.expander("Tools described in the prompt", icon=":material/article:", key="described"):
    draw_tool_instructions(current)
draw_import(current)
draw_export(current)
draw_functions(current)
