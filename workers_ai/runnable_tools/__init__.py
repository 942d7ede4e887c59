"""Safe tools that the app may run for a person, and stubs that answer as they were told to.

Each is arithmetic on its own arguments. Nothing that a model writes is evaluated, no connection
is opened, and the only files read are the time zones that come with Python.
"""

from workers_ai.runnable_tools.http_stub import HttpStub
from workers_ai.runnable_tools.library import RUNNABLE_TOOLS
from workers_ai.runnable_tools.running import ToolRun, run_tool
from workers_ai.runnable_tools.tool import RunnableTool, ToolError

__all__ = ["RUNNABLE_TOOLS", "HttpStub", "RunnableTool", "ToolError", "ToolRun", "run_tool"]
