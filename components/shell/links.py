"""The link in the address bar: the conversation's id and the settings, never a secret."""

import json

import streamlit as st

from conversations import Conversation, StoreError
from experiments import sweep_from_link, sweep_to_link
from workers_ai import PARAMETERS, InvalidRequestError
from workers_ai.validation import read_parameter

from ..session import Session
from ..tuning.sweep_drafts import draft_of, sweep_of

CONVERSATION = "c"
RUN = "run"
SWEEP_PARAMETERS = frozenset({"axis1", "axis2", "axis3", "samples", "seeds", "first_seed"})
"""The query parameters of a sweep."""


def sync_link(session: Session) -> None:
    """Apply what the link carries, and write the current settings into it.

    Each page does this before it draws: changing pages drops the link, and a reload has to restore
    what is on screen.
    """
    read_link(session)
    write_link(session)


def read_link(session: Session) -> None:
    """Apply what the link carries, once per session. Invalid parts are reported and ignored."""
    if session.read_link:
        return
    session.read_link = True
    wanted = st.query_params.get(CONVERSATION)
    if wanted:
        open_conversation(session, wanted)
    _read_page(session)
    for name in PARAMETERS:
        if name in st.query_params:
            _read(session, name, st.query_params[name])


def write_link(session: Session) -> None:
    """Write the current settings into the link."""
    conversation = session.conversation
    kept = {CONVERSATION: conversation.id} if conversation.version else {}
    wanted = {**kept, **_page_in_link(session), **settings_in_link(session)}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def open_conversation(session: Session, conversation_id: str) -> bool:
    """Show a conversation, with its settings if the viewer owns it; False if there is none."""
    try:
        found = session.conversations.open(conversation_id, session.owner)
    except StoreError as error:
        session.notice(f"{error} The chat cannot be shown.")
        return False
    if found is None:
        session.notice("The linked chat was not found.")
        return False
    show_conversation(session, found)
    return True


def show_conversation(session: Session, found: Conversation) -> None:
    """Show a conversation in place of the current one."""
    session.begin(found)
    if found.writable and found.version:
        if found.settings.system not in {"", session.settings.system}:
            session.notice("This chat has its own system prompt, which is now in use.")
        session.change_settings(found.settings)


def settings_in_link(session: Session) -> dict[str, str]:
    """Return the settings that differ from a new session's, as text."""
    values = {"stream": False, **session.settings.parameters.body()}
    if values["stream"]:
        del values["stream"]
    return {name: json.dumps(value) for name, value in values.items()}


def _page_in_link(session: Session) -> dict[str, str]:
    """Return what the current page puts into the link: a run, or the draft of a sweep."""
    runs = {"images": session.images_page.run, "tuning": session.tuning_page.run}
    if run := runs.get(session.page):
        return {RUN: run}
    if session.page != "tuning":
        return {}
    sweep, _ = sweep_of(session.tuning_page.sweep)
    return sweep_to_link(sweep) if sweep else {}


def _read_page(session: Session) -> None:
    run = st.query_params.get(RUN, "")
    page = session.tuning_page if session.page == "tuning" else session.images_page
    page.run = run
    if SWEEP_PARAMETERS & set(st.query_params):
        sweep, faults = sweep_from_link(st.query_params.to_dict())
        session.tuning_page.sweep = draft_of(sweep)
        for fault in faults:
            session.notice(f"Part of the link's sweep was ignored. {fault}")


def _read(session: Session, name: str, text: str) -> None:
    try:
        value = read_parameter(name, text)
        session.change_parameters(**{name: None if value is False else value})
    except InvalidRequestError as error:
        session.notice(f"A setting in the link was ignored. {error.message}")
