"""Export of chats as files, and import of such files."""

import re
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from conversations import (
    Conversation,
    ImportedChats,
    ImportRefusedError,
    StoreError,
    export_json,
    export_jsonl,
    export_markdown,
    read_export,
)

from ..session import Session, clear_widget
from ..shell.formatting import counted
from ..shell.links import show_conversation, write_link
from ..text.markdown_inline import escaped

_MOST_SHOWN = 8
_NOT_IN_NAMES = re.compile(r"\W+", re.ASCII)
_LONGEST_NAME = 40


class _Format(NamedTuple):
    name: str
    explanation: str
    extension: str
    media_type: str
    icon: str
    make: Callable[[Conversation], bytes]


_FORMATS = (
    _Format(
        "JSON",
        "Everything, with pictures and branches. Can be imported again.",
        "json",
        "application/json",
        "data_object",
        lambda found: export_json([found]),
    ),
    _Format(
        "Markdown",
        "The visible branch, for reading, in a zip with its pictures.",
        "zip",
        "application/zip",
        "article",
        export_markdown,
    ),
    _Format(
        "JSON Lines",
        "The visible branch as API messages, one per line.",
        "jsonl",
        "application/jsonl",
        "format_list_bulleted",
        export_jsonl,
    ),
)


def draw_export(session: Session, conversation_id: str) -> None:
    """Draw the formats in which a chat can be exported."""
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
        st.caption("This chat no longer exists.")
        return
    st.markdown(f"**{escaped(found.name)}**")
    for format_ in _FORMATS:
        _draw_format(format_, found)


def _draw_format(format_: _Format, found: Conversation) -> None:
    st.download_button(
        format_.name,
        lambda: format_.make(found),
        file_name=f"{file_name(found.name)}.{format_.extension}",
        mime=format_.media_type,
        icon=f":material/{format_.icon}:",
        width="stretch",
        on_click="ignore",
        key=f"export-{format_.extension}",
    )
    st.caption(format_.explanation)


def draw_import(session: Session) -> None:
    """Draw the file import, with a preview before anything is saved."""
    with st.expander("Import", icon=":material/upload_file:"):
        file = st.file_uploader(
            "A file exported as JSON", type=["json"], key="import_file", max_upload_size=200
        )
        if file is None:
            return
        try:
            found = read_export(file.getvalue())
        except ImportRefusedError as error:
            st.error("Nothing was imported. The file is not a readable export.")
            st.code("\n".join(map(str, error.faults)), language=None, wrap_lines=True)
            return
        _draw_found(session, found)


def _draw_found(session: Session, found: ImportedChats) -> None:
    count = len(found.conversations)
    st.caption(f"The file contains {counted(count, 'chat')}:")
    for each in found.previews[:_MOST_SHOWN]:
        messages = "1 message" if each.messages == 1 else f"{each.messages} messages"
        facts = f"{messages}, {each.pictures} {'picture' if each.pictures == 1 else 'pictures'}"
        st.markdown(f"**{escaped(each.name)}**  \n:small[{facts}]")
    if count > _MOST_SHOWN:
        st.caption(f"and {count - _MOST_SHOWN} more.")
    st.button(
        "Add to my chats",
        icon=":material/add:",
        on_click=_add,
        args=(session, found),
    )


def draw_export_all(session: Session) -> None:
    """Draw the button that exports all chats."""
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
    """Return a file name made of characters that every system accepts."""
    safe = _NOT_IN_NAMES.sub("-", name)[:_LONGEST_NAME].strip("-").lower()
    return safe or "chat"


def _back(session: Session) -> None:
    session.listing.exporting = None


def _add(session: Session, found: ImportedChats) -> None:
    try:
        kept = session.conversations.keep_all(found.conversations, session.owner)
    except StoreError as error:
        session.notice(f"{error} Nothing was imported.")
        return
    clear_widget("import_file")
    session.drawer = False
    show_conversation(session, kept[0])
    write_link(session)
    session.notice(f"Imported: {counted(len(kept), 'chat')}.")
    st.rerun()
