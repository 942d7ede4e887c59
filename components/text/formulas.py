r"""Formulas in model text: recognized only where the text plainly means one.

Models write `$x$`, `$$x$$`, `\(x\)` and `\[x\]`, and they write about money. A dollar opens a
formula as in pandoc (no blank just inside the dollars, no digit after them), and only if the
content reads as a formula.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

LONGEST = 2000
"""Most characters of a formula, so that the search for its end is bounded."""

_CLOSERS = {"$$": "$$", r"\[": r"\]", r"\(": r"\)"}
_SIGN = re.compile(r"[\\^_={}]")
_SHORT = re.compile(r"[\w\s.,+\-*/()<>'|!\u0370-\u03ff]{1,60}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PROSE = re.compile(r"[^\W\d_]{3,} +[^\W\d_]{3,}")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?(?:\{[^{}]*\})?")

# What could do more than draw a formula: sizes that cover the page, definitions that grow,
# addresses. The rest is what Markdown could read as markup if the formula were not recognized.
_REFUSED = re.compile(
    r"[$`]|!\[|\\(?:rule|[hm]?kern|[hmv]s(?:kip|pace)|raisebox|[clr]lap|char|"
    r"[gex]?def|let|futurelet|global|(?:re)?newcommand|providecommand|"
    r"href|url|includegraphics|html)|\d{3,}\.?\d*\s*(?:em|ex|p[tc]|[cm]m|in|mu|bp|dd|cc)\b"
)


def recognize_math(parser: MarkdownIt) -> None:
    """Teach `parser` two tokens, `math_inline` and `math_block`; their `content` is the formula."""
    parser.inline.ruler.before("escape", "math_inline", _inline)
    parser.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph"]})


def is_plainly_math(content: str) -> bool:
    """Return whether text between delimiters is a formula, not a price, a path or a sentence."""
    if not content.strip() or len(content) > LONGEST or _REFUSED.search(content):
        return False
    if _SIGN.search(content):
        return not _PROSE.search(_COMMAND.sub(" ", content))
    balanced = content.count("(") == content.count(")")
    return balanced and bool(_SHORT.fullmatch(content)) and not _WORD.search(content)


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    found = _formula(state.src, state.pos)
    if found is None:
        return False
    content, end = found
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content
        token.markup = state.src[state.pos : state.pos + 2]
    state.pos = end
    return True


def _formula(text: str, start: int) -> tuple[str, int] | None:
    """Return the formula that opens at `start`, and where the text continues after it."""
    opener = text[start : start + 2]
    if opener[:1] not in ("$", "\\"):
        return None
    closer = _CLOSERS.get(opener, "$" if opener[0] == "$" else None)
    if closer is None or _is_word(text[start - 1 : start]):
        return None
    begin = start + len(closer)
    end = text.find(closer, begin, begin + LONGEST)
    if end < 0:
        return None
    content, after = text[begin:end], text[end + len(closer) : end + len(closer) + 1]
    if not _may_close(closer, content, after) or not is_plainly_math(content):
        return None
    return content.strip(), end + len(closer)


def _may_close(closer: str, content: str, after: str) -> bool:
    if closer == "$":
        return not (content[:1].isspace() or content[-1:].isspace() or _is_word(after))
    # `\[text\](address)` is an escaped link.
    return closer != r"\]" or after not in ("(", "[", ":") or not after


def _is_word(character: str) -> bool:
    return character.isalnum() or character in ("$", "!")


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    if state.is_code_block(first):
        return False
    found = _lines(state, first, last)
    if found is None:
        return False
    content, end = found
    if not is_plainly_math(content):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content = content
        token.map = [first, end]
        state.line = end
    return True


def _lines(state: StateBlock, first: int, last: int) -> tuple[str, int] | None:
    """Collect a formula whose delimiters begin a line and end the same or a later line."""
    text = _line(state, first)
    closer = _CLOSERS.get(text[:2])
    if closer is None or text[:2] == r"\(":
        return None
    content, line = text[2:], first
    while closer not in content:
        line += 1
        if line >= last or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        content += "\n" + _line(state, line)
        if len(content) > LONGEST:
            return None
    content, _, rest = content.partition(closer)
    return None if rest.strip() else (content.strip(), line + 1)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
