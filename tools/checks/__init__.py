"""Checks of a tool's text before it is sent, with suggested fixes.

    from tools import duplicate_name_faults, read_tool

    draft = read_tool(text)
    draft.tool          # the tool to send, if there are no faults
    draft.faults        # each with a path, a sentence, and a fix if only one is possible

A draft can be anything that a person types. Nothing is raised, and only a fix changes anything.
"""
