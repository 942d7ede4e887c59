"""The passages of the guide, found by words and drawn by theme."""

import streamlit as st

from backends import GuidePassage, load_guide

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


def matching_passages(wanted: str) -> list[GuidePassage]:
    """Return the passages that contain every word; all of them if there is no word."""
    return [passage for passage in load_guide() if matches(passage, wanted)]


def draw_themes(passages: list[GuidePassage], *, expanded: bool) -> None:
    """Draw passages by theme, in page order."""
    for theme in sorted({passage.theme for passage in passages}, key=_position):
        _draw_theme(theme, [each for each in passages if each.theme == theme], expanded=expanded)


def matches(passage: GuidePassage, wanted: str) -> bool:
    """Return whether the passage contains every word."""
    text = " ".join((passage.question, *passage.also, passage.text)).lower()
    return all(word in text for word in wanted.lower().split())


def _draw_theme(theme: str, passages: list[GuidePassage], *, expanded: bool) -> None:
    title = THEMES.get(theme, theme.replace("_", " ").capitalize())
    with st.expander(f"{title} ({len(passages)})", expanded=expanded):
        for passage in passages:
            st.markdown(as_markdown(f"**{passage.question}**\n\n{passage.text}"))


def _position(theme: str) -> tuple[int, str]:
    known = list(THEMES)
    return (known.index(theme) if theme in known else len(known), theme)
