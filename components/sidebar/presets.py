"""Presets of the sampling parameters: built-in ones and those that a person has saved."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from conversations import StoreError
from workers_ai import PARAMETERS, Parameters

from ..session import Session, set_widget, widget

PRESETS: Mapping[str, Mapping[str, float]] = {
    "Deterministic": {"temperature": 0, "seed": 1},
    "Documented": {"max_tokens": 256, "temperature": 0.6},
    "Gemma's own": {"temperature": 1.0, "top_p": 0.95, "top_k": 50},
    "Creative": {"temperature": 1.3, "top_p": 0.98, "presence_penalty": 0.5},
}
"""By name. Gemma recommends a top_k of 64; this API accepts at most 50 (wire.md 8.4)."""

LONGEST_NAME = 40
_SAMPLING = tuple(name for name, each in PARAMETERS.items() if each.kind != "boolean")


def draw_presets(session: Session) -> None:
    """Draw the presets; none is selected once a value is changed manually."""
    known = all_presets(session)
    st.pills(
        "Preset",
        list(known),
        default=set_widget("preset", current_preset(session)),
        key="preset",
        label_visibility="collapsed",
        on_change=_apply,
        args=(session,),
    )
    keep = st.popover(
        "Save as preset",
        icon=":material/bookmark_add:",
        type="tertiary",
        key="preset-keep",
        on_change="rerun",
    )
    # Drawn only when open: each element in the sidebar costs time on every send.
    if keep.open:
        with keep:
            _draw_keeping(session)


def all_presets(session: Session) -> dict[str, Mapping[str, float]]:
    """Return the presets by name, the person's own last."""
    return {**PRESETS, **session.own_presets()}


def current_preset(session: Session) -> str | None:
    """Return the name of the preset that matches the current settings, if any."""
    sampling = _sampling(session.settings.parameters)
    known = all_presets(session)
    return next((name for name, preset in known.items() if dict(preset) == sampling), None)


def apply_preset(parameters: Parameters, preset: Mapping[str, float]) -> Parameters:
    """Return the parameters with a preset's values, and all other sampling parameters unset."""
    values = {name: preset.get(name) for name in _SAMPLING}
    return Parameters(**{**parameters.model_dump(), **values})


def _sampling(parameters: Parameters) -> dict[str, Any]:
    values = parameters.model_dump()
    return {name: values[name] for name in _SAMPLING if values[name] is not None}


def _draw_keeping(session: Session) -> None:
    st.text_input(
        "Name",
        key="preset-name",
        max_chars=LONGEST_NAME,
        on_change=_keep,
        args=(session,),
        help="Press Enter to save the current values. A preset with the same name is replaced.",
    )
    for name in session.own_presets():
        st.button(
            f"Delete {name}",
            icon=":material/delete:",
            type="tertiary",
            key=f"erase-preset-{name}",
            on_click=_erase,
            args=(session, name),
        )


def _apply(session: Session) -> None:
    chosen = all_presets(session).get(widget("preset", "") or "", {})
    session.refused.clear()
    session.change_parameters(**{name: chosen.get(name) for name in _SAMPLING})


def _keep(session: Session) -> None:
    name = " ".join((widget("preset-name", "") or "").split())
    if not name:
        return
    set_widget("preset-name", "")
    if name in PRESETS:
        session.notice(f"“{name}” is a built-in preset. Choose another name.")
        return
    kept = Parameters(**_sampling(session.settings.parameters))
    try:
        session.conversations.keep_preset(session.owner, name, kept)
    except StoreError as error:
        session.notice(f"{error} The preset was not saved.")
        return
    session.forget_presets()
    session.notice(f"Saved as “{name}”.")


def _erase(session: Session, name: str) -> None:
    try:
        session.conversations.erase_preset(session.owner, name)
    except StoreError as error:
        session.notice(f"{error} The preset was not deleted.")
        return
    session.forget_presets()
