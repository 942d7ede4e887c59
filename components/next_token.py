"""The next token: what could have come in its place, and what each parameter made of that."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import streamlit as st

from components.markdown_inline import escaped
from components.prompt_box import asked, draw_prompt, request_for
from components.session import Session, set_widget, widget
from workers_ai import (
    PARAMETERS,
    BuiltIn,
    InvalidRequestError,
    Moment,
    Parameters,
    Request,
    Shaped,
    WorkersAIError,
    moments,
    parse_request,
    shape,
)

WINDOW = 120
"""Tokens that are offered to click at once."""

MOST_ROWS = 15
_KNOBS = {
    "temperature": (0.0, 5.0, 0.05, 0.6),
    "top_k": (1, 50, 1, 50),
    "top_p": (0.0, 2.0, 0.01, 1.0),
    "repetition_penalty": (0.0, 2.0, 0.05, 1.0),
    "frequency_penalty": (0.0, 2.0, 0.05, 0.0),
    "presence_penalty": (0.0, 2.0, 0.05, 0.0),
}
"""From, to, step, and where a slider stands if nothing is sent."""

_STAGES = {
    "raw": "the model",
    "repetition_penalty": "repetition",
    "frequency_penalty": "frequency",
    "presence_penalty": "presence",
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
}


class _Token(NamedTuple):
    text: str
    moment: Moment


def draw_next_token(session: Session) -> None:
    """Draw the question, the answer's tokens, and the choice at the one that is clicked."""
    page = session.tuning_page
    st.caption(
        "The built-in model tells how likely every token was. Ask it, click a token of its answer, "
        "and move the sliders: the picture follows without another call."
    )
    draw_prompt(session)
    question, _ = asked(session)
    st.button(
        "Ask the built-in model",
        icon=":material/send:",
        key="trace-ask",
        disabled=question is None,
        on_click=_ask,
        args=(session,),
    )
    if page.traced is None:
        return
    body, text = page.traced
    request = parse_request(json.loads(body))
    try:
        tokens = _tokens(body, text)
    except (InvalidRequestError, WorkersAIError) as error:
        st.caption(escaped(error.message))
        return
    if not tokens:
        st.caption("This answer calls a tool: there is no text to look at.")
        return
    _draw_tokens(session, tokens)
    _draw_moment(session, tokens[min(page.position, len(tokens) - 1)], request)


