"""Safe tools that the app can run for a person, and stubs with canned answers.

Each tool only computes with its own arguments. Nothing that a model writes is evaluated, no
connection is opened, and the only files read are the time zones that ship with Python.
"""

from .http_stub import HttpStub
from .library import RUNNABLE_TOOLS
from .running import ToolRun, run_tool
from .tool import RunnableTool, ToolError

__all__ = ["RUNNABLE_TOOLS", "HttpStub", "RunnableTool", "ToolError", "ToolRun", "run_tool"]
