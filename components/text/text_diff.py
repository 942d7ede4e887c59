"""The differences between two texts, word by word."""

import streamlit as st

from experiments import word_difference

from .markdown_inline import escaped


def draw_text_diff(before: str, after: str) -> None:
    """Draw `after` with additions in green, and what it lacks of `before` struck out."""
    if before == after:
        st.text(after or "(empty)")
        st.caption("Identical.")
        return
    marked = [_marked(each.kind, each.text) for each in word_difference(before, after)]
    st.markdown("".join(marked).replace("\n", "  \n"))


def _marked(kind: str, text: str) -> str:
    """Return a segment as Markdown; markup must not span lines, or begin or end with a space."""
    if kind == "same" or not text.strip():
        return escaped(text)
    lines = text.split("\n")
    return "\n".join(_marked_line(kind, line) for line in lines)


def _marked_line(kind: str, line: str) -> str:
    core = line.strip()
    if not core:
        return line
    lead = line[: len(line) - len(line.lstrip())]
    tail = line[len(line.rstrip()) :]
    if kind == "added":
        return f"{lead}:green-background[{escaped(core)}]{tail}"
    return f"{lead}:red[~~{escaped(core)}~~]{tail}"
