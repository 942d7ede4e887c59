"""How tools are offered: which of them, as `tools` or in the prompt, and who answers calls."""

from dataclasses import replace

import streamlit as st

from conversations import Offer, Offering, is_described
from workers_ai import INSTRUCTIONS, TOOLS_PLACE, InvalidRequestError, ToolSupport

from .backend import current_backend
from .markdown_inline import escaped
from .navigation import PAGES
from .rounds import MOST_ROUNDS
from .session import Session, set_widget, widget
from .tool_set import change_tool

OFFERINGS = {"auto": "Automatic", "tools": "As `tools`", "prompt": "In the prompt"}


def draw_tool_choice(session: Session) -> None:
    """Draw the choice for the sidebar."""
    tools = session.settings.tools
    offered = sum(tool.offered for tool in tools)
    mark = f" · {offered} offered" if offered else ""
    # Drawn only once it is opened: a set may have a hundred tools.
    choice = st.expander(
        f"Tools{mark}", icon=":material/build:", key="tool-choice", on_change="rerun"
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
            st.caption("A tool is a function that the model may ask for. None is defined yet.")
        st.page_link(PAGES / "tools.py", label="Edit tools", icon=":material/edit:")


def draw_offering(session: Session) -> None:
    """Draw how tools are offered, and what that means with the backend that is chosen."""
    st.segmented_control(
        "How they are offered",
        list(OFFERINGS),
        default=set_widget("offering", session.settings.offering),
        key="offering",
        format_func=OFFERINGS.__getitem__,
        required=True,
        on_change=_set_offering,
        args=(session,),
    )
    support = support_of(session)
    if session.settings.form == "prompt":
        st.caption("The form `prompt` carries no tools. Choose the form `messages` for them.")
    elif is_described(session.settings, support):
        st.caption("The request describes them in its system prompt. Calls come as text.")
    else:
        whole = "" if support.streams else " It is not streamed: streams with tools lost text."
        st.caption(f"The request has them as `tools`.{whole}")


def draw_automatic(session: Session) -> None:
    """Draw the switch that lets calls answer themselves."""
    st.toggle(
        "Answer calls by themselves",
        value=set_widget("automatic", session.rounds.automatic),
        key="automatic",
        help="Calls of tools that run here, or have a set answer, are answered without you, at "
        f"most {MOST_ROUNDS} times in a row. You can pause.",
        on_change=_set_automatic,
        args=(session,),
    )


def draw_description(session: Session) -> None:
    """Draw the words that describe tools in the prompt, and the exact text that comes of them."""
    st.text_area(
        "Instructions",
        value=set_widget("code-instructions", session.settings.instructions or INSTRUCTIONS),
        key="code-instructions",
        height="content",
        help=f"`{TOOLS_PLACE}` stands for the list of the tools.",
        on_change=_set_instructions,
        args=(session,),
    )
    if session.settings.instructions and TOOLS_PLACE not in session.settings.instructions:
        untold = f"Without `{TOOLS_PLACE}` the model is not told of the tools."
        st.caption(f":orange[:material/warning: {untold}]")
    if session.settings.instructions:
        st.button(
            "Back to the usual words",
            icon=":material/restart_alt:",
            on_click=_reset,
            args=(session,),
        )
    described = replace(session.settings, offering="prompt")
    try:
        text = Offer.of(described, support_of(session)).system
    except InvalidRequestError as error:
        st.caption(escaped(f"The text cannot be made yet. {error}"))
        return
    st.caption("The system prompt as it is sent")
    st.code(text or " ", language=None, wrap_lines=True, height=320)


def support_of(session: Session) -> ToolSupport:
    """Return how the backend that is chosen takes tools."""
    try:
        return current_backend(session).tool_support
    except InvalidRequestError:
        # What is still missing has nothing to do with tools.
        return ToolSupport(takes_tools=True, result_role="user", streams=False)


def _draw_switch(session: Session, at: int, name: str) -> None:
    faults = session.settings.tools[at].draft.faults
    mark = "  \n:red[:small[not valid: cannot be sent]]" if faults else ""
    st.toggle(
        f"{escaped(name or 'A tool without a name')}{mark}",
        value=set_widget(f"offered-{at}", session.settings.tools[at].offered),
        key=f"offered-{at}",
        on_change=_offer,
        args=(session, at),
    )


def _offer(session: Session, at: int) -> None:
    change_tool(session, at, offered=widget(f"offered-{at}", default=True))


def _set_offering(session: Session) -> None:
    offering: Offering = widget("offering", "auto")
    session.settings = replace(session.settings, offering=offering)


def _set_automatic(session: Session) -> None:
    session.rounds.automatic = widget("automatic", default=False)


def _set_instructions(session: Session) -> None:
    text = widget("code-instructions", "")
    usual = text.strip() in ("", INSTRUCTIONS.strip())
    session.settings = replace(session.settings, instructions="" if usual else text)


def _reset(session: Session) -> None:
    session.settings = replace(session.settings, instructions="")
