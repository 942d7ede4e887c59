"""The tools that come with the app."""

from collections.abc import Mapping
from types import MappingProxyType

from workers_ai.runnable_tools.calculator import CALCULATOR
from workers_ai.runnable_tools.dates import ADD_TO_DATE, DAYS_BETWEEN, current_time
from workers_ai.runnable_tools.text_statistics import TEXT_STATISTICS
from workers_ai.runnable_tools.tool import RunnableTool
from workers_ai.runnable_tools.units import CONVERT_UNITS

_ALL = (
    CALCULATOR,
    current_time(),
    DAYS_BETWEEN,
    ADD_TO_DATE,
    CONVERT_UNITS,
    TEXT_STATISTICS,
)

RUNNABLE_TOOLS: Mapping[str, RunnableTool] = MappingProxyType(
    {tool.definition.name: tool for tool in _ALL}
)
"""The built-in tools by name."""
