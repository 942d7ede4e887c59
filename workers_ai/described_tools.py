"""Tools told in the prompt: the documented way for Gemma 3, which has no marks for them."""

import json
from collections.abc import Iterable

from .tools import FunctionTool, Tool

TOOLS_PLACE = "{{tools}}"
"""Where the list of the tools stands in the instructions."""

# No square bracket before the list: whoever reads the text finds the list by it.
INSTRUCTIONS = f"""\
You have access to the following functions.
When one of them is needed, answer with a call and with nothing else, in this form:
{{"name": function name, "parameters": {{argument name: value}}}}
For several calls, answer with a JSON list of such objects.
When none is needed, answer as usual.
The functions:
{TOOLS_PLACE}"""


def describe_tools(tools: Iterable[Tool | FunctionTool], instructions: str = INSTRUCTIONS) -> str:
    """Return the text that offers tools to a model without marks for them; "" for no tools.

    It belongs before what the user says, or into the system prompt (wire.md 5.4). Both shapes of a
    tool give the same text: its name, description and parameters, in the order in which they were
    given. The list stands where the instructions have `TOOLS_PLACE`. `recover_calls` finds the
    calls in the answer.
    """
    described = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        for tool in tools
    ]
    if not described:
        return ""
    written = json.dumps(described, indent=2, ensure_ascii=False)
    # Half a surrogate pair cannot be sent or shown; within JSON its escape means the same.
    return instructions.replace(TOOLS_PLACE, written.encode(errors="backslashreplace").decode())
