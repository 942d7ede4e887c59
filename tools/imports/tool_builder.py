"""The tools of an import: legal, unique names, self-contained schemas, bounded sizes."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from schemas import NO_FIELD, ImportReport, References, in_json_schema, quoted
from workers_ai import InvalidRequestError, Tool
from workers_ai.validation import parse_tool

from .normalize import documented_parameters, words

MOST_TOOLS = 2000
LARGEST_TOOLS = 5_000_000
"""Characters of all tools together, after references are replaced."""

LONGEST_NAME = 64


class ToolBuilder:
    """Collects tools one by one, with parameters in any dialect of JSON Schema."""

    def __init__(self) -> None:
        self.findings = ImportReport()
        self.tools: list[Tool] = []
        self.reason = ""
        """Why the first omitted tool was left out."""

        self._left = LARGEST_TOOLS
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        """Whether no more tools are accepted; if so, this is reported."""
        full = len(self._names) >= MOST_TOOLS
        if full:
            self.findings.add((), f"only the first {MOST_TOOLS:,} tools were imported")
        return full

    def unique_name(self, given: Any) -> str:
        """Return a legal name that no other tool has; any change is reported."""
        text = given if isinstance(given, str) else ""
        name = legal_name(text)
        if name != text:
            self.findings.add((name,), f"its name was {quoted(text)}, which is not a legal name")
        own = self._unique(name)
        if own != name:
            self.findings.add((own,), f"another tool is already named {quoted(name)}")
        self._names.add(own)
        return own

    def add(self, name: str, description: Any, schema: Any) -> None:
        """Add a tool under a name from `named`. References point into the schema itself."""
        place = (name, "parameters")
        inlined = References(schema, self.findings).inlined(schema, place)
        plain = in_json_schema(inlined, place, self.findings)
        tool = {
            "name": name,
            "description": self._description(name, description),
            "parameters": documented_parameters(plain, place, self.findings),
        }
        self._left -= _size(tool, self._left)
        if self._left < 0:
            self._leave_out(name, "the tools are too large in total; it was left out")
            return
        self._take(name, tool)

    def report_unknown_keys(
        self, name: str, given: Mapping[str, Any], known: Collection[str]
    ) -> None:
        """Report the unknown keys of a tool."""
        for key, value in given.items():
            if key not in known and value is not None:
                self.findings.add((name,), f"{quoted(key)} was left out; {NO_FIELD}")

    def _leave_out(self, name: str, sentence: str) -> None:
        self.findings.add((name,), sentence)
        self.reason = self.reason or f"{name}: {sentence}"

    def _take(self, name: str, tool: dict[str, Any]) -> None:
        try:
            checked = parse_tool(tool)
        except InvalidRequestError as error:
            self._leave_out(name, f"it was left out: {error.faults[0]}"[:300])
            return
        if isinstance(checked, Tool):
            self.tools.append(checked)

    def _description(self, name: str, given: Any) -> str:
        if isinstance(given, str) and given.strip():
            return given
        self.findings.add((name,), "its description was missing and was made from its name")
        return f"{words(name).capitalize()}."

    def _unique(self, name: str) -> str:
        own = name
        while own in self._names:
            self._numbers[name] = self._numbers.get(name, 1) + 1
            ending = f"_{self._numbers[name]}"
            own = f"{name[: LONGEST_NAME - len(ending)]}{ending}"
        return own


def legal_name(text: str) -> str:
    """Return the closest name of 1 to 64 letters, digits, _ and -."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        return text
    plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "_", plain).strip("_")[:LONGEST_NAME] or "tool"


def _size(value: Any, most: int) -> int:
    """Return the characters in a value, or a number above `most`."""
    size, stack = 0, [value]
    while stack and size <= most:
        item = stack.pop()
        size += len(item) + 4 if isinstance(item, str) else 4
        if isinstance(item, dict):
            size += sum(map(len, item))
            stack += item.values()
        elif isinstance(item, list):
            stack += item
    return size
