"""Whether the text of a tool can be sent, and how what is wrong with it is mended.

    from workers_ai.tool_checks import name_faults, read_tool

    draft = read_tool(text)
    draft.tool          # to be sent, where there is no fault
    draft.faults        # each with a place, a sentence, and a fix where it is beyond doubt

A draft may be anything that a person types. Nothing is raised, and nothing is changed but by a fix.
"""

from .drafts import ToolDraft, ToolFault, ToolFix
from .names import name_faults
from .reading import read_tool

__all__ = ["ToolDraft", "ToolFault", "ToolFix", "name_faults", "read_tool"]
