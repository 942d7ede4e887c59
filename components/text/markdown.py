"""Model text for `st.markdown`: drawn as CommonMark and nothing more.

Model text is data. Streamlit reads far more into it than CommonMark does: directives, icons, emoji,
typography, diagrams, and images that the browser fetches immediately. So the text is parsed here by
a CommonMark parser, and rewritten with everything that was text escaped (`markdown_writer`).
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .formulas import recognize_math
from .markdown_writer import block_tree, fence, write_blocks
from .partial_markdown import with_markers_closed, without_ambiguous_line
from .streaming_blocks import split_blocks

LONGEST_WHOLE = 100_000
"""A longer text is parsed piece by piece, so a link defined in another piece is not resolved."""

DEEPEST = 24
"""Levels of quotes and lists; a list counts twice."""

MOST_TOKENS = 30_000
MOST_BRACKETS = 3_000
LONGEST_PARAGRAPH = 20_000

_ALLOWED_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class _TooMuchError(Exception):
    """No answer looks like this; drawing it as Markdown would freeze the page."""


def as_markdown(text: str, *, finished: bool = True) -> str:
    """Rewrite model text so that `st.markdown` shows what CommonMark would, and loads nothing.

    Beyond CommonMark, tables, `~~strikethrough~~` and plain math are drawn. HTML markup is shown as
    text, an image as a link to it, and a link that is not http(s) or mailto as text. What is too
    deep or too dense to draw is shown verbatim in a code block. `finished=False` also closes
    temporarily what the end of a growing text leaves open.

    Where Streamlit replaces characters after parsing, a word joiner (U+2060) separates them: it is
    invisible, but it is copied. Offer the original where the exact text matters.
    """
    text = _SURROGATE.sub("\ufffd", text)
    if len(text) <= LONGEST_WHOLE:
        return _rewritten(text, finished=finished)
    pieces, tail = split_blocks(text)
    drawn = [_rewritten(piece) for piece in pieces]
    return "\n\n".join([*drawn, _rewritten(tail, finished=finished)])


def _rewritten(text: str, *, finished: bool = True) -> str:
    if not finished:
        text = without_ambiguous_line(text)
    if len(text) > LONGEST_WHOLE:
        return _verbatim(text)
    try:
        tokens = _parser().parse(text, {"finished": finished})
    except _TooMuchError:
        return _verbatim(text)
    return "\n".join(write_blocks(block_tree(tokens)))


def _verbatim(text: str) -> str:
    return "\n".join(fence(text))


class _Parser(MarkdownIt):
    """CommonMark that allows only http(s) and mailto links."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name in the library
        return bool(_ALLOWED_LINK.match(url))


@cache
def _parser() -> _Parser:
    parser = _Parser("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    recognize_math(parser)
    parser.core.ruler.after("block", "bounds", _refuse_too_much)
    parser.core.ruler.after("bounds", "completion", _complete_last)
    return parser


def _refuse_too_much(state: StateCore) -> None:
    """Stop after the blocks, which are parsed in linear time; their content is not."""
    contents = [token.content for token in state.tokens if token.type == "inline"]
    if (
        len(state.tokens) > MOST_TOKENS
        or sum(content.count("[") for content in contents) > MOST_BRACKETS
        or max(map(len, contents), default=0) > LONGEST_PARAGRAPH
        or any(map(_is_too_deep, state.tokens))
    ):
        raise _TooMuchError


# Below this level the parser drops the text.
def _is_too_deep(token: Token) -> bool:
    container = token.type in ("blockquote_open", "list_item_open")
    return container and token.level + 1 >= DEEPEST


def _complete_last(state: StateCore) -> None:
    """Close the markup that the last paragraph leaves open, if the text is still growing."""
    if state.env.get("finished", True):
        return
    for token in reversed(state.tokens):
        if token.type == "inline":
            token.content = with_markers_closed(token.content)
            return
        if token.nesting >= 0:
            return
