"""Taking chats home as files, and bringing them in."""

import re
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from conversations import (
    Conversation,
    Import,
    ImportRefusedError,
    StoreError,
    export_json,
    export_jsonl,
    export_markdown,
    read_export,
)

from .links import show_conversation, write_link
from .markdown_inline import escaped
from .session import Session, clear_widget

_MOST_SHOWN = 8
_NOT_IN_NAMES = re.compile(r"\W+", re.ASCII)
_LONGEST_NAME = 40


class _Form(NamedTuple):
    name: str
    explained: str
    ending: str
    media_type: str
    icon: str
    make: Callable[[Conversation], bytes]


_FORMS = (
    _Form(
        "JSON",
        "Everything, with pictures and branches. It can be imported again.",
        "json",
        "application/json",
        "data_object",
        lambda found: export_json([found]),
    ),
    _Form(
        "Markdown",
        "What is shown, for people; its pictures stand beside it in a zip.",
        "zip",
        "application/zip",
        "article",
        export_markdown,
    ),
    _Form(
        "JSON Lines",
        "What is shown, as messages of the API, one a line.",
        "jsonl",
        "application/jsonl",
        "format_list_bulleted",
        export_jsonl,
    ),
)


def draw_export(session: Session, conversation_id: str) -> None:
    """Draw the forms in which a chat can be taken home."""
    st.button(
        "Back to the list",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_back,
        args=(session,),
    )
    try:
        found = session.conversations.open(conversation_id, session.owner)
    except StoreError as error:
        st.warning(str(error), icon=":material/cloud_off:")
        return
    if found is None:
        st.caption("This chat is gone.")
        return
    st.markdown(f"**{escaped(found.name)}**")
    for form in _FORMS:
        _draw_form(form, found)


def _draw_form(form: _Form, found: Conversation) -> None:
    st.download_button(
        form.name,
        lambda: form.make(found),
        file_name=f"{file_name(found.name)}.{form.ending}",
        mime=form.media_type,
        icon=f":material/{form.icon}:",
        width="stretch",
        on_click="ignore",
        key=f"export-{form.ending}",
    )
    st.caption(form.explained)


def draw_import(session: Session) -> None:
    """Draw the way in for a file; what it would add is shown before anything is kept."""
    with st.expander("Import", icon=":material/upload_file:"):
        file = st.file_uploader(
            "A file exported as JSON", type=["json"], key="import_file", max_upload_size=200
        )
        if file is None:
            return
        try:
            found = read_export(file.getvalue())
        except ImportRefusedError as error:
            st.error("Nothing was imported. The file is not one that can be read here.")
            st.code("\n".join(map(str, error.faults)), language=None, wrap_lines=True)
            return
        _draw_found(session, found)


def _draw_found(session: Session, found: Import) -> None:
    count = len(found.conversations)
    st.caption(f"The file has {count} {'chat' if count == 1 else 'chats'}:")
    for each in found.previews[:_MOST_SHOWN]:
        facts = f"{each.messages} messages, {each.pictures} pictures"
        st.markdown(f"**{escaped(each.name)}**  \n:small[{facts}]")
    if count > _MOST_SHOWN:
        st.caption(f"and {count - _MOST_SHOWN} more.")
    st.button(
        "Add to my chats",
        icon=":material/add:",
        on_click=_add,
        args=(session, found),
    )


def draw_backup(session: Session) -> None:
    """Draw the way to take everything home at once."""
    st.download_button(
        "Export all chats",
        lambda: export_json(session.conversations.all_of(session.owner)),
        file_name="cabochon-chats.json",
        mime="application/json",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key="export-all",
    )


def file_name(name: str) -> str:
    """Return a name for a file, of letters that every system takes."""
    words = _NOT_IN_NAMES.sub("-", name)[:_LONGEST_NAME].strip("-").lower()
    return words or "chat"


def _back(session: Session) -> None:
    session.listing.exporting = None


def _add(session: Session, found: Import) -> None:
    try:
        kept = session.conversations.keep_all(found.conversations, session.owner)
    except StoreError as error:
        session.notice(f"{error} Nothing was imported.")
        return
    clear_widget("import_file")
    session.drawer = False
    show_conversation(session, kept[0])
    write_link(session)
    session.notice(f"Imported: {len(kept)} {'chat' if len(kept) == 1 else 'chats'}.")
    st.rerun()
