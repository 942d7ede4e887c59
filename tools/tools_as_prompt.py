"""Tools described in the prompt: the documented way for Gemma 3, which has no tokens for them."""

import json
from collections.abc import Iterable

from workers_ai import FunctionTool, Tool

TOOLS_PLACEHOLDER = "{{tools}}"
"""The placeholder for the list of tools in the instructions."""

# No square bracket before the list: readers of the text find the list by its bracket.
TOOL_INSTRUCTIONS = f"""\
You have access to the following functions.
When one of them is needed, answer with a call and with nothing else, in this form:
{{"name": function name, "parameters": {{argument name: value}}}}
For several calls, answer with a JSON list of such objects.
When none is needed, answer as usual.
The functions:
{TOOLS_PLACEHOLDER}"""


def describe_tools(
    tools: Iterable[Tool | FunctionTool], instructions: str = TOOL_INSTRUCTIONS
) -> str:
    """Return text that offers tools to a model without tokens for them; "" for no tools.

    It belongs before the user's message, or in the system prompt (wire.md 5.4). Both shapes of a
    tool give the same text: name, description and parameters. The tools keep their order. The list
    replaces `TOOLS_PLACEHOLDER` in the instructions. `recover_calls` finds the calls in the answer.
    """
    described = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        for tool in tools
    ]
    if not described:
        return ""
    written = json.dumps(described, indent=2, ensure_ascii=False)
    # A lone surrogate cannot be sent or shown; its JSON escape means the same.
    return instructions.replace(
        TOOLS_PLACEHOLDER, written.encode(errors="backslashreplace").decode()
    )
