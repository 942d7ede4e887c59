"""The Images page: the same questions about many images, answered in the background."""

import streamlit as st

from components.images.new_run import (
    draw_questions,
    draw_schema_toggle,
    draw_start,
    draw_upload,
    open_run,
    run_name,
)
from components.images.picture_run import draw_picture_run
from components.runs.run_controls import draw_earlier_runs, draw_pace
from components.shell.notices import draw_notices
from components.shell.page_setup import begin_page
from conversations import StoreError

current = begin_page()
st.title("Images")
try:
    run = open_run(current)
    if run is not None:
        draw_picture_run(current, run)
    else:
        st.caption(
            "Ask the same questions about many images. The answers fill a table, and are "
            "checked if they have to follow a schema. The run continues in the background."
        )
        pictures, questions = st.columns(2, gap="large")
        with pictures:
            draw_upload(current)
        with questions:
            draw_questions(current)
            draw_schema_toggle(current)
            draw_pace(current.images_page, key="run")
            draw_start(current)
        draw_earlier_runs(current, current.images_page, "pictures", "Earlier runs", run_name)
except StoreError as error:
    st.warning(f"{error} Runs cannot be shown.", icon=":material/cloud_off:")
draw_notices(current)
