"""The Guide page: every help passage, grouped by theme and searchable."""

import streamlit as st

from components.guide.passages import draw_themes, matching_passages
from components.session import session
from components.shell.links import sync_link

sync_link(session())
st.set_page_config(layout="centered")
st.title("Guide")
st.caption(
    "Everything the built-in model knows: it answers only from these passages. Ask it in the "
    "playground, or read them here."
)
wanted = st.text_input(
    "Search",
    key="guide_search",
    placeholder="top_k, photo, error 5021 …",
    icon=":material/search:",
    persist_state="session",
)
found = matching_passages(wanted)
if not found:
    st.info("No passage contains all of these words. Try fewer or different ones.")
draw_themes(found, expanded=bool(wanted))
