"""The link in the address bar: the conversation's id and the settings, never anything secret."""

import json

import streamlit as st

from conversations import Conversation, StoreError
from experiments import from_link, to_link
from workers_ai import PARAMETERS, InvalidRequestError, read_parameter

from .session import Session
from .sweep_drafts import draft_of, sweep_of

CONVERSATION = "c"
RUN = "run"
SWEPT = frozenset({"axis1", "axis2", "axis3", "samples", "seeds", "first_seed"})
"""What a sweep has in a link."""


def keep_link(session: Session) -> None:
    """Take over what the link carries, and make it carry what is set now.

    Each page does so before it draws: changing pages drops the link, and whoever reloads what is on
    screen has to find it again.
    """
    read_link(session)
    write_link(session)


def read_link(session: Session) -> None:
    """Take over what the link carries, once a session. What is not valid is told and ignored."""
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
    """Make the link carry what is set now."""
    conversation = session.conversation
    kept = {CONVERSATION: conversation.id} if conversation.version else {}
    wanted = {**kept, **_page_in_link(session), **settings_in_link(session)}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def open_conversation(session: Session, conversation_id: str) -> bool:
    """Show a conversation; its owner gets back what was set in it. False if there is none."""
    try:
        found = session.conversations.open(conversation_id, session.owner)
    except StoreError as error:
        session.notice(f"{error} The chat cannot be shown.")
        return False
    if found is None:
        session.notice("There is no chat behind this link any more.")
        return False
    show_conversation(session, found)
    return True


def show_conversation(session: Session, found: Conversation) -> None:
    """Show a conversation in place of the one that is there."""
    session.begin(found)
    if found.writable and found.version:
        if found.settings.system not in {"", session.settings.system}:
            session.notice("This chat has a system prompt of its own. It is set now.")
        session.change_settings(found.settings)


def settings_in_link(session: Session) -> dict[str, str]:
    """Return the settings that differ from those of a new session, as text."""
    given = {"stream": False, **session.settings.parameters.body()}
    if given["stream"]:
        del given["stream"]
    return {name: json.dumps(value) for name, value in given.items()}


def _page_in_link(session: Session) -> dict[str, str]:
    """Return what the page that is shown puts into the link: a run, or a sweep to be made."""
    runs = {"images": session.images_page.run, "tuning": session.tuning_page.run}
    if run := runs.get(session.page):
        return {RUN: run}
    if session.page != "tuning":
        return {}
    sweep, _ = sweep_of(session.tuning_page.sweep)
    return to_link(sweep) if sweep else {}


def _read_page(session: Session) -> None:
    run = st.query_params.get(RUN, "")
    page = session.tuning_page if session.page == "tuning" else session.images_page
    page.run = run
    if SWEPT & set(st.query_params):
        sweep, faults = from_link(st.query_params.to_dict())
        session.tuning_page.sweep = draft_of(sweep)
        for fault in faults:
            session.notice(f"The link's sweep was not taken whole. {fault}")


def _read(session: Session, name: str, text: str) -> None:
    try:
        value = read_parameter(name, text)
        session.change_parameters(**{name: None if value is False else value})
    except InvalidRequestError as error:
        session.notice(f"The link's setting was ignored. {error.message}")
