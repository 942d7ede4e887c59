"""The Guided JSON page: describe the answer with a schema, ask, and see the answer checked."""

import streamlit as st

from components.chat.checked_answer import is_guided
from components.chat.transcript import draw_transcript
from components.guided_json.schema_editor import draw_question, draw_schema_bar, draw_schema_editor
from components.guided_json.schema_source import draw_schema_source
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page

current = begin_page()
draw_notices(current)
st.title("Guided JSON")
st.caption(
    "Describe the answer you want with a schema. It is sent as guided_json, and the answer is "
    "checked against it here, whether or not the model followed it."
)
draw_schema_bar(current)
draw_schema_editor(current)
draw_schema_source(current)
draw_question(current)
turns = current.conversation.turns
if turns and turns[-1].answer and is_guided(turns[-1].answer):
    draw_transcript(current, welcome=False)
