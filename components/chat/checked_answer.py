"""An answer that should follow a schema, and the result of checking it."""

import json
from collections.abc import Callable
from difflib import unified_diff
from functools import partial
from typing import Literal

import streamlit as st

from conversations import Answer, Question, Turn, judge_answer
from schemas import GuidedAnswer, annotated_json, of_one_kind, repair_request, tables, to_csv

from ..session import Session
from ..shell.formatting import counted
from ..text.markdown_inline import escaped
from . import send_message

MOST_REPAIRS = 2
"""How many times in a row the model is asked to fix its answer."""

_MOST_FAULTS = 8
_BADGES: dict[str, tuple[str, str, Literal["green", "orange", "red"]]] = {
    "valid": ("valid", ":material/check:", "green"),
    "cut off": ("cut off", ":material/content_cut:", "orange"),
    "no json": ("not JSON", ":material/error:", "red"),
}


def is_guided(answer: Answer) -> bool:
    """Return whether a schema was sent for the answer."""
    return answer.record.settings.guided and answer.record.maker.kind != "person"


def check_guided_answer(answer: Answer) -> GuidedAnswer:
    """Check an answer that has ended against its schema."""
    return judge_answer(
        answer.text, answer.record.settings.schema, answer.snapshot().finish or "done"
    )


def draw_guided_answer(session: Session, turn: Turn, answer: Answer, *, key: str) -> None:
    """Draw the verdict, what is wrong and where, and the answer as tree, table and text."""
    found = check_guided_answer(answer)
    draw_verdict(found, answer.text, key=key)
    with st.container(horizontal=True, key=f"take-{key}"):
        if found.has_value:
            text = json.dumps(found.value, indent=2, ensure_ascii=False)
            _draw_download("JSON", lambda: text, "json", key=key)
            _draw_download("CSV", lambda: to_csv(found.value), "csv", key=key)
        if _can_ask_for_fix(session, answer, found):
            st.button(
                "Ask for a fix",
                icon=":material/build_circle:",
                key=f"fix-answer-{key}",
                help="Sends the errors back to the model. Both answers are kept.",
                on_click=partial(_ask_for_fix, session, answer, found),
            )
    _draw_difference(session, turn, answer)


def draw_verdict(found: GuidedAnswer, text: str, *, key: str) -> None:
    """Draw the verdict on an answer, and the answer as tree, table and text."""
    _draw_verdict(found)
    tree, table, raw = st.tabs(["Tree", "Table", "Raw"], key=f"views-{key}")
    with tree:
        st.code(annotated_json(_shown(found), found.faults), language="javascript", wrap_lines=True)
    with table:
        _draw_table(found, key=key)
    with raw:
        st.code(text or " ", language=None, wrap_lines=True)


def _draw_verdict(found: GuidedAnswer) -> None:
    count = len(found.faults)
    errors = counted(count, "error")
    label, icon, color = _BADGES.get(found.verdict, (errors, ":material/error:", "red"))
    st.badge(label, icon=icon, color=color)
    for notice in found.notices:
        st.caption(escaped(notice))
    for fault in found.faults[:_MOST_FAULTS]:
        where = f"`{escaped(fault.path)}` " if fault.path else ""
        st.markdown(f":red[:material/error:] {where}{escaped(fault.message)}")
    if count > _MOST_FAULTS:
        st.caption(f"and {count - _MOST_FAULTS} more, highlighted in the tree.")


def _draw_table(found: GuidedAnswer, *, key: str) -> None:
    choices = list(tables(_shown(found)))
    if not choices:
        st.caption("This answer contains no list of objects.")
        return
    chosen = choices[0]
    if len(choices) > 1:
        chosen = st.selectbox("List", choices, format_func=_list_name, key=f"table-of-{key}")
    table = tables(_shown(found))[chosen]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    st.dataframe(of_one_kind(rows), hide_index=True)


def _list_name(path: str) -> str:
    return path or "the whole answer"


def _draw_download(name: str, make: Callable[[], str], ending: str, *, key: str) -> None:
    st.download_button(
        name,
        make,
        file_name=f"answer.{ending}",
        icon=":material/download:",
        on_click="ignore",
        key=f"download-{ending}-{key}",
    )


def _draw_difference(session: Session, turn: Turn, answer: Answer) -> None:
    before = _answer_to_fix(session, turn)
    if before is None:
        return
    first, second = check_guided_answer(before), check_guided_answer(answer)
    lines = unified_diff(_lines(first), _lines(second), "before", "after", lineterm="", n=2)
    with st.expander("Changes made by the fix", icon=":material/difference:"):
        st.code("\n".join(lines) or "No changes.", language="diff", wrap_lines=True)


def _lines(found: GuidedAnswer) -> list[str]:
    return annotated_json(_shown(found), ()).split("\n")


def _shown(found: GuidedAnswer) -> object:
    return found.value if found.has_value else found.partial


def _answer_to_fix(session: Session, turn: Turn) -> Answer | None:
    """Return the answer that the turn's question asks to fix."""
    before = session.conversation.nodes.get((turn.question and turn.question.parent) or "")
    if not isinstance(before, Answer) or not isinstance(turn.question, Question):
        return None
    if not is_guided(before) or before.running:
        return None
    asks = turn.question.text == _repair(check_guided_answer(before))
    return before if asks else None


def _can_ask_for_fix(session: Session, answer: Answer, found: GuidedAnswer) -> bool:
    turns = session.conversation.turns
    if not session.conversation.writable or turns[-1].answer is not answer:
        return False
    if found.verdict == "valid" or not found.faults:
        return False
    repairs = 0
    for each in reversed(turns):
        if _answer_to_fix(session, each) is None:
            break
        repairs += 1
    return repairs < MOST_REPAIRS


def _ask_for_fix(session: Session, answer: Answer, found: GuidedAnswer) -> None:
    """Ask with the answer's own settings: they, or the schema, may have changed since."""
    send_message.ask_verbatim(session, _repair(found), answer.record.settings)
    st.rerun()


def _repair(found: GuidedAnswer) -> str:
    return repair_request(found)
