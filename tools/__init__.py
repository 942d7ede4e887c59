"""Tools: checks, import, export, tools described in a prompt, calls in text, safe execution.

    from tools import import_tools, read_tool

    draft = read_tool(text)
    draft.faults                    # each with a path, a sentence, and a fix where one is certain
    import_tools(source).tools      # from Python, OpenAPI, MCP, or the JSON of another API

Nothing that a model or a file contains is executed, imported or fetched.
"""

from .calls_in_text import RecoveredForm, recover_calls
from .checks.draft import ToolDraft, ToolFault
from .checks.duplicate_names import duplicate_name_faults
from .checks.tool_text import read_tool
from .examples import EXAMPLE_TOOLS
from .imports.import_result import ImportedTools, ImportToolsError
from .imports.tool_builder import ToolBuilder
from .imports.tool_export import EXPORT_FORMS, export_tools
from .imports.tool_import import import_tools
from .runnable.http_stub import HttpStub
from .runnable.tool import RunnableTool
from .runnable.tool_library import RUNNABLE_TOOLS, run_tool
from .tools_as_prompt import TOOL_INSTRUCTIONS, TOOLS_PLACEHOLDER, describe_tools

__all__ = [
    "EXAMPLE_TOOLS",
    "EXPORT_FORMS",
    "RUNNABLE_TOOLS",
    "TOOLS_PLACEHOLDER",
    "TOOL_INSTRUCTIONS",
    "HttpStub",
    "ImportToolsError",
    "ImportedTools",
    "RecoveredForm",
    "RunnableTool",
    "ToolBuilder",
    "ToolDraft",
    "ToolFault",
    "describe_tools",
    "duplicate_name_faults",
    "export_tools",
    "import_tools",
    "read_tool",
    "recover_calls",
    "run_tool",
]
