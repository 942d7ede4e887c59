"""The few rules that the theme cannot say. They name only keys that the app itself gives."""

import streamlit as st

_RULES = """<style>
/* Laid out by full runs, shown by the fragment that follows an answer. */
.st-key-stop { display: none; }
/* What such a button does is said to whoever cannot see its icon. */
[class*="st-key-menu-"] button p, [class*="st-key-variants-"] button p {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-menu-"] button div[aria-hidden="true"] { display: none; }
.st-key-run-pictures img { height: 48px; object-fit: cover; }
/* What is JSON or a program, to be typed. */
[class*="st-key-code-"] textarea { font-family: "Source Code Pro", monospace; font-size: 0.85rem; }
/* Colours of code, half mixed with the text: they can be read on light and on dark. */
.token.punctuation { color: inherit !important; }
.token.string, .token.boolean { color: color-mix(in srgb, green 40%, currentcolor) !important; }
.token.property, .token.keyword, .token.function, .token.class-name, .token.tag, .token.variable,
.token.attr-name { color: color-mix(in srgb, royalblue 45%, currentcolor) !important; }
.token.number, .token.operator, .token.builtin, .token.decorator {
    color: color-mix(in srgb, chocolate 40%, currentcolor) !important;
}
.token.comment { color: color-mix(in srgb, gray 35%, currentcolor) !important; }
[class*="st-key-chat-name-"] { min-width: 0; }
/* A wide table scrolls in its place, not the page. */
[class*="st-key-answer-"] table { display: block; max-width: 100%; overflow-x: auto; }
</style>"""

_STOP_SHOWN = "<style>.st-key-stop { display: flex !important; }</style>"
_STOP_HIDDEN = "<style>.st-key-stop { display: none !important; }</style>"


def draw_style() -> None:
    """Put the rules into the page."""
    st.html(_RULES)


def show_stop() -> None:
    """Show Stop, from within a fragment.

    Only a button outside any fragment interrupts the run of one, so the button is always there and
    fragments can but show and hide it.
    """
    st.html(_STOP_SHOWN)


def hide_stop() -> None:
    """Hide Stop again; of two rules the later one counts."""
    st.html(_STOP_HIDDEN)
