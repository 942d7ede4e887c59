"""The tools that come with the app."""

from collections.abc import Mapping
from types import MappingProxyType

from .calculator import CALCULATOR
from .dates import ADD_TO_DATE, DAYS_BETWEEN, current_time
from .text_statistics import TEXT_STATISTICS
from .tool import RunnableTool
from .units import CONVERT_UNITS

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
