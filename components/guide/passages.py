"""The Guide page: every help passage, grouped by theme and searchable."""

import streamlit as st

from backends import Passage, load_passages

from ..session import widget
from ..text.markdown import as_markdown

THEMES = {
    "playground": "The playground",
    "parameters": "Parameters",
    "prompting": "Prompting",
    "images": "Pictures",
    "tools": "Tools",
    "guided_json": "Guided JSON",
    "the_model": "The model",
    "backends": "Backends",
    "the_api": "The API",
    "errors_and_limits": "Errors and limits",
    "price_and_tokens": "Price and tokens",
    "general": "General",
}
"""The passage files in page order; a file not listed here comes last."""


def draw_guide() -> None:
    """Draw the search box and the matching passages, by theme."""
    st.title("Guide")
    st.caption(
        "Everything the built-in model knows: it answers only from these passages. Ask it in the "
        "playground, or read them here."
    )
    st.text_input(
        "Search",
        key="guide_search",
        placeholder="top_k, photo, error 5021 …",
        icon=":material/search:",
        persist_state="session",
    )
    wanted = widget("guide_search", "") or ""
    found = [passage for passage in load_passages() if matches(passage, wanted)]
    if not found:
        st.info("No passage contains all of these words. Try fewer or different ones.")
    for theme in sorted({passage.theme for passage in found}, key=_position):
        _draw_theme(theme, [passage for passage in found if passage.theme == theme], wanted)


def matches(passage: Passage, wanted: str) -> bool:
    """Whether the passage contains every word."""
    text = " ".join((passage.question, *passage.also, passage.text)).lower()
    return all(word in text for word in wanted.lower().split())


def _draw_theme(theme: str, passages: list[Passage], wanted: str) -> None:
    title = THEMES.get(theme, theme.replace("_", " ").capitalize())
    with st.expander(f"{title} ({len(passages)})", expanded=bool(wanted)):
        for passage in passages:
            st.markdown(as_markdown(f"**{passage.question}**\n\n{passage.text}"))


def _position(theme: str) -> tuple[int, str]:
    known = list(THEMES)
    return (known.index(theme) if theme in known else len(known), theme)
