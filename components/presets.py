"""Ready settings of the sampling parameters."""

from collections.abc import Mapping

import streamlit as st

from components.session import Session, set_widget, widget
from workers_ai import PARAMETERS

PRESETS: Mapping[str, Mapping[str, float]] = {
    "Deterministic": {"temperature": 0, "seed": 1},
    "Documented": {"max_tokens": 256, "temperature": 0.6},
    "Gemma's own": {"temperature": 1.0, "top_p": 0.95, "top_k": 50},
    "Creative": {"temperature": 1.3, "top_p": 0.98, "presence_penalty": 0.5},
}
"""By name. Gemma's recommendation has a top_k of 64, of which this API takes 50 (wire.md 8.4)."""

_SAMPLING = tuple(name for name, each in PARAMETERS.items() if each.kind != "boolean")


def draw_presets(session: Session) -> None:
    """Draw the choice; what is set by hand afterwards shows as none of them."""
    set_widget("preset", current_preset(session))
    st.pills(
        "Preset",
        list(PRESETS),
        key="preset",
        label_visibility="collapsed",
        on_change=_apply,
        args=(session,),
    )


def current_preset(session: Session) -> str | None:
    """Return the name of the preset that is set, if it is one."""
    given = session.settings.parameters.model_dump()
    sampling = {name: given[name] for name in _SAMPLING if given[name] is not None}
    return next((name for name, preset in PRESETS.items() if preset == sampling), None)


def _apply(session: Session) -> None:
    chosen = PRESETS.get(widget("preset", "") or "", {})
    session.refused.clear()
    session.change_parameters(**{name: chosen.get(name) for name in _SAMPLING})