def _draw_tokens(session: Session, tokens: Sequence[_Token]) -> None:
    page = session.tuning_page
    windows = range(0, len(tokens), WINDOW)
    first = WINDOW * (min(page.position, len(tokens) - 1) // WINDOW)
    if len(windows) > 1:
        set_widget("token-window", first)
        st.segmented_control(
            "Part of the answer",
            list(windows),
            key="token-window",
            format_func=lambda at: f"tokens {at + 1}-{min(at + WINDOW, len(tokens))}",
            required=True,
            on_change=_set_window,
            args=(session,),
        )
    shown = range(first, min(first + WINDOW, len(tokens)))
    set_widget("token", min(page.position, len(tokens) - 1))
    st.pills(
        "Tokens of the answer",
        list(shown),
        key="token",
        format_func=lambda at: escaped(_visible(tokens[at].text)),
        required=True,
        on_change=_set_position,
        args=(session,),
    )


def _draw_moment(session: Session, token: _Token, request: Request) -> None:
    parameters = _parameters(session, request)
    shaped = shape(token.moment, parameters)
    knobs, picture = st.columns([1, 2], gap="large")
    with knobs:
        _draw_knobs(session, request)
    with picture:
        _draw_distribution(shaped, token.moment)


def _draw_knobs(session: Session, request: Request) -> None:
    page = session.tuning_page
    for name, (least, most, step, neutral) in _KNOBS.items():
        given = page.shaped_by.get(name, getattr(request, name))
        value = neutral if given is None else given
        kind = type(step)
        set_widget(f"knob-{name}", min(max(kind(value), kind(least)), kind(most)))
        st.slider(
            f"`{name}`" + (" :small[:gray[not sent]]" if given is None else ""),
            kind(least),
            kind(most),
            step=step,
            key=f"knob-{name}",
            help=PARAMETERS[name].help,
            on_change=_turn,
            args=(session, name),
        )
    st.button(
        "As it was asked",
        icon=":material/restart_alt:",
        type="tertiary",
        disabled=not page.shaped_by,
        on_click=page.shaped_by.clear,
    )


def _draw_distribution(shaped: Shaped, moment: Moment) -> None:
    rows = shaped.rows(MOST_ROWS)
    if moment.token is not None and all(row.token != moment.token for row in rows):
        rows.append(shaped.row(moment.token))
    raw, last = shaped.stages[0], shaped.stages[-1]
    left = f"{last.kept:,} of {raw.kept:,} tokens are left"
    st.markdown(f"{left} · {raw.entropy:.1f} → {last.entropy:.1f} bits")
    names = [_visible(row.text) + (" ◀" if row.token == moment.token else "") for row in rows]
    bars = [
        {"token": name, "stage": stage, "probability": row.probabilities[at], "order": order}
        for order, (name, row) in enumerate(zip(names, rows, strict=True))
        for stage, at in (("the model", 0), ("drawn from", len(shaped.stages) - 1))
    ]
    spec = {
        "height": {"step": 11},
        "mark": "bar",
        "encoding": {
            "y": {"field": "token", "type": "nominal", "sort": {"field": "order"}, "title": None},
            "yOffset": {"field": "stage", "sort": ["the model", "drawn from"]},
            "x": {"field": "probability", "type": "quantitative", "axis": {"format": "%"}},
            "color": {
                "field": "stage",
                "type": "nominal",
                "sort": ["drawn from", "the model"],
                "legend": {"orient": "top", "title": None},
            },
        },
    }
    st.vega_lite_chart(bars, spec, alt="The likeliest tokens, before and after the parameters")
    table = [
        {
            "token": name,
            **{
                _STAGES[stage.name]: row.probabilities[at] for at, stage in enumerate(shaped.stages)
            },
            "cut by": _STAGES[row.cut_by] if row.cut_by else "",
        }
        for name, row in zip(names, rows, strict=True)
    ]
    percents = {name: st.column_config.NumberColumn(format="percent") for name in _STAGES.values()}
    with st.expander("Stage by stage", icon=":material/stacked_line_chart:"):
        st.dataframe(table, hide_index=True, column_config=percents)
    if not moment.sure:
        st.caption("How this text was cut into tokens is the likeliest way, not a known one.")


def _parameters(session: Session, request: Request) -> Parameters:
    given = {name: getattr(request, name) for name in PARAMETERS}
    return Parameters(**{**given, **session.tuning_page.shaped_by})


@lru_cache(maxsize=4)
def _tokens(body: str, text: str) -> tuple[_Token, ...]:
    return tuple(_spelled(parse_request(json.loads(body)), text))


def _spelled(request: Request, text: str) -> Iterator[_Token]:
    for moment in moments(request, text):
        if moment.token is not None:
            yield _Token(moment.vocabulary[moment.token].decode("utf-8", "replace"), moment)


def _visible(text: str) -> str:
    """Return a token as it can be seen."""
    return text.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥") or "∅"


def _ask(session: Session) -> None:
    page = session.tuning_page
    question, earlier = asked(session)
    if question is None:
        return
    backend = BuiltIn()
    try:
        request = request_for(session, question, earlier, backend)
        answer = session.client(backend).run(request.replace(stream=None))
    except WorkersAIError as error:
        session.notice(error.message)
        return
    page.traced = json.dumps(request.body()), answer.text
    page.shaped_by.clear()
    page.position = _most_open(request, _tokens(*page.traced))


def _most_open(request: Request, tokens: Sequence[_Token]) -> int:
    """Return where the model was least sure: that is the place to look at first."""
    bits = [shape(token.moment, request).stages[0].entropy for token in tokens[:WINDOW]]
    return bits.index(max(bits)) if bits else 0


def _set_position(session: Session) -> None:
    session.tuning_page.position = int(widget("token", 0) or 0)


def _set_window(session: Session) -> None:
    session.tuning_page.position = int(widget("token-window", 0) or 0)


def _turn(session: Session, name: str) -> None:
    session.tuning_page.shaped_by[name] = widget(f"knob-{name}", 0)
