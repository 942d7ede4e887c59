"""Parsed Markdown, rewritten so that Streamlit cannot read anything else into it.

Nothing is copied from the source: all text is escaped, and every markup character in the result was
written for a token that the parser recognized. There is no way to write an image.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from .markdown_inline import JOINER, longest_run, plain_formula, without_shortcodes, write_inline

_LONGEST_LANGUAGE = 30
# Empty items on one line would be read as a horizontal rule.
_READ_AS_RULE = re.compile(r"(?:- *){3,}|(?:\* *){3,}")


class Node(NamedTuple):
    """A block and its children."""

    token: Token
    children: "list[Node]"

    @property
    def is_list(self) -> bool:
        """Whether the block is a list of either kind."""
        return self.token.type in ("bullet_list_open", "ordered_list_open")


def block_tree(tokens: Sequence[Token]) -> list[Node]:
    """Nest the parser's flat list of block tokens."""
    root: list[Node] = []
    stack = [root]
    for token in tokens:
        if token.nesting < 0:
            stack.pop()
            continue
        node = Node(token, [])
        stack[-1].append(node)
        if token.nesting > 0:
            stack.append(node.children)
    return root


def write_blocks(nodes: Sequence[Node], *, tight: bool = False) -> list[str]:
    """Write blocks as lines of Markdown; `tight` leaves out the empty lines between them."""
    lines: list[str] = []
    previous: Node | None = None
    marker = ""
    for node in nodes:
        if previous is not None and not tight:
            lines.append("")
        if node.is_list:
            marker = _list_marker(node, marker if previous and previous.is_list else "")
            lines += _list(node, marker)
        else:
            lines += _BLOCKS[node.token.type](node)
        previous = node
    return lines


def fence(code: str, language: str = "") -> list[str]:
    """Write code as a fenced block that its content cannot close."""
    marks = "`" * max(3, longest_run(code) + 1)
    lines = without_shortcodes(code).removesuffix("\n").split("\n") if code else []
    return [marks + language, *lines, marks]


def _paragraph(node: Node) -> list[str]:
    return write_inline(node.children[0].token.children or [])


def _heading(node: Node) -> list[str]:
    text = write_inline(node.children[0].token.children or [], one_line=True)[0]
    return [f"{'#' * int(node.token.tag[1:])} {text}".rstrip()]


def _fence(node: Node) -> list[str]:
    return fence(node.token.content, _language(node.token.info))


def _language(info: str) -> str:
    """Return a plain language name; drop one that Streamlit would draw as a diagram."""
    name = (info.split() or [""])[0]
    plain = re.fullmatch(r"[\w+#.-]+", name, re.ASCII) and len(name) <= _LONGEST_LANGUAGE
    return name if plain and "mermaid" not in name.lower() else ""


def _quote(node: Node) -> list[str]:
    return [f"> {line}".rstrip() for line in write_blocks(node.children)] or [">"]


def _rule(_: Node) -> list[str]:
    # Neither a list item before underscores nor a line of text above changes their meaning.
    return ["___"]


def _math(node: Node) -> list[str]:
    return ["$$", *plain_formula(node.token.content).split("\n"), "$$"]


def _list_marker(node: Node, previous: str) -> str:
    """Choose the marker of a list so that it does not continue the list just before it."""
    marker = node.token.markup
    if marker != previous:
        return marker
    return {"-": "*", "*": "-", "+": "-", ".": ")", ")": "."}[marker]


def _list(node: Node, marker: str) -> list[str]:
    tight = _is_tight(node)
    lines: list[str] = []
    for item in node.children:
        if lines and not tight:
            lines.append("")
        lines += _item(item, f"{item.token.info}{marker} ", tight=tight)
    return lines


def _is_tight(node: Node) -> bool:
    paragraphs = (
        child.token
        for item in node.children
        for child in item.children
        if child.token.type == "paragraph_open"
    )
    return all(token.hidden for token in paragraphs)


def _item(item: Node, marker: str, *, tight: bool) -> list[str]:
    inner = write_blocks(item.children, tight=tight) or [""]
    indent = " " * len(marker)
    if _READ_AS_RULE.fullmatch(marker + inner[0]):
        inner = [f"{inner[0]} {JOINER}".lstrip(), *inner[1:]]
    return [
        (f"{marker}{line}" if number == 0 else f"{indent}{line}").rstrip(" ")
        for number, line in enumerate(inner)
    ]


def _table(node: Node) -> list[str]:
    rows = [row for part in node.children for row in part.children]
    written = [_row(row) for row in rows]
    return [written[0], _alignment(rows[0]), *written[1:]]


def _row(row: Node) -> str:
    cells = (write_inline(_cell(cell), one_line=True, in_table=True)[0] for cell in row.children)
    return f"| {' | '.join(cells)} |"


def _cell(cell: Node) -> list[Token]:
    return (cell.children[0].token.children or []) if cell.children else []


def _alignment(row: Node) -> str:
    marks = {"left": ":--", "center": ":-:", "right": "--:"}
    sides = (str(cell.token.attrGet("style") or "").rpartition(":")[2] for cell in row.children)
    return f"| {' | '.join(marks.get(side, '---') for side in sides)} |"


_BLOCKS: dict[str, Callable[[Node], list[str]]] = {
    "paragraph_open": _paragraph,
    "heading_open": _heading,
    "fence": _fence,
    "code_block": _fence,
    "blockquote_open": _quote,
    "hr": _rule,
    "math_block": _math,
    "table_open": _table,
}
