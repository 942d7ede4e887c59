"""An answer on the page: drawn while it streams, with its figures once it has ended."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from conversations import ENDS, Answer, AnswerCalls, Turn
from workers_ai import Snapshot, model_card

from ..request.inspector import draw_chosen_inspector
from ..session import Session, in_full_run
from ..shell.formatting import duration
from ..shell.page_setup import hide_stop, show_stop
from ..text.markdown import as_markdown
from ..text.streaming_blocks import Blocks
from .checked_answer import draw_guided_answer, is_guided
from .failure_card import draw_failure
from .message_actions import answer_actions, draw_editor, draw_menu, draw_variants
from .tool_calls import draw_calls

PAINT_INTERVAL = 0.08
"""Seconds between paints: about twelve a second, faster than anyone can read."""

_PATIENCE = 0.5


@dataclass(frozen=True)
class Actions:
    """The actions on the last answer; each is a callback that takes the turn."""

    retry: Callable[[Turn], None]
    built_in: Callable[[Turn], None]
    continue_answer: Callable[[Turn], None]
    raise_limit: Callable[[Turn], None]


def draw_answer(
    session: Session, turn: Turn, answer: Answer, actions: Actions | None, *, key: str
) -> None:
    """Draw the turn's answer. In a fragment's own run, follow it until it ends."""
    with st.chat_message("assistant", avatar=":material/diamond:"):
        followed = answer.snapshot().finish is None
        if followed:
            show_stop()
        placeholder = st.empty()
        calls = answer.calls
        if calls is None:
            with placeholder:
                painter = (_JSONPainter if is_guided(answer) else _Painter)(answer, key)
            snapshot = painter.paint() if in_full_run() else painter.follow()
            if snapshot.finish is None:
                return
            calls = answer.calls
        if followed:
            hide_stop()
        judged = calls is None and is_guided(answer) and answer.snapshot().error is None
        if calls:
            # What was painted may be the calls themselves, as text.
            _draw_text(placeholder, calls)
        elif judged:
            placeholder.empty()
        if session.editing == answer.id:
            draw_editor(session, answer)
        if calls:
            draw_calls(session, answer, calls, key=key)
        elif judged:
            draw_guided_answer(session, turn, answer, key=key)
        _draw_end(session, turn, answer, actions, key)


def _draw_text(placeholder: DeltaGenerator, calls: AnswerCalls) -> None:
    """Replace what was painted with the text of an answer that has calls."""
    if calls.text.strip():
        placeholder.markdown(_drawn(calls.text))
    else:
        placeholder.empty()


@lru_cache(maxsize=512)
def _drawn(block: str) -> str:
    """Return a block that will not change as Markdown; cached, as each full run draws it again."""
    return as_markdown(block)


class _Painter:
    """A painter that draws finished blocks once, and the growing tail at each paint."""

    def __init__(self, answer: Answer, key: str) -> None:
        self._answer = answer
        self._blocks = Blocks()
        self._blocks.feed(answer.begun)
        self._seen = 0
        self._drawn = 0
        self._container = st.container(gap="small", key=f"answer-{key}")
        with self._container:
            self._tail = st.empty()
        self._shown: tuple[str, bool] | None = None

    def follow(self) -> Snapshot:
        """Paint new text until the reply ends, and return the last snapshot."""
        version = -1
        while True:
            self._answer.progress.wait(version, _PATIENCE)
            began = time.monotonic()
            snapshot = self.paint()
            if snapshot.finish:
                return snapshot
            version = snapshot.version
            self._rest(began, version)

    def paint(self) -> Snapshot:
        """Paint the reply as it is now."""
        snapshot = self._answer.snapshot()
        self._blocks.feed(snapshot.text[self._seen :])
        self._seen = len(snapshot.text)
        for block in self._blocks.finished[self._drawn :]:
            self._tail.markdown(_drawn(block))
            with self._container:
                self._tail = st.empty()
            self._drawn += 1
        tail, ended = self._blocks.tail, snapshot.finish is not None
        if (tail, ended) != self._shown:
            self._shown = (tail, ended)
            self._paint_tail(tail, snapshot)
        return snapshot

    def _paint_tail(self, tail: str, snapshot: Snapshot) -> None:
        if tail.strip():
            ended = snapshot.finish is not None
            self._tail.markdown(_drawn(tail) if ended else as_markdown(tail, finished=False))
        elif self._drawn or snapshot.error:
            self._tail.empty()
        elif snapshot.finish:
            self._tail.caption("The answer is empty.")
        else:
            self._tail.caption("Waiting for the first word …")

    def _rest(self, began: float, version: int) -> None:
        """Wait until the next paint is due, or until the reply ends."""
        due = began + PAINT_INTERVAL
        while (left := due - time.monotonic()) > 0:
            if not self._answer.progress.wait(version, left):
                return
            snapshot = self._answer.snapshot()
            if snapshot.finish:
                return
            version = snapshot.version
            time.sleep(min(left, PAINT_INTERVAL / 4))


class _JSONPainter(_Painter):
    """A painter for an answer that should be JSON: unchanged, and in full at each paint."""

    def paint(self) -> Snapshot:
        """Paint the reply as it is now."""
        snapshot = self._answer.snapshot()
        if snapshot.text:
            self._tail.code(self._answer.begun + snapshot.text, language="json", wrap_lines=True)
        elif snapshot.finish is None:
            self._tail.caption("Waiting for the first word …")
        return snapshot


def _draw_end(
    session: Session, turn: Turn, answer: Answer, actions: Actions | None, key: str
) -> None:
    snapshot = answer.snapshot()
    if snapshot.error is not None:
        draw_failure(
            snapshot.error,
            answer.record.maker,
            key=key,
            on_retry=partial(actions.retry, turn) if actions else None,
            on_built_in=partial(actions.built_in, turn) if actions else None,
        )
    draw_variants(session, answer, key=f"variants-{answer.id}")
    with st.container(horizontal=True, wrap=False, gap="small", key=f"end-{key}"):
        st.caption(_figures(answer, snapshot), width="stretch")
        _draw_details(answer, snapshot, key)
        if session.conversation.writable:
            menu = answer_actions(session, turn, answer)
            draw_menu(session, "Answer actions", menu, key=f"menu-answer-{answer.id}")
    draw_chosen_inspector(session, answer, key)
    if snapshot.finish == "length" and actions:
        _draw_cut(turn, answer, actions, key)


def _draw_cut(turn: Turn, answer: Answer, actions: Actions, key: str) -> None:
    """Offer what helps when `max_tokens` ended the answer; the API does not report that."""
    limit = answer.record.settings.parameters.max_tokens or model_card.default_max_tokens
    with st.container(horizontal=True, vertical_alignment="center", key=f"cut-{key}"):
        st.markdown(f":orange[:material/content_cut:] Cut off at {limit:g} tokens (inferred).")
        st.button(
            "Continue",
            key=f"go-on-{key}",
            icon=":material/east:",
            on_click=partial(actions.continue_answer, turn),
        )
        st.button(
            "Raise and retry",
            key=f"raise-{key}",
            icon=":material/expand:",
            help="Asks again with four times the `max_tokens`.",
            on_click=partial(actions.raise_limit, turn),
        )


def _figures(answer: Answer, snapshot: Snapshot) -> str:
    """Return the line below an answer: model, tokens, speed, cost and why it ended."""
    maker, usage = answer.record.maker, snapshot.usage
    if maker.kind == "person":
        return maker.label
    facts = [
        f"{maker.label} · {maker.model}" + (" · not Gemma" if maker.kind == "builtin" else ""),
        _tokens(snapshot),
        _first_text(snapshot),
        _speed(snapshot),
        f"\\${model_card.cost(usage):.6f}" if usage and maker.kind == "cloudflare" else "",
        _counted(len(answer.attempts), "retry", "retries"),
        _counted(snapshot.damaged, "event could not be read", "events could not be read"),
        ENDS[snapshot.finish or "done"],
    ]
    return " · ".join(fact for fact in facts if fact)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _tokens(snapshot: Snapshot) -> str:
    if snapshot.usage is not None:
        return f"{snapshot.usage.prompt_tokens:,} + {snapshot.usage.completion_tokens:,} tokens"
    if not snapshot.text:
        return ""
    return f"about {math.ceil(len(snapshot.text) / 4):,} tokens (estimated)"


def _first_text(snapshot: Snapshot) -> str:
    if snapshot.first_text is None:
        return ""
    return f"first token {duration(snapshot.first_text)}"


def _speed(snapshot: Snapshot) -> str:
    if snapshot.usage is None or snapshot.first_text is None:
        return duration(snapshot.seconds)
    writing = snapshot.seconds - snapshot.first_text
    if writing < 0.05 or snapshot.usage.completion_tokens < 2:  # noqa: PLR2004 - too short
        return duration(snapshot.seconds)
    return f"{snapshot.usage.completion_tokens / writing:.0f} tokens/s"


def _draw_details(answer: Answer, snapshot: Snapshot, key: str) -> None:
    lazy = in_full_run()
    details = st.popover(
        "Details",
        key=f"details-{key}",
        on_change="rerun" if lazy else "ignore",
        type="tertiary",
        width="content",
    )
    if lazy and not details.open:
        return
    settings = answer.record.settings
    with details:
        st.caption("Raw text from the model")
        st.code(answer.begun + snapshot.text or " ", language=None, wrap_lines=True)
        st.caption("Settings used")
        st.json(settings.parameters.body(), expanded=True)
        if settings.system:
            st.caption("System prompt")
            st.code(settings.system, language=None, wrap_lines=True)
        for attempt in answer.attempts:
            st.caption(f"Retried after {attempt.wait:.1f} s:")
            st.code(attempt.error, language=None, wrap_lines=True)
