"""Partial Markdown: open constructs are closed while the text is still being written."""

import re

_HALF_LINE = re.compile(r"(?:^|\n)[ \t>]*(?:[-=*_+#~`|][-=*_+#~`|: \t]*|\d{1,9}[.)]?[ \t]*)$")
_HALF_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*$")
_MARK = re.compile(r"\\.|`+|\*+|_+|~~", re.DOTALL)


def without_ambiguous_line(text: str) -> str:
    """Hold back a last line whose meaning is not clear yet.

    A lone `-` below a line of text would be drawn as a heading until the list item arrives.
    """
    return _HALF_LINE.sub("", text, count=1) if "\n" in text[:-1] else text


def with_markers_closed(content: str) -> str:
    """Close the emphasis and the code span that the last paragraph leaves open.

    An incomplete link address is held back, and the link's text is shown.
    """
    content = _HALF_LINK.sub(r"\1", content)
    content = content.rstrip("*_~`").removesuffix("\\")
    closers = "".join(reversed(_open_marks(content)))
    return content.rstrip() + closers if closers else content


def _open_marks(content: str) -> list[str]:
    """Return the markers that are open, outermost first."""
    opened: list[str] = []
    position = 0
    while found := _MARK.search(content, position):
        mark, position = found[0], found.end()
        if mark[0] == "`":
            end = _closing_backticks(content, position, len(mark))
            if end is None:
                return [*opened, mark]
            position = end
        elif mark[0] != "\\":
            _open_or_close(opened, mark, content[: found.start()][-1:], content[position:][:1])
    return opened


def _closing_backticks(content: str, position: int, length: int) -> int | None:
    for run in re.finditer("`+", content[position:]):
        if len(run[0]) == length:
            return position + run.end()
    return None


def _open_or_close(opened: list[str], mark: str, before: str, after: str) -> None:
    may_open = bool(after.strip())
    may_close = bool(before.strip())
    if mark[0] == "_" and before.isalnum() and after.isalnum():
        return
    while mark and may_close and opened and opened[-1][0] == mark[0]:
        closed = min(len(mark), len(opened[-1]))
        mark = mark[closed:]
        opened[-1] = opened[-1][closed:]
        if not opened[-1]:
            opened.pop()
    if mark and may_open:
        opened.append(mark)
