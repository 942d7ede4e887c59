"""The setup that pages share: where they are, the link, the kept settings, and a few CSS rules.

The rules are those that the theme cannot express. They use only keys that the app sets.
"""

from pathlib import Path

import streamlit as st

from ..session import Session, session
from .links import sync_link
from .save_status import keep_settings

ASSETS = Path(__file__).parents[1] / "assets"
PAGES = Path(__file__).parents[2] / "pages"
SIDEBAR = 320
"""Width in pixels: enough for a slider next to its number."""


def begin_page() -> Session:
    """Set up a wide page other than the playground: its link, its style, its kept settings."""
    current = session()
    sync_link(current)
    st.set_page_config(layout="wide")
    keep_settings(current)
    draw_style()
    return current


_RULES = """<style>
/* Full runs lay it out; the fragment that follows an answer shows it. */
.st-key-stop { display: none; }
/* Labels of icon buttons: for screen readers only. */
[class*="st-key-menu-"] button p, [class*="st-key-variants-"] button p {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-menu-"] button div[aria-hidden="true"] { display: none; }
.st-key-run-pictures img { height: 48px; object-fit: cover; }
/* Boxes for JSON or code. */
[class*="st-key-code-"] textarea { font-family: "Source Code Pro", monospace; font-size: 0.85rem; }
/* Code colors, half mixed with the text color: readable on light and on dark. */
.token.punctuation { color: inherit !important; }
.token.string, .token.boolean { color: color-mix(in srgb, green 40%, currentcolor) !important; }
.token.property, .token.keyword, .token.function, .token.class-name, .token.tag, .token.variable,
.token.attr-name { color: color-mix(in srgb, royalblue 45%, currentcolor) !important; }
.token.number, .token.operator, .token.builtin, .token.decorator {
    color: color-mix(in srgb, chocolate 40%, currentcolor) !important;
}
.token.comment { color: color-mix(in srgb, gray 35%, currentcolor) !important; }
[class*="st-key-chat-name-"] { min-width: 0; }
/* A wide table scrolls on its own, without the page. */
[class*="st-key-answer-"] table { display: block; max-width: 100%; overflow-x: auto; }
</style>"""

_STOP_SHOWN = "<style>.st-key-stop { display: flex !important; }</style>"
_STOP_HIDDEN = "<style>.st-key-stop { display: none !important; }</style>"


def draw_style() -> None:
    """Add the rules to the page."""
    st.html(_RULES)


def show_stop() -> None:
    """Show the Stop button from within a fragment.

    Only a button outside of fragments can interrupt a running one, so the button is always there
    and fragments merely show and hide it.
    """
    st.html(_STOP_SHOWN)


def hide_stop() -> None:
    """Hide the Stop button again; the later of two rules wins."""
    st.html(_STOP_HIDDEN)
