"""The next token: its alternatives, and how each parameter changes their chances."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from backends import BuiltIn, LocalEngine, TokenStep
from experiments import (
    LOGPROBS_REQUEST,
    MOVABLE_PARAMETERS,
    ReportedToken,
    next_tokens,
    reported_tokens,
    sampling_stages,
)
from workers_ai import (
    PARAMETERS,
    Backend,
    InvalidRequestError,
    Parameters,
    Request,
    Response,
    WorkersAIError,
    parse_request,
)

from ..chat.prompt_editor import current_question, draw_prompt
from ..chat.send_message import request_for
from ..current_backend import current_backend
from ..session import Session, set_widget, widget
from ..text.markdown_inline import escaped
from .token_bars import draw_distribution, draw_shares, with_visible_whitespace

TOKENS_PER_PAGE = 120
"""Tokens offered for clicking at a time."""

_KNOBS = {
    "temperature": (0.0, 5.0, 0.05, 0.6),
    "top_k": (1, 50, 1, 50),
    "top_p": (0.0, 2.0, 0.01, 1.0),
    "repetition_penalty": (0.0, 2.0, 0.05, 1.0),
    "frequency_penalty": (0.0, 2.0, 0.05, 0.0),
    "presence_penalty": (0.0, 2.0, 0.05, 0.0),
}
"""Minimum, maximum, step, and the slider's value if nothing is sent."""


class _Token(NamedTuple):
    text: str
    step: TokenStep


def draw_next_token(session: Session) -> None:
    """Draw the question, the answer's tokens, and the alternatives to the selected one."""
    st.caption(
        "The built-in model reports the probability of every token, a local engine at most of the "
        "top few. Ask one of them, click a token in its answer, and move the sliders: the chart "
        "updates without another request."
    )
    draw_prompt(session)
    _draw_asking(session)
    if session.tuning_page.traced is None:
        return
    body, answer = session.tuning_page.traced
    request = parse_request(json.loads(body))
    try:
        if _is_reported(request):
            _draw_reported(session, request, answer)
        else:
            _draw_retraced(session, request, _tokens(body, answer))
    except (InvalidRequestError, WorkersAIError) as error:
        st.caption(escaped(error.message))


def _draw_asking(session: Session) -> None:
    question, _ = current_question(session)
    with st.container(horizontal=True):
        st.button(
            "Ask the built-in model",
            icon=":material/send:",
            key="trace-ask",
            disabled=question is None,
            on_click=_ask,
            args=(session,),
        )
        if session.backend_name == "local":
            engine = _engine(session)
            st.button(
                f"Ask {escaped(engine.label)}" if engine else "Ask the local engine",
                icon=":material/send:",
                key="trace-ask-engine",
                disabled=question is None or engine is None,
                help=None if engine else "Choose an engine and a model under Backend.",
                on_click=_ask_engine,
                args=(session,),
            )


def _draw_retraced(session: Session, request: Request, tokens: Sequence[_Token]) -> None:
    if not tokens:
        st.caption("This answer is a tool call: it has no text to inspect.")
        return
    _draw_tokens(session, [token.text for token in tokens])
    step = tokens[_position(session, tokens)].step
    shaped = sampling_stages(step, _parameters(session, request))
    knobs, picture = st.columns([1, 2], gap="large")
    with knobs:
        _draw_knobs(session, request, _KNOBS)
    with picture:
        draw_distribution(shaped, step)


def _draw_reported(session: Session, request: Request, answer: str) -> None:
    tokens = _reported(answer)
    if not tokens:
        st.caption(
            "The engine answered but reported no log probabilities. llama-server, vLLM and newer "
            "versions of Ollama report them; the built-in model reports the whole distribution."
        )
        return
    _draw_tokens(session, [step.text for step in tokens])
    step = tokens[_position(session, tokens)]
    knobs, picture = st.columns([1, 2], gap="large")
    with knobs:
        _draw_knobs(session, request, MOVABLE_PARAMETERS)
        st.caption(
            "A parameter that is not sent cuts nothing here, but the engine may have its own "
            "default. Penalties can raise tokens that were not reported, so they need another "
            "request."
        )
    with picture:
        draw_shares(step, step.reported.shares(_parameters(session, request)))


