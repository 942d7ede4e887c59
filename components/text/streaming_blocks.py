"""A growing answer, split into blocks that are drawn once and a tail that is redrawn."""

import re

SHORTEST = 600
"""The fewest characters in a block: each block is a separate element on the page."""

_WIDEST_GAP = 4
_WIDEST_INDENT = 3
_LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])(?=[ \t]|$)( *)")
_STARTS_BLOCK = re.compile(r" {0,3}(?:>|#{1,6}(?:\s|$)|`{3,}[^`]*$|~{3,}|(?:[-_*][ \t]*){3,}$)")


class Blocks:
    """Text that is cut as it arrives, where CommonMark starts a new block.

    A cut is made before an unindented line that follows an empty one, outside fences and lists:
    a list stays whole, or its numbers and spacing would change. `finished` and `tail`, joined,
    are the text fed so far. Each step takes time proportional to the length of the new text. A
    link whose address is defined in another block shows as text until the answer is drawn whole.
    """

    def __init__(self) -> None:
        self.finished: list[str] = []
        """The blocks that will not change any more; each is complete Markdown on its own."""

        self._lines: list[str] = []
        self._length = 0
        self._rest: list[str] = []
        self._fence = ""
        self._inner_fence = ""
        self._item_indent: int | None = None
        self._after_empty = False

    @property
    def tail(self) -> str:
        """The text after the last block; its meaning can still change."""
        return "".join([*self._lines, *self._rest])

    def feed(self, text: str) -> None:
        """Add new text, which may be cut anywhere."""
        if self._rest and self._rest[-1].endswith("\r"):
            text = self._rest.pop() + text
        start = 0
        for found in _LINE_END.finditer(text):
            self._take("".join([*self._rest, text[start : found.end()]]))
            self._rest.clear()
            start = found.end()
        if start < len(text):
            self._rest.append(text[start:])

    def _take(self, line: str) -> None:
        # Tabs advance to multiples of four columns, as in CommonMark.
        content = line.rstrip("\r\n").expandtabs(4)
        empty = not content.strip(" ")
        if not empty:
            self._leave_list(content)
            if self._may_cut(content):
                self._cut()
            self._follow(content)
        self._lines.append(line)
        self._length += len(line)
        self._after_empty = empty

    def _may_cut(self, content: str) -> bool:
        return (
            self._after_empty
            and self._length >= SHORTEST
            and not self._fence
            and self._item_indent is None
            and not content[0].isspace()
        )

    def _cut(self) -> None:
        self.finished.append("".join(self._lines))
        self._lines = []
        self._length = 0

    def _leave_list(self, content: str) -> None:
        """Close the open list if the line ends it."""
        if self._item_indent is None or _indent(content) >= self._item_indent:
            return
        starts_block = bool(_STARTS_BLOCK.match(content))
        if _ITEM.match(content) and not starts_block:
            return
        # A line of text continues the paragraph of the item, but not its code.
        if self._after_empty or starts_block or self._inner_fence:
            self._item_indent = None
            self._inner_fence = ""

    def _follow(self, content: str) -> None:
        """Keep track of the outermost list, and of the fences inside and outside it."""
        if self._item_indent is not None and _indent(content) >= self._item_indent:
            self._inner_fence = _fence_after(content.strip(" "), self._inner_fence)
            return
        fence = _fence_after(content, self._fence)
        item = _ITEM.match(content)
        if not (self._fence or fence) and item and not _STARTS_BLOCK.match(content):
            spaces = len(item[3]) if 1 <= len(item[3]) <= _WIDEST_GAP else 1
            self._item_indent = len(item[1]) + len(item[2]) + spaces
            self._inner_fence = _fence_after(content[item.end() :], "")
        self._fence = fence


def _fence_after(line: str, fence: str) -> str:
    """Return the marker of the fence that is open after a line, or "" if none is."""
    if not fence:
        found = _FENCE.match(line)
        return found[1] if found else ""
    marker = line.strip(" ")
    closes = not marker.strip(fence[0]) and len(marker) >= len(fence)
    return "" if closes and _indent(line) <= _WIDEST_INDENT else fence


def split_blocks(text: str) -> tuple[list[str], str]:
    """Split text into finished blocks and a tail; joined, they are the text."""
    blocks = Blocks()
    blocks.feed(text)
    return blocks.finished, blocks.tail


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
