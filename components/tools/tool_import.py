"""Import of tools from code and other APIs, and export to other APIs."""

from functools import lru_cache

import streamlit as st

from conversations import DefinedTool
from tools import EXPORT_FORMS, ImportedTools, ImportToolsError, export_tools, import_tools
from workers_ai import FunctionTool, Tool

from ..session import Session, clear_widget, widget
from ..text.markdown_inline import escaped
from .tool_set import add_tools, to_json

SOURCE_NAMES = {
    "python": "Python functions",
    "openapi": "an OpenAPI 3 document",
    "mcp": "tools of an MCP server",
    "openai": "tools for OpenAI",
    "anthropic": "tools for Anthropic",
    "gemini": "tools for Gemini",
    "documented": "tools for this API",
}
FORM_NAMES = {
    "documented": "This API",
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "gemini": "Gemini",
    "mcp": "MCP",
}
_MOST_SHOWN = 40


def draw_import(session: Session) -> None:
    """Draw the box that accepts any source of tools, and a preview of the tools found in it."""
    with st.expander("Import", icon=":material/input:", key="import-tools"):
        st.caption(
            "Source code of Python functions (read, never run), an OpenAPI 3 document in JSON, the "
            "`tools/list` response of an MCP server, or tools written for another API."
        )
        st.text_area(
            "Paste here",
            key="code-import",
            height=180,
            placeholder="def get_weather(city: str, unit: Literal['celsius', 'fahrenheit'] = …",
        )
        file = st.file_uploader("Or upload a file", type=["json", "py", "txt"], key="import_file")
        text = widget("code-import", "") or ""
        if file is not None:
            text = file.getvalue().decode("utf-8", "replace")
        if text.strip():
            _draw_found(session, text)


def draw_export(session: Session) -> None:
    """Draw the export of the tools in the format of this or another API."""
    with st.expander("Export", icon=":material/output:", key="export-tools"):
        tools, left = _valid(session)
        if left:
            st.caption(f"Left out because they are invalid: {escaped(', '.join(left))}.")
        if not tools:
            st.caption("No valid tools yet.")
            return
        form = st.segmented_control(
            "Format",
            EXPORT_FORMS,
            key="export_form",
            format_func=FORM_NAMES.__getitem__,
            default="documented",
            required=True,
        )
        text = export_tools(tools, form)
        st.code(text, language="json", wrap_lines=True, height=320)
        st.download_button(
            "Download",
            text,
            file_name=f"tools-{form}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )


def _draw_found(session: Session, text: str) -> None:
    found = _read(text)
    if isinstance(found, ImportToolsError):
        st.markdown(f":red[:material/error:] {escaped(found.message)}")
        return
    count = len(found.tools)
    st.markdown(f"Found in {SOURCE_NAMES[found.source]}:")
    st.dataframe(
        [{"name": tool.name, "description": tool.description} for tool in found.tools],
        hide_index=True,
        height="content" if count <= _MOST_SHOWN else 400,
    )
    if found.lost:
        _draw_lost(found)
    st.button(
        "Add the tool" if count == 1 else f"Add {count} tools",
        icon=":material/add:",
        key="add-imported",
        on_click=_add,
        args=(session, found.tools),
    )


def _draw_lost(found: ImportedTools) -> None:
    many = len(found.lost)
    title = (
        "1 item was changed or left out" if many == 1 else f"{many} items were changed or left out"
    )
    with st.expander(title, icon=":material/rule:"):
        st.dataframe(
            [{"where": fault.path, "what": fault.message} for fault in found.lost],
            hide_index=True,
        )


def _add(session: Session, tools: tuple[Tool, ...]) -> None:
    add_tools(session, [DefinedTool(to_json(tool.body())) for tool in tools])
    session.tool_page.open = None
    clear_widget("code-import")
    clear_widget("import_file")


def _valid(session: Session) -> tuple[list[Tool | FunctionTool], list[str]]:
    tools = session.settings.tools
    left = [tool.name or "an unnamed tool" for tool in tools if tool.draft.tool is None]
    return [tool.draft.tool for tool in tools if tool.draft.tool is not None], left


@lru_cache(maxsize=4)
def _read(text: str) -> ImportedTools | ImportToolsError:
    try:
        return import_tools(text)
    except ImportToolsError as error:
        return error
