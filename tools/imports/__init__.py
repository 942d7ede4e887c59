"""Import of tools from pasted text, and export of tools for other APIs.

    from tools import export_tools, import_tools

    imported = import_tools(text)
    imported.tools      # in the documented flat shape
    imported.lost       # what that shape cannot express, and what was changed

The input is never run or imported, nothing is fetched, and the cost is bounded.
"""
