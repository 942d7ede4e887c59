"""Tools from elsewhere: read as data from what a person pastes, and written for other APIs.

    from workers_ai.tool_imports import export_tools, import_tools

    imported = import_tools(text)
    imported.tools      # in the documented flat shape
    imported.lost       # what had no place there, and what was mended

Nothing that is read is run, imported or fetched, and what it may cost is bounded.
"""

from .exporting import FORMS, Form, export_tools
from .imported import SOURCES, ImportedTools, ImportToolsError, Source
from .importing import import_tools

__all__ = [
    "FORMS",
    "SOURCES",
    "Form",
    "ImportToolsError",
    "ImportedTools",
    "Source",
    "export_tools",
    "import_tools",
]