def _draw_tokens(session: Session, tokens: Sequence[str]) -> None:
    windows = range(0, len(tokens), TOKENS_PER_PAGE)
    first = TOKENS_PER_PAGE * (_position(session, tokens) // TOKENS_PER_PAGE)
    if len(windows) > 1:
        st.segmented_control(
            "Part of the answer",
            list(windows),
            default=set_widget("token-window", first),
            key="token-window",
            format_func=lambda at: f"tokens {at + 1}-{min(at + TOKENS_PER_PAGE, len(tokens))}",
            required=True,
            on_change=_set_window,
            args=(session,),
        )
    shown = range(first, min(first + TOKENS_PER_PAGE, len(tokens)))
    st.pills(
        "Tokens in the answer",
        list(shown),
        default=set_widget("token", _position(session, tokens)),
        key="token",
        format_func=lambda at: escaped(with_visible_whitespace(tokens[at])),
        required=True,
        on_change=_set_position,
        args=(session,),
    )


def _draw_knobs(session: Session, request: Request, names: Iterable[str]) -> None:
    page = session.tuning_page
    for name in names:
        least, most, step, neutral = _KNOBS[name]
        current = page.shaped_by.get(name, getattr(request, name))
        value = neutral if current is None else current
        kind = type(step)
        st.slider(
            f"`{name}`" + (" :small[:gray[not sent]]" if current is None else ""),
            kind(least),
            kind(most),
            step=step,
            value=set_widget(f"knob-{name}", min(max(kind(value), kind(least)), kind(most))),
            key=f"knob-{name}",
            help=PARAMETERS[name].help,
            on_change=_turn,
            args=(session, name),
        )
    st.button(
        "Reset sliders",
        icon=":material/restart_alt:",
        type="tertiary",
        disabled=not page.shaped_by,
        on_click=page.shaped_by.clear,
    )


def _parameters(session: Session, request: Request) -> Parameters:
    requested = {name: getattr(request, name) for name in PARAMETERS}
    return Parameters(**{**requested, **session.tuning_page.shaped_by})


@lru_cache(maxsize=4)
def _tokens(body: str, text: str) -> tuple[_Token, ...]:
    return tuple(_spelled(parse_request(json.loads(body)), text))


def _spelled(request: Request, text: str) -> Iterator[_Token]:
    for step in next_tokens(request, text):
        if step.token is not None:
            yield _Token(step.vocabulary[step.token].decode("utf-8", "replace"), step)


def _is_reported(request: Request) -> bool:
    """Return whether an engine was asked: the built-in model reports without being asked to."""
    return "logprobs" in request.body()


@lru_cache(maxsize=4)
def _reported(answer: str) -> tuple[ReportedToken, ...]:
    return reported_tokens(Response("", raw=json.loads(answer)))


def _ask(session: Session) -> None:
    page = session.tuning_page
    found = _answered(session, BuiltIn())
    if found is None:
        return
    request, answer = found
    page.traced = json.dumps(request.body()), answer.text
    page.shaped_by.clear()
    page.position = _most_open(request, _tokens(*page.traced))


def _ask_engine(session: Session) -> None:
    page = session.tuning_page
    engine = _engine(session)
    found = _answered(session, engine, **LOGPROBS_REQUEST) if engine else None
    if found is None:
        return
    request, answer = found
    page.traced = json.dumps(request.body()), json.dumps(answer.raw)
    page.shaped_by.clear()
    page.position = 0


def _engine(session: Session) -> LocalEngine | None:
    try:
        backend = current_backend(session)
    except InvalidRequestError:
        return None
    return backend if isinstance(backend, LocalEngine) else None


def _answered(session: Session, backend: Backend, **more: Any) -> tuple[Request, Response] | None:
    """Send the current question; None, with a notice, if there is no answer."""
    question, earlier = current_question(session)
    if question is None:
        return None
    try:
        request = request_for(session, question, earlier, backend)
        request = request.replace(stream=None, **more)
        return request, session.client(backend).run(request)
    except WorkersAIError as error:
        session.notice(error.message)
        return None


def _most_open(request: Request, tokens: Sequence[_Token]) -> int:
    """Return the position where the model was least sure, the one to show first."""
    bits = [
        sampling_stages(token.step, request).stages[0].entropy for token in tokens[:TOKENS_PER_PAGE]
    ]
    return bits.index(max(bits)) if bits else 0


def _position(session: Session, tokens: Sequence[Any]) -> int:
    return min(session.tuning_page.position, len(tokens) - 1)


def _set_position(session: Session) -> None:
    session.tuning_page.position = int(widget("token", 0) or 0)


def _set_window(session: Session) -> None:
    session.tuning_page.position = int(widget("token-window", 0) or 0)


def _turn(session: Session, name: str) -> None:
    session.tuning_page.shaped_by[name] = widget(f"knob-{name}", 0)
