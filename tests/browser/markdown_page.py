"""A page that draws the texts of one batch, each in its own container."""

import json
import sys
from pathlib import Path

import streamlit as st

from components.shell.page_setup import draw_style
from components.text.markdown import as_markdown

draw_style()
batch = st.query_params["batch"]
for number, text in enumerate(json.loads(Path(sys.argv[1]).read_text("utf-8"))[batch]):
    with st.container(key=f"answer-case{number}"):
        st.markdown(text if batch == "raw" else as_markdown(text))
st.container(key="end").write("end of the batch")
