"""How tools are offered: which ones, as `tools` or in the prompt, and who runs them."""

from dataclasses import replace

import streamlit as st

from conversations import OfferMode, ToolOffer, are_tools_described
from tools import TOOL_INSTRUCTIONS, TOOLS_PLACEHOLDER
from workers_ai import InvalidRequestError, ToolSupport

from ..chat.auto_tool_loop import MOST_ROUNDS
from ..current_backend import current_backend
from ..session import Session, set_widget, widget
from ..shell.page_setup import PAGES
from ..text.markdown_inline import escaped
from ..tools.tool_set import change_tool

OFFER_MODES = {"auto": "Automatic", "tools": "As `tools`", "prompt": "In the prompt"}


def draw_tool_settings(session: Session) -> None:
    """Draw the tool settings of the sidebar."""
    tools = session.settings.tools
    offered = sum(tool.offered for tool in tools)
    suffix = f" · {offered} offered" if offered else ""
    # Drawn only when open: there can be a hundred tools.
    choice = st.expander(
        f"Tools{suffix}", icon=":material/build:", key="tool-choice", on_change="rerun"
    )
    if not choice.open:
        return
    with choice:
        for at, tool in enumerate(tools):
            _draw_switch(session, at, tool.name)
        if tools:
            draw_offering(session)
            draw_automatic(session)
        else:
            st.caption("A tool is a function that the model can call. None are defined yet.")
        st.page_link(PAGES / "tools.py", label="Edit tools", icon=":material/edit:")


def draw_offering(session: Session) -> None:
    """Draw how tools are offered, and what that means for the current backend."""
    st.segmented_control(
        "How to offer tools",
        list(OFFER_MODES),
        default=set_widget("offering", session.settings.offering),
        key="offering",
        format_func=OFFER_MODES.__getitem__,
        required=True,
        on_change=_set_offering,
        args=(session,),
    )
    support = support_of(session)
    if session.settings.form == "prompt":
        st.caption("The `prompt` form cannot carry tools. Choose the `messages` form.")
    elif are_tools_described(session.settings, support):
        st.caption("The system prompt describes them. Calls come back as text.")
    else:
        whole = "" if support.streams else " Not streamed: streams with tools have lost text."
        st.caption(f"The request carries them as `tools`.{whole}")


def draw_automatic(session: Session) -> None:
    """Draw the switch that runs tools automatically."""
    st.toggle(
        "Run tools automatically",
        value=set_widget("automatic", session.rounds.automatic),
        key="automatic",
        help="Calls to tools that are built in or have a canned reply are answered without you, at "
        f"most {MOST_ROUNDS} times in a row. You can pause.",
        on_change=_set_automatic,
        args=(session,),
    )


def draw_tool_instructions(session: Session) -> None:
    """Draw the instructions that describe tools in the prompt, and the resulting text."""
    st.text_area(
        "Instructions",
        value=set_widget("code-instructions", session.settings.instructions or TOOL_INSTRUCTIONS),
        key="code-instructions",
        height="content",
        help=f"`{TOOLS_PLACEHOLDER}` is replaced by the list of tools.",
        on_change=_set_instructions,
        args=(session,),
    )
    if session.settings.instructions and TOOLS_PLACEHOLDER not in session.settings.instructions:
        warning = f"Without `{TOOLS_PLACEHOLDER}`, the prompt does not list the tools."
        st.caption(f":orange[:material/warning: {warning}]")
    if session.settings.instructions:
        st.button(
            "Reset to default text",
            icon=":material/restart_alt:",
            on_click=_reset,
            args=(session,),
        )
    described = replace(session.settings, offering="prompt")
    try:
        text = ToolOffer.of(described, support_of(session)).system
    except InvalidRequestError as error:
        st.caption(escaped(f"The text cannot be built yet. {error}"))
        return
    st.caption("The system prompt as it is sent")
    st.code(text or " ", language=None, wrap_lines=True, height=320)


def support_of(session: Session) -> ToolSupport:
    """Return how the current backend supports tools."""
    try:
        return current_backend(session).tool_support
    except InvalidRequestError:
        # What the backend still lacks has nothing to do with tools.
        return ToolSupport(takes_tools=True, result_role="user", streams=False)


def _draw_switch(session: Session, at: int, name: str) -> None:
    faults = session.settings.tools[at].draft.faults
    remark = "  \n:red[:small[invalid, cannot be sent]]" if faults else ""
    st.toggle(
        f"{escaped(name or 'Unnamed tool')}{remark}",
        value=set_widget(f"offered-{at}", session.settings.tools[at].offered),
        key=f"offered-{at}",
        on_change=_offer,
        args=(session, at),
    )


def _offer(session: Session, at: int) -> None:
    change_tool(session, at, offered=widget(f"offered-{at}", default=True))


def _set_offering(session: Session) -> None:
    offering: OfferMode = widget("offering", "auto")
    session.settings = replace(session.settings, offering=offering)


def _set_automatic(session: Session) -> None:
    session.rounds.automatic = widget("automatic", default=False)


def _set_instructions(session: Session) -> None:
    text = widget("code-instructions", "")
    default = text.strip() in ("", TOOL_INSTRUCTIONS.strip())
    session.settings = replace(session.settings, instructions="" if default else text)


def _reset(session: Session) -> None:
    session.settings = replace(session.settings, instructions="")
