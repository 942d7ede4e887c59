"""Parsed Markdown written again so that Streamlit cannot read anything else into it.

Nothing is copied from the source: all text is escaped, and every sign of markup in the result was
put there for a token that the parser recognised. There is no way to write an image.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markdown_it.token import Token

DEEPEST_INLINE = 12
"""Emphasis inside emphasis inside … is drawn to this depth; deeper signs are shown as text."""

_JOINER = "\u2060"
_LONGEST_LANGUAGE = 30
_CLOSED_ANYWHERE = ("$$", r"\[", r"\(")


class Node(NamedTuple):
    """A block and what is inside it."""

    token: Token
    children: "list[Node]"

    @property
    def is_list(self) -> bool:
        """Whether the block is a list of either kind."""
        return self.token.type in ("bullet_list_open", "ordered_list_open")


def tree(tokens: Sequence[Token]) -> list[Node]:
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


def write(nodes: Sequence[Node], *, tight: bool = False) -> list[str]:
    """Write blocks as lines of Markdown; `tight` leaves no empty line between them."""
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
    marks = "`" * max(3, _longest_run(code) + 1)
    lines = _unrewritten(code).removesuffix("\n").split("\n") if code else []
    return [marks + language, *lines, marks]


# Streamlit rewrites this one code before it parses, inside code as well.
def _unrewritten(text: str) -> str:
    return text.replace(":material/", f":{_JOINER}material/")


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


# --- Blocks


def _paragraph(node: Node) -> list[str]:
    return _inline(node.children[0].token.children or [])


def _heading(node: Node) -> list[str]:
    text = _inline(node.children[0].token.children or [], one_line=True)[0]
    return [f"{'#' * int(node.token.tag[1:])} {text}".rstrip()]


def _fence(node: Node) -> list[str]:
    return fence(node.token.content, _language(node.token.info))


def _language(info: str) -> str:
    """Keep a plain language name; one that Streamlit would draw as a diagram is left out."""
    name = (info.split() or [""])[0]
    plain = re.fullmatch(r"[\w+#.-]+", name, re.ASCII) and len(name) <= _LONGEST_LANGUAGE
    return name if plain and "mermaid" not in name.lower() else ""


def _quote(node: Node) -> list[str]:
    return [f"> {line}".rstrip() for line in write(node.children)] or [">"]


def _rule(_: Node) -> list[str]:
    # Neither a list item before it nor a line of text above it changes what underscores mean.
    return ["___"]


def _math(node: Node) -> list[str]:
    return ["$$", *node.token.content.split("\n"), "$$"]


def _list_marker(node: Node, previous: str) -> str:
    """Choose the sign of a list so that it does not run on from the list just before it."""
    sign = node.token.markup
    if sign != previous:
        return sign
    return {"-": "*", "*": "-", "+": "-", ".": ")", ")": "."}[sign]


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
    inner = write(item.children, tight=tight) or [""]
    indent = " " * len(marker)
    return [
        (f"{marker}{line}" if number == 0 else f"{indent}{line}").rstrip(" ")
        for number, line in enumerate(inner)
    ]


def _table(node: Node) -> list[str]:
    rows = [row for part in node.children for row in part.children]
    written = [_row(row) for row in rows]
    return [written[0], _alignment(rows[0]), *written[1:]]


def _row(row: Node) -> str:
    cells = (_inline(_cell(cell), one_line=True, in_table=True)[0] for cell in row.children)
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

# --- Inside a paragraph


def _inline(
    tokens: Sequence[Token], *, one_line: bool = False, in_table: bool = False
) -> list[str]:
    writer = _InlineWriter(one_line=one_line, in_table=in_table)
    text = "".join(map(writer.write, tokens))
    return [_line_start(line) for line in text.split("\n")]


# A line of text must not begin a block.
def _line_start(line: str) -> str:
    line = re.sub(r"^(\d{1,9})(?=[.)])", r"\1\\", line)
    line = re.sub(r"^(?=[-+=])", r"\\", line)
    return re.sub(r"^ +", lambda spaces: "&#32;" * len(spaces[0]), line)


class _InlineWriter:
    """Writes the tokens of one paragraph one after the other."""

    def __init__(self, *, one_line: bool, in_table: bool) -> None:
        self.one_line = one_line
        self.in_table = in_table
        self.depth = 0
        self.struck = 0
        self.links: list[str] = []

    def write(self, token: Token) -> str:
        writer = _TOKENS.get(token.type)
        return writer(self, token) if writer else escaped(token.content)

    def soft_break(self, _: Token) -> str:
        return " " if self.one_line else "\n"

    def hard_break(self, _: Token) -> str:
        return " " if self.one_line else "\\\n"

    def link(self, token: Token) -> str:
        if token.nesting > 0:
            self.links.append(_target(token, "href"))
            return "[" if self.links[-1] else r"\["
        target = self.links.pop()
        return f"]({target})" if target else r"\]()"

    def emphasis(self, token: Token) -> str:
        self.depth += max(token.nesting, 0)
        drawn = self.depth <= DEEPEST_INLINE
        self.depth += min(token.nesting, 0)
        return token.markup if drawn else escaped(token.markup)

    def strike(self, token: Token) -> str:
        # A run of four tildes would be read as text, or as a fence.
        self.struck += max(token.nesting, 0)
        drawn = self.struck == 1
        self.struck += min(token.nesting, 0)
        return token.markup if drawn else ""

    def image(self, token: Token) -> str:
        label = escaped(token.content)
        target = _target(token, "src")
        if self.links:
            return rf"\!{label}"
        if not target:
            return rf"\!\[{label}\]()"
        return rf"\![{label or escaped(str(token.attrGet('src')))}]({target})"

    def code(self, token: Token) -> str:
        code = token.content
        marks = "`" * (_longest_run(code) + 1)
        space = " " if code.strip(" ") != code or "`" in (code[:1], code[-1:]) else ""
        space = space if code.strip(" ") else ""
        if self.in_table:
            code = code.replace("|", r"\|")
        return f"{marks}{space}{_unrewritten(code)}{space}{marks}"

    def math(self, token: Token) -> str:
        formula = " ".join(token.content.split())
        if token.markup in ("$$", r"\["):
            formula = rf"\displaystyle {formula}"
        if self.in_table:
            formula = formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ").rstrip()
        # Behind the other delimiters may stand a digit, which keeps a dollar from closing.
        behind = _JOINER if token.markup in _CLOSED_ANYWHERE else ""
        return f"${formula}${behind}"


_TOKENS: dict[str, Callable[[_InlineWriter, Token], str]] = {
    "em_open": _InlineWriter.emphasis,
    "em_close": _InlineWriter.emphasis,
    "strong_open": _InlineWriter.emphasis,
    "strong_close": _InlineWriter.emphasis,
    "s_open": _InlineWriter.strike,
    "s_close": _InlineWriter.strike,
    "link_open": _InlineWriter.link,
    "link_close": _InlineWriter.link,
    "image": _InlineWriter.image,
    "code_inline": _InlineWriter.code,
    "math_inline": _InlineWriter.math,
    "softbreak": _InlineWriter.soft_break,
    "hardbreak": _InlineWriter.hard_break,
}


def _target(token: Token, name: str) -> str:
    """Write an address, with the title if there is one, so that it holds nothing but itself.

    An empty address would lead back to this page; it is no target.
    """
    address = re.sub(r"[^\w/.%?+,;-]", _entity, str(token.attrGet(name) or ""), flags=re.ASCII)
    title = token.attrGet("title")
    if not address:
        return ""
    return f'<{address}> "{_one_line(escaped(str(title)))}"' if title else f"<{address}>"


def _one_line(text: str) -> str:
    return text.replace('"', "&quot;").replace("&#10;", " ")


# --- Text

_NEVER_MARKUP = {
    **{sign: f"\\{sign}" for sign in r"\`*_[]<>#|~$!"},
    "&": "&amp;",
}
_ESCAPED = re.compile(r"[\\`*_\[\]<>#|~$!&@\t\r\n]|:(?! )|(?<=www)\.", re.IGNORECASE)
# Between blanks Streamlit makes arrows and dashes of these, after parsing: no escape stops it.
_TYPOGRAPHIC = re.compile(r"(?<![^\s\ufeff])(<->|->|<-|--|>=|<=|~=)(?![^\s\ufeff])")
# The same goes for codes of emoji and icons. Plain numbers are no codes, but for two.
_CODE = re.compile(r":(?=([\w+-]+):)", re.ASCII)
_NUMBER_CODES = ("100", "1234")


def escaped(text: str) -> str:
    """Escape text so that it is shown as it is, wherever it stands in a paragraph."""
    text = _TYPOGRAPHIC.sub(lambda found: found[0][0] + _JOINER + found[0][1:], text)
    text = _CODE.sub(_broken_code, text)
    return _ESCAPED.sub(_escape, text)


def _broken_code(found: re.Match[str]) -> str:
    return ":" if found[1].isdigit() and found[1] not in _NUMBER_CODES else f":{_JOINER}"


def _escape(found: re.Match[str]) -> str:
    return _NEVER_MARKUP.get(found[0]) or _entity(found)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
