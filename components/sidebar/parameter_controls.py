"""The sidebar controls of a request's parameters, one row each, from the documented table."""

import json
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from backends import ParameterNote
from workers_ai import PARAMETERS, InvalidRequestError, Parameters
from workers_ai.parameters import Parameter, hint
from workers_ai.validation import read_parameter

from ..current_backend import parameter_note
from ..session import Session, set_widget, widget
from .guided_json_toggle import draw_schema_choice
from .presets import draw_presets
from .prompt_settings import draw_prompting
from .tool_mode import draw_tool_settings

NUMBERS = tuple(parameter for parameter in PARAMETERS.values() if parameter.kind != "boolean")
SWITCHES = tuple(parameter for parameter in PARAMETERS.values() if parameter.kind == "boolean")

INITIAL_VALUES: Mapping[str, float] = {
    "max_tokens": 512,
    "top_p": 0.95,
    "top_k": 40,
    "seed": 42,
    "repetition_penalty": 1.0,
    "frequency_penalty": 0.0,
    "presence_penalty": 0.0,
}
"""The initial value of a control that is switched on, if no default is documented."""

_WIDEST_SLIDER = 1000
_STEP = 0.05


def draw_parameters(session: Session) -> None:
    """Draw all controls in the sidebar."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Parameters**", width="stretch")
        st.button(
            "Reset all",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_reset,
            args=(session,),
            help="Starts over with a new request, which sends only `stream`.",
        )
    draw_presets(session)
    for parameter in NUMBERS:
        _draw_number(session, parameter)
    for parameter in SWITCHES:
        _draw_switch(session, parameter)
    draw_schema_choice(session)
    draw_prompting(session)
    draw_tool_settings(session)


def _draw_number(session: Session, parameter: Parameter) -> None:
    name = parameter.name
    value = getattr(session.settings.parameters, name)
    # In the label, not below it: each element in the sidebar costs time on every send.
    note = parameter_note(session, name)
    unset = f"  \n:gray[:small[not sent · {_default(parameter)}]]" if value is None else ""
    st.toggle(
        f"`{name}`{_here(note)}{unset}",
        value=set_widget(f"{name}_sent", value is not None),
        key=f"{name}_sent",
        help=_help(parameter, note),
        on_change=_switch,
        args=(session, parameter),
    )
    if value is None:
        return
    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="small"):
        if _has_slider(parameter):
            _draw_slider(session, parameter, value)
        typed = widget(f"{name}_text", "") if name in session.refused else json.dumps(value)
        st.text_input(
            f"{name}, typed",
            value=set_widget(f"{name}_text", typed),
            key=f"{name}_text",
            label_visibility="collapsed",
            width=84 if _has_slider(parameter) else "stretch",
            on_change=_type,
            args=(session, parameter),
        )
    _draw_remark(session, name, value)


def _draw_slider(session: Session, parameter: Parameter, value: float) -> None:
    whole = parameter.kind == "integer"
    kind = int if whole else float
    st.slider(
        parameter.name,
        kind(parameter.minimum or 0),
        kind(parameter.maximum or 0),
        step=kind(1) if whole else _STEP,
        value=set_widget(parameter.name, kind(value)),
        key=parameter.name,
        label_visibility="collapsed",
        on_change=_slide,
        args=(session, parameter),
    )


def _draw_remark(session: Session, name: str, value: float) -> None:
    if name in session.refused:
        refusal = f":red[:material/block: {session.refused[name]}.]"
        st.markdown(f":small[{refusal} Still sent: {json.dumps(value)}]")
    elif unusual := hint(name, value):
        st.markdown(f":small[:orange[:material/info: {unusual}]]")


def _draw_switch(session: Session, parameter: Parameter) -> None:
    on = bool(getattr(session.settings.parameters, parameter.name))
    note = parameter_note(session, parameter.name)
    st.toggle(
        f"`{parameter.name}`{_here(note)}",
        value=set_widget(parameter.name, on),
        key=parameter.name,
        help=_help(parameter, note),
        on_change=_flip,
        args=(session, parameter),
    )


def _has_slider(parameter: Parameter) -> bool:
    return parameter.maximum is not None and parameter.maximum <= _WIDEST_SLIDER


def _default(parameter: Parameter) -> str:
    if parameter.default is None:
        return "no documented default"
    return f"documented default {json.dumps(parameter.default)}"


def _help(parameter: Parameter, note: ParameterNote | None) -> str:
    here = f"\n\nHere: {note.sentence}" if note else ""
    return f"{parameter.help}\n\nAccepted: {parameter.accepted}; {_default(parameter)}.{here}"


def _here(note: ParameterNote | None) -> str:
    """Return a badge that shows how the chosen engine treats a parameter."""
    if note is None:
        return ""
    badges = {
        "renamed": f"gray[sent as {' and '.join(note.sent_as)}]",
        "limited": "gray[smaller range here]",
        "unsure": "orange[may be ignored here]",
        "ignored": "orange[ignored here]",
    }
    badge = badges.get(note.treatment)
    return f" :small[:{badge}]" if badge else ""


def _switch(session: Session, parameter: Parameter) -> None:
    name = parameter.name
    start = parameter.default if parameter.default is not None else INITIAL_VALUES[name]
    value = start if widget(f"{name}_sent", default=False) else None
    session.refused.pop(name, None)
    session.change_parameters(**{name: value})


def _slide(session: Session, parameter: Parameter) -> None:
    value = round(widget(parameter.name, 0.0), 4)
    _accept(session, parameter, json.dumps(value))


def _type(session: Session, parameter: Parameter) -> None:
    _accept(session, parameter, widget(f"{parameter.name}_text", "").strip())


def _accept(session: Session, parameter: Parameter, text: str) -> None:
    """Apply a value if the schema accepts it; otherwise leave it in its box and show why not."""
    name = parameter.name
    session.refused.pop(name, None)
    if not text:
        session.change_parameters(**{name: None})
        return
    try:
        session.change_parameters(**{name: read_parameter(name, text)})
    except InvalidRequestError as error:
        session.refused[name] = error.faults[0].message


def _flip(session: Session, parameter: Parameter) -> None:
    on = widget(parameter.name, default=False)
    session.change_parameters(**{parameter.name: True if on else None})


def _reset(session: Session) -> None:
    session.refused.clear()
    session.settings = replace(session.settings, parameters=Parameters(stream=True))
