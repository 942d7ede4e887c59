import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from components.text.formulas import is_plainly_math
from components.text.markdown import LONGEST_WHOLE, as_markdown
from components.text.streaming_blocks import SHORTEST, Blocks, split_blocks

JOINER = "\u2060"

# Everything that means something to a parser, in pieces that combine into the odd cases.
PIECES = [
    *("a", "b c", "é", "“", "x: y", "10.", "\t", "    ", "  \n", "\\\n", "\n", "\n\n", "> ", "- "),
    *(
        "* ",
        "+ ",
        "1. ",
        "2) ",
        "# ",
        "\n---\n",
        "===",
        "***",
        "|",
        "| a | b |\n|---|---|\n| c | d |\n",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "``",
        "```\n",
        "~",
        "~~",
        "~~~\n",
        "!",
        "[",
        "]",
        "(",
        ")",
        "\\",
        "$",
        "$$",
    ),
    *(
        "[x](http://h/y)",
        "![x](http://h/y)",
        "![r][r]",
        "[r]: http://h/z\n",
        "[^1]",
        "<b>",
        "<img src=",
    ),
    *(
        "&amp;",
        "&#33;",
        "&#10;",
        ":",
        ":foo[x]{a=b}",
        ":smile:",
        ":material/home:",
        "->",
        ">=",
        "\r",
    ),
    *(r"\(", r"\)", r"\[", r"\]", "x^2", "\ud800", "\x00", "http://h/", "www.h.com", "a@h.com"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


class Reader(MarkdownIt):
    """Plain CommonMark, except for the allowed link targets."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name in the library
        return url.lower().startswith(("http://", "https://", "mailto:"))


def reader(*, html: bool = False) -> MarkdownIt:
    parser = Reader("commonmark", {"maxNesting": 100, "html": html})
    return parser.enable(["table", "strikethrough"])


def kinds(markdown: str) -> set[str]:
    tokens = reader(html=True).parse(markdown)
    inside = [child for token in tokens for child in token.children or []]
    return {token.type for token in [*tokens, *inside]}


def shown(markdown: str) -> str:
    """Render as HTML, without what differs by design: the joiner, languages, whitespace."""
    html = reader().render(markdown).replace(JOINER, "")
    return re.sub(r" class=\"[^\"]*\"|\s+|<br />", "", html)


@given(text=TEXTS, finished=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_text_becomes_an_image_or_html_wherever_it_is_cut(text: str, *, finished: bool) -> None:
    written = as_markdown(text, finished=finished)

    assert not kinds(written) & {"image", "html_inline", "html_block"}


@given(TEXTS)
@example("- - - [r]: http://h/z\n")
@settings(max_examples=300, deadline=None)
def test_rewritten_text_is_shown_as_commonmark_shows_it(text: str) -> None:
    text = re.sub(r"[$!\x00\ud800\r]|\\[()\[\]]|<img src=|&#\d+;|<b>", "", text)
    parser = reader()
    links = [child for token in parser.parse(text) for child in token.children or []]
    if any(link.type == "link_open" and not link.attrs["href"] for link in links):
        return

    written = as_markdown(text)

    assert shown(written) == shown(text)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_rewritten_text_can_be_sent(text: str) -> None:
    as_markdown(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("![x](http://h/x.png)", r"\![x](<http&#58;//h/x.png>)"),
        ("![](http://h/x)", r"\![http&#58;//h/x](<http&#58;//h/x>)"),
        ("[![x](http://h/x)](http://h)", r"[\!x](<http&#58;//h>)"),
        ("![x](data:image/png;base64,AA)", r"\!\[x\](data&#58;image/png;base64,AA)"),
        ("[x](javascript:f)", r"\[x\](javascript&#58;f)"),
        ("[x](mailto:a@h)", "[x](<mailto&#58;a&#64;h>)"),
        (":red[x]", r"&#58;red\[x\]"),
        (":smile: 10:30:45", f"&#58;{JOINER}smile: 10&#58;30&#58;45"),
        ("a -> b", f"a -{JOINER}\\> b"),
        ("a->b", r"a-\>b"),
        ("~a~ ~~b~~", r"\~a\~ ~~b~~"),
        ("`:material/x: ->`", f"`:{JOINER}material/x: ->`"),
        ("```mermaid\na\n```", "```\na\n```"),
        ("```Mermaid-v2\na\n```", "```\na\n```"),
        ("~~~python\n```\n~~~", "````python\n```\n````"),
        ("    code", "```\ncode\n```"),
        ("- a\n- b\n\n1. c\n2. d", "- a\n- b\n\n1. c\n2. d"),
        ("3) a\n\n   b", "3) a\n\n   b"),
        ("- a\n\n[r]: http://h\n\n- b", "- a\n\n* b"),
        ("> a\n> > b", "> a\n>\n> > b"),
        ("", ""),
    ],
)
def test_a_text_is_written_like_this(text: str, written: str) -> None:
    assert as_markdown(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$x^2$", "$x^2$"),
        (r"\(a+b\)2", f"$a+b${JOINER}2"),
        (r"so \[ a = b \] holds", rf"so $\displaystyle a = b${JOINER} holds"),
        ("\\[\na = b\n\\]", "$$\na = b\n$$"),
        ("- $$\n  x = 1\n  $$", "- $$\n  x = 1\n  $$"),
        ("| $a$ |\n|---|\n| b |", "| $a$ |\n| --- |\n| b |"),
        ("$5 and $6", r"\$5 and \$6"),
        ("$1,000 (US$), A$3", r"\$1,000 (US\$), A\$3"),
        (r"\$x^2\$", r"\$x^2\$"),
        (r"!\[x\](http://h)", r"\!\[x\](http&#58;//h)"),
        ("`$x^2$`", "`$x^2$`"),
    ],
)
def test_only_what_is_plainly_math_is_drawn_as_math(text: str, written: str) -> None:
    assert as_markdown(text) == written


@pytest.mark.parametrize(
    "formula", ["x", "n-1", "f(x)", r"\alpha", "E = mc^2", r"\text{if } x", "2x"]
)
def test_a_formula_is_recognized(formula: str) -> None:
    assert is_plainly_math(formula)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "see note", "(US", "HOME/bin", r"\rule{9em}{9em}", r"\def\a{\a\a}"),
        *(r"\href{u}{x}", r"\includegraphics{u}", r"\hspace{1em}", "a_1 ![x](u)", "x" * 3000),
        r"\\[1000em] x",
    ],
)
def test_other_text_and_dangerous_formulas_are_not_math(text: str) -> None:
    assert not is_plainly_math(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("so **bold", "so **bold**"),
        ("so **bold*", "so **bold**"),
        ("so *a **b", "so *a **b***"),
        ("a `cod", "a `cod`"),
        ("a `cod` and", "a `cod` and"),
        ("see [the page](http://h/pa", "see the page"),
        ("see ![the page](http://h/pa", "see the page"),
        ("a list\n-", "a list"),
        ("a list\n\n1.", "a list"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```py\nx = 1\n``", "```py\nx = 1\n```"),
        ("snake_case and 2 * 3", r"snake\_case and 2 \* 3"),
        ("- **one", "- **one**"),
        ("> _quoted", "> _quoted_"),
    ],
)
def test_a_growing_text_looks_whole(text: str, written: str) -> None:
    assert as_markdown(text, finished=False) == written


@pytest.mark.parametrize(
    "unit",
    [
        *("[", "![", "*", "*a ", "`", "``a`", ">", "> ", "- ", "<", "&", "[a](", "|", "$", "\\("),
        *("$x", ":a", "~~a ", "\n>", "- a\n", "> a\n\n", "|a|\n|-|\n", "$$\n", "[x]: http://h\n"),
        *("a\r", "   \n", "\\"),
    ],
)
def test_hostile_repetition_takes_bounded_time(unit: str) -> None:
    text = unit * (LONGEST_WHOLE // len(unit))

    started = time.process_time()
    as_markdown(text)

    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", [">" * 5000 + " x", "[" * 5000, "w " * 30_000, "- a\n" * 20_000])
def test_what_is_too_much_to_draw_is_shown_verbatim(text: str) -> None:
    assert as_markdown(text) == f"```\n{text.removesuffix(chr(10))}\n```"


def test_a_megabyte_of_text_is_parsed_in_pieces() -> None:
    text = "A *quick* fox, and [a link](http://h).\n\n" * 25_000

    started = time.process_time()
    written = as_markdown(text)

    assert written.count("[a link](<http&#58;//h>)") == 25_000
    assert time.process_time() - started < 30


@given(st.lists(TEXTS, max_size=8))
@settings(max_examples=300, deadline=None)
def test_blocks_and_tail_are_the_text_however_it_arrives(parts: list[str]) -> None:
    blocks = Blocks()
    for part in parts:
        blocks.feed(part)

    assert "".join(blocks.finished) + blocks.tail == "".join(parts)
    assert all(len(block) >= SHORTEST for block in blocks.finished)
    assert (blocks.finished, blocks.tail) == split_blocks("".join(parts))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_blocks_look_as_they_do_in_the_whole_text(text: str) -> None:
    # Long enough after each empty line that the text is cut wherever a cut is allowed.
    text = re.sub(r"\[\^?r?1?\]|[\r$]|\\[()\[\]]|&#10;", "", text)
    text = text.replace("\n\n", f"\n\n{'word ' * (SHORTEST // 4)}\n\n")
    finished, tail = split_blocks(text)

    assert "".join(map(shown, [*finished, tail])) == shown(text)


@pytest.mark.parametrize(
    "together",
    [
        "```\na\n\nb\n```\n",
        "~~~~\na\n\n~~~\n\nb\n~~~~\n",
        "- a\n\n- b\n\n  c\n\n- d\n",
        "1. a\n\n   ```\n   x\n\n   y\n   ```\n\n2. b\n",
        "    code\n\n    more\n",
    ],
)
def test_a_block_is_never_cut_inside(together: str) -> None:
    filler = "word " * (SHORTEST // 4) + "\n\n"
    grown = together.replace("a", "a " * SHORTEST, 1)

    finished, tail = split_blocks(f"{filler}{grown}\nnext\n\nlast\n")

    assert any(grown.strip() in block for block in [*finished, tail])
    assert len(finished) >= 1


def test_feeding_costs_what_is_new() -> None:
    blocks = Blocks()

    started = time.process_time()
    for _ in range(200_000):
        blocks.feed("word ")
    for _ in range(100_000):
        blocks.feed("a\n\nb")

    assert time.process_time() - started < 20
