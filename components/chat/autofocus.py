"""Moving the focus to the text area that a person is about to use."""

from streamlit.components import v2

_JS = """
const done = new WeakSet();

export default function ({ data, parentElement }) {
    if (done.has(parentElement)) return;
    done.add(parentElement);
    // The box may be drawn later.
    let left = 60;
    const seek = () => {
        const box = document.querySelector(`.st-key-${data.key} textarea`);
        if (box) {
            box.focus();
            box.setSelectionRange(box.value.length, box.value.length);
            box.scrollIntoView({ block: "center" });
        } else if (left--) {
            requestAnimationFrame(seek);
        }
    };
    seek();
}
"""

_focus = v2.component("focus_box", html="<span></span>", js=_JS)


def draw_focus(key: str) -> None:
    """Focus the text area with this key, once, when it appears; the page scrolls to it."""
    _focus(data={"key": key}, key=f"focus-{key}")
