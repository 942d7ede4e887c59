"""A button that copies text that is not shown in full."""

from streamlit.components import v2

_HTML = '<button type="button"></button>'

_CSS = """
button {
    font: inherit; font-size: 0.93rem; cursor: pointer; width: 100%; min-height: 2.5rem;
    color: var(--st-text-color); background: var(--st-background-color);
    border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover, button:focus-visible {
    color: var(--st-primary-color); border-color: var(--st-primary-color);
}
"""

_JS = """
export default function ({ data, parentElement }) {
    const button = parentElement.querySelector("button");
    button.textContent = data.label;
    button.onclick = async () => {
        try {
            await navigator.clipboard.writeText(data.text);
            button.textContent = "Copied";
        } catch {
            button.textContent = "Blocked by the browser";
        }
        setTimeout(() => { button.textContent = data.label; }, 1500);
    };
}
"""

_copy = v2.component("copy_text", html=_HTML, css=_CSS, js=_JS)


def draw_copy_button(label: str, text: str, *, key: str) -> None:
    """Draw a button that copies the whole text to the clipboard."""
    _copy(data={"label": label, "text": text}, key=key)
