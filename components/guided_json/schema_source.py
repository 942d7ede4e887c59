"""Schemas made from existing sources: an example answer, a Python class, a table, a schema."""

from functools import lru_cache

import streamlit as st

from schemas import InferredSchema, SchemaSourceError, schema_from

from ..session import Session, clear_widget, widget
from ..text.markdown_inline import escaped
from .schema_edits import write_schema

_NAMES = {
    "json schema": "a JSON Schema",
    "example json": "example JSON",
    "python": "Python classes",
    "csv": "the header of a table",
}


def draw_schema_source(session: Session) -> None:
    """Draw the box that accepts any schema source, and the schema made from it."""
    with st.expander("Make a schema from a source", icon=":material/input:", key="source"):
        st.caption(
            "One or more examples of the answer in JSON, a Pydantic model, dataclass or TypedDict "
            "(read, never run), the header of a CSV table, or an existing schema."
        )
        st.text_area("Paste here", key="code-source", height=180, placeholder='{"total": 12.5, …')
        file = st.file_uploader(
            "Or upload a file", type=["json", "jsonl", "py", "csv", "txt"], key="source_file"
        )
        guess = st.checkbox(
            "Treat repeated values as an enum",
            key="guess_enums",
            help="Takes effect with five or more examples.",
        )
        text = widget("code-source", "") or ""
        if file is not None:
            text = file.getvalue().decode("utf-8", "replace")
        if text.strip():
            _draw_made(session, text, guess=guess)


def _draw_made(session: Session, text: str, *, guess: bool) -> None:
    made = _read(text, guess)
    if isinstance(made, SchemaSourceError):
        st.markdown(f":red[:material/error:] {escaped(made.message)}")
        return
    st.markdown(f"Made from {_NAMES[made.source]}:")
    st.json(made.schema, expanded=2)
    if made.notes:
        st.caption("Guessed, changed or left out:")
        st.dataframe(
            [{"where": note.path, "what": note.message} for note in made.notes], hide_index=True
        )
    st.button(
        "Use this schema",
        icon=":material/check:",
        key="use-source",
        on_click=_use,
        args=(session, made),
    )


def _use(session: Session, made: InferredSchema) -> None:
    write_schema(session, made.schema)
    clear_widget("code-source")
    clear_widget("source_file")


@lru_cache(maxsize=4)
def _read(text: str, guess_enums: bool) -> InferredSchema | SchemaSourceError:  # noqa: FBT001 - a key
    try:
        return schema_from(text, guess_enums=guess_enums)
    except SchemaSourceError as error:
        return error
