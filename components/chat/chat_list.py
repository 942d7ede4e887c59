"""The list of chats: search, open, rename, delete, export and import."""

from functools import partial

import streamlit as st

from conversations import ChatSummary, NotYoursError, StoreError

from ..session import Session, full_run, in_full_run, set_widget_once, widget
from ..shell.formatting import age, counted
from ..shell.identity import draw_person
from ..shell.links import open_conversation, write_link
from ..shell.notices import draw_new_notices
from ..text.markdown_inline import escaped
from .import_export import draw_export, draw_export_all, draw_import
from .message_actions import draw_menu

PAGE = 30
_LONGEST_NAME = 42


def open_drawer(session: Session) -> None:
    """Open the list next to the conversation."""
    session.drawer = True
    drawer = st.dialog(
        "Chats", position="left", width=400, icon=":material/forum:", on_dismiss=_closed(session)
    )
    with full_run():
        drawer(_draw_drawer)(session)


def start_chat(session: Session, *, temporary: bool = False) -> None:
    """Start an empty chat."""
    session.begin(session.conversations.new(session.owner, temporary=temporary))
    session.pending.clear()


def _closed(session: Session) -> partial[None]:
    return partial(_close, session)


def _close(session: Session) -> None:
    session.drawer = False


def _draw_drawer(session: Session) -> None:
    if not in_full_run():
        draw_new_notices(session)
    if session.listing.exporting:
        draw_export(session, session.listing.exporting)
        return
    with st.container(horizontal=True):
        _draw_start(session, "New chat", ":material/edit_square:", temporary=False)
        _draw_start(session, "Temporary chat", ":material/visibility_off:", temporary=True)
    wanted = st.text_input(
        "Search",
        key="chat_search",
        type="search",
        placeholder="Search chats",
        label_visibility="collapsed",
        icon=":material/search:",
        live=True,
    )
    _draw_undo(session)
    try:
        _draw_list(session, wanted or "")
        draw_import(session)
        draw_export_all(session)
        _draw_erase(session)
    except StoreError as error:
        st.warning(f"{error} The list cannot be shown.", icon=":material/cloud_off:")
    draw_person()


def _draw_start(session: Session, name: str, icon: str, *, temporary: bool) -> None:
    st.button(
        name,
        icon=icon,
        width="stretch",
        key=f"start-{'temporary' if temporary else 'kept'}",
        on_click=_start,
        args=(session,),
        kwargs={"temporary": temporary},
    )


def _draw_list(session: Session, wanted: str) -> None:
    found = session.conversations.listed(session.owner, wanted, most=session.listing.limit + 1)
    if not found:
        st.caption("No chats found." if wanted else "Your chats will appear here.")
    with st.container(gap=None, key="chats"):
        for each in found[: session.listing.limit]:
            if session.listing.renaming == each.id:
                _draw_rename(session, each)
            else:
                _draw_row(session, each)
    if len(found) > session.listing.limit:
        st.button("Show more", icon=":material/expand_more:", on_click=_more, args=(session,))


def _draw_row(session: Session, each: ChatSummary) -> None:
    shown = each.id == session.conversation.id
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", key=f"row-{each.id}"
    ):
        with st.container(key=f"chat-name-{each.id}"):
            st.button(
                f"**{_label(each.name)}**" if shown else _label(each.name),
                key=f"open-{each.id}",
                type="tertiary",
                wrap=False,
                on_click=_open,
                args=(session, each.id),
            )
        st.caption(age(each.updated), width="content")
        draw_menu(
            session,
            "Chat actions",
            {
                "Rename": partial(_rename, session, each),
                "Export": partial(_export, session, each),
                "Delete": partial(_delete, session, each),
            },
            key=f"menu-chat-{each.id}",
            everywhere=False,
        )


def _draw_rename(session: Session, each: ChatSummary) -> None:
    with st.form("rename", border=False):
        shown = set_widget_once("chat_name", each.name)
        st.text_input(
            "Name", value=shown, key="chat_name", label_visibility="collapsed", max_chars=200
        )
        with st.container(horizontal=True):
            st.form_submit_button("Rename", on_click=_renamed, args=(session, each.id))
            st.form_submit_button("Cancel", on_click=_rename, args=(session, None))


def _draw_undo(session: Session) -> None:
    deleted = session.listing.deleted
    if deleted is None:
        return
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key="undo-chat"):
        st.caption(
            f"“{_label(deleted.name)}” was deleted. It will be erased permanently in an hour.",
            width="stretch",
        )
        st.button(
            "Undo", icon=":material/undo:", type="tertiary", on_click=_restore, args=(session,)
        )


def _draw_erase(session: Session) -> None:
    with st.expander("Delete everything", icon=":material/delete_forever:"):
        count = session.conversations.count(session.owner)
        what = "One chat and its" if count == 1 else f"All {count} chats and their"
        st.write(f"{what} pictures will be erased now. This cannot be undone.")
        st.checkbox("Yes, delete all my chats", key="erase_sure")
        st.button(
            "Delete all my chats",
            disabled=not widget("erase_sure", default=False),
            on_click=_erase,
            args=(session,),
        )


def _start(session: Session, *, temporary: bool) -> None:
    start_chat(session, temporary=temporary)
    _leave(session)


def _open(session: Session, conversation_id: str) -> None:
    open_conversation(session, conversation_id)
    _leave(session)


def _leave(session: Session) -> None:
    session.drawer = False
    write_link(session)
    st.rerun()


def _more(session: Session) -> None:
    session.listing.limit += PAGE


def _rename(session: Session, each: ChatSummary | None) -> None:
    session.listing.renaming = each.id if each else None


def _renamed(session: Session, conversation_id: str) -> None:
    name = widget("chat_name", "")
    session.listing.renaming = None
    try:
        conversation = session.conversation
        if conversation.id != conversation_id:
            opened = session.conversations.open(conversation_id, session.owner)
            conversation = opened or conversation
        if conversation.id == conversation_id:
            session.conversations.rename(conversation, name)
    except (StoreError, NotYoursError) as error:
        session.notice(f"{error} It was not renamed.")


def _export(session: Session, each: ChatSummary) -> None:
    session.listing.exporting = each.id


def _delete(session: Session, each: ChatSummary) -> None:
    try:
        session.conversations.delete(session.owner, each.id)
    except (StoreError, NotYoursError) as error:
        session.notice(f"{error} It was not deleted.")
        return
    session.listing.deleted = each
    if session.conversation.id == each.id:
        start_chat(session)


def _restore(session: Session) -> None:
    deleted = session.listing.deleted
    session.listing.deleted = None
    if deleted is None:
        return
    try:
        session.conversations.restore(session.owner, deleted.id)
    except (StoreError, NotYoursError) as error:
        session.notice(f"{error} It was not restored.")


def _erase(session: Session) -> None:
    try:
        erased = session.conversations.erase_all(session.owner)
    except StoreError as error:
        session.notice(f"{error} Not everything was deleted.")
        return
    session.notice(f"Permanently deleted: {counted(erased, 'chat')}.")
    session.listing.deleted = None
    start_chat(session)
    _leave(session)


def _label(name: str) -> str:
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return escaped(short)
