"""The list of tools, what can be added to it, and the documented functions."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from conversations import DefinedFunction, DefinedTool
from tools import EXAMPLE_TOOLS, RUNNABLE_TOOLS, duplicate_name_faults

from ..session import Session, set_widget, widget
from ..shell.page_setup import PAGES
from .tool_card import draw_tool
from .tool_set import NEW_TOOL, add_tools, change_functions, to_json, undo


def draw_tool_bar(session: Session) -> None:
    """Draw the row of buttons above the tools."""
    adding = {
        "New tool": partial(_add_new, session),
        **{
            f"Example: {each.title}": partial(_add_example, session, name)
            for name, each in EXAMPLE_TOOLS.items()
        },
        **{f"Built-in: {name}": partial(_add_runnable, session, name) for name in RUNNABLE_TOOLS},
    }
    with st.container(horizontal=True, vertical_alignment="center", key="tools-bar"):
        st.menu_button(
            "Add a tool",
            list(adding),
            key="add-tool",
            icon=":material/add:",
            on_click=_add,
            args=(adding,),
        )
        st.button(
            "Undo",
            icon=":material/undo:",
            disabled=not session.tool_page.undo_stack.values,
            on_click=undo,
            args=(session,),
        )
        st.space("stretch")
        st.page_link(PAGES / "playground.py", label="Go to chat", icon=":material/forum:")


def draw_tool_list(session: Session) -> None:
    """Draw a card for each tool, with its faults."""
    tools = session.settings.tools
    if not tools:
        with st.container(border=True):
            st.markdown(
                "**No tools yet.** Add a new one, start from an example, use a built-in one, or "
                "import your own."
            )
        return
    duplicates = duplicate_name_faults([tool.draft for tool in tools])
    for at, (tool, duplicate) in enumerate(zip(tools, duplicates, strict=True)):
        draw_tool(session, at, (*tool.draft.faults, *([duplicate] if duplicate else ())))


def draw_functions(session: Session) -> None:
    """Draw the documented `functions`, which are sent but never executed."""
    functions = session.settings.functions
    suffix = f" · {len(functions)} sent" if functions else ""
    with st.expander(f"`functions`{suffix}", icon=":material/code_blocks:", key="functions"):
        st.caption(
            "The documented field for functions with their code. They are shown and sent, but "
            "never executed here; over the REST API, the service does not execute them either."
        )
        for at, each in enumerate(functions):
            _draw_function(session, at, each)
        st.button("Add a function", icon=":material/add:", on_click=_add_function, args=(session,))


def _draw_function(session: Session, at: int, function: DefinedFunction) -> None:
    with st.container(border=True, key=f"function-{at}"):
        for name, label, draw in (("name", "Name", st.text_input), ("code", "Code", st.text_area)):
            key = f"code-function-{name}-{at}"
            shown = set_widget(key, getattr(function, name))
            draw(label, value=shown, key=key, on_change=_set_function, args=(session, at))
        st.button(
            "Delete",
            icon=":material/delete:",
            type="tertiary",
            key=f"delete-function-{at}",
            on_click=_delete_function,
            args=(session, at),
        )


def _add(adding: Mapping[str, Callable[[], None]]) -> None:
    chosen = widget("add-tool", "")
    if chosen in adding:
        adding[chosen]()


def _add_new(session: Session) -> None:
    add_tools(session, [DefinedTool(to_json(NEW_TOOL))])


def _add_example(session: Session, name: str) -> None:
    example = EXAMPLE_TOOLS[name]
    text, body = to_json(example.definition.body()), to_json(example.answer)
    add_tools(session, [DefinedTool(text, answered="fixed", body=body)])


def _add_runnable(session: Session, name: str) -> None:
    text = to_json(RUNNABLE_TOOLS[name].definition.body())
    add_tools(session, [DefinedTool(text, answered="run")])


def _add_function(session: Session) -> None:
    number = len(session.settings.functions) + 1
    change_functions(
        session, [*session.settings.functions, DefinedFunction(f"function_{number}", "")]
    )


def _set_function(session: Session, at: int) -> None:
    found = list(session.settings.functions)
    name, code = (widget(f"code-function-{part}-{at}", "") or "" for part in ("name", "code"))
    found[at] = DefinedFunction(name, code)
    change_functions(session, found)


def _delete_function(session: Session, at: int) -> None:
    found = list(session.settings.functions)
    del found[at]
    change_functions(session, found)
