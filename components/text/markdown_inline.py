"""The content of a paragraph, written so that Streamlit cannot read anything else into it.

Streamlit also replaces characters after parsing; there an invisible word joiner (U+2060) separates
them.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

DEEPEST_INLINE = 12
"""Nested emphasis is drawn to this depth; deeper markup characters are shown as text."""

JOINER = "\u2060"
"""A word joiner: it is invisible, and keeps its neighbors from being read as one token."""
_CLOSED_ANYWHERE = ("$$", r"\[", r"\(")


def without_shortcodes(text: str) -> str:
    """Break up the one shortcode that Streamlit rewrites before parsing, even inside code."""
    return text.replace(":material/", f":{JOINER}material/")


def longest_run(text: str) -> int:
    """Return the length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def write_inline(
    tokens: Sequence[Token], *, one_line: bool = False, in_table: bool = False
) -> list[str]:
    """Write the tokens of one paragraph as lines, none of which begins a block."""
    writer = _InlineWriter(one_line=one_line, in_table=in_table)
    text = "".join(map(writer.write, tokens))
    return [_line_start(line) for line in text.split("\n")]


# A line of text must not begin a block.
def _line_start(line: str) -> str:
    line = re.sub(r"^(\d{1,9})(?=[.)])", r"\1\\", line)
    line = re.sub(r"^(?=[-+=])", r"\\", line)
    return re.sub(r"^ +", lambda spaces: "&#32;" * len(spaces[0]), line)


class _InlineWriter:
    """Writes the tokens of one paragraph, one after another."""

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
        marks = "`" * (longest_run(code) + 1)
        space = " " if code.strip(" ") != code or "`" in (code[:1], code[-1:]) else ""
        space = space if code.strip(" ") else ""
        if self.in_table:
            code = code.replace("|", r"\|")
        return f"{marks}{space}{without_shortcodes(code)}{space}{marks}"

    def math(self, token: Token) -> str:
        formula = " ".join(plain_formula(token.content).split())
        if token.markup in ("$$", r"\["):
            formula = rf"\displaystyle {formula}"
        if self.in_table:
            formula = formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ").rstrip()
        # The other delimiters can be followed by a digit, which would keep a dollar from closing.
        after = JOINER if token.markup in _CLOSED_ANYWHERE else ""
        return f"${formula}${after}"


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
    """Write an address, with its title if it has one, so that it cannot end early.

    An empty address would lead back to this page, so it is not a target.
    """
    address = re.sub(r"[^\w/.%?+,;-]", _entity, str(token.attrGet(name) or ""), flags=re.ASCII)
    title = token.attrGet("title")
    if not address:
        return ""
    return f'<{address}> "{_one_line(escaped(str(title)))}"' if title else f"<{address}>"


def _one_line(text: str) -> str:
    return text.replace('"', "&quot;").replace("&#10;", " ")


_NEVER_MARKUP = {
    **{sign: f"\\{sign}" for sign in r"\`*_[]<>#|~$!"},
    "&": "&amp;",
}
_ESCAPED = re.compile(r"[\\`*_\[\]<>#|~$!&@\t\r\n]|:(?! )|(?<=www)\.", re.IGNORECASE)
# Between blanks, Streamlit turns these into arrows and dashes after parsing: no escape prevents it.
_TYPOGRAPHIC = re.compile(r"(?<![^\s\ufeff])(<->|->|<-|--|>=|<=|~=)(?![^\s\ufeff])")
# The same goes for emoji and icon shortcodes. Plain numbers are not shortcodes, except for two.
_CODE = re.compile(r":(?=([\w+-]+):)", re.ASCII)
_NUMBER_CODES = ("100", "1234")


def plain_formula(formula: str) -> str:
    """Write a formula without the character that could begin a tag."""
    return formula.replace("<", r"\lt ")


def escaped(text: str) -> str:
    """Escape text so that it is shown as it is, anywhere in a paragraph."""
    text = _TYPOGRAPHIC.sub(lambda found: found[0][0] + JOINER + found[0][1:], text)
    text = _CODE.sub(_broken_code, text)
    return _ESCAPED.sub(_escape, text)


def _broken_code(found: re.Match[str]) -> str:
    return ":" if found[1].isdigit() and found[1] not in _NUMBER_CODES else f":{JOINER}"


def _escape(found: re.Match[str]) -> str:
    return _NEVER_MARKUP.get(found[0]) or _entity(found)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
