"""The sidebar switch for sending the schema of answers as `guided_json`."""

import streamlit as st

from conversations import read_schema

from ..guided_json.schema_edits import set_guided
from ..session import Session, set_widget, widget
from ..text.markdown_inline import escaped

_LONGEST_TITLE = 40
_HELP = (
    "The JSON Schema that the answer must follow, also with tools and pictures. Edit it on the "
    "Guided JSON page."
)


def draw_schema_choice(session: Session) -> None:
    """Draw the switch."""
    text = session.settings.schema
    guided = session.settings.guided
    st.toggle(
        f"`guided_json`  \n{_remark(text, guided=guided)}",
        value=set_widget("guided", guided),
        key="guided",
        help=_HELP,
        disabled=not text.strip() and not guided,
        on_change=_set,
        args=(session,),
    )


def _remark(text: str, *, guided: bool) -> str:
    """Describe the schema in one line, for the switch."""
    if not text.strip():
        return ":gray[:small[no schema yet]]"
    read = read_schema(text)
    if read.faults:
        return ":red[:small[invalid, cannot be sent]]"
    title = read.value.get("title")
    named = title if isinstance(title, str) and title.strip() else "the schema"
    return f":gray[:small[{escaped(named[:_LONGEST_TITLE])}{'' if guided else ' · not sent'}]]"


def _set(session: Session) -> None:
    set_guided(session, guided=widget("guided", default=False))
