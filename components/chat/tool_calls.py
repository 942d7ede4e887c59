"""Tool calls on the page: the calls, their results, and the rounds that run automatically."""

import json
from collections.abc import Callable, Sequence

import streamlit as st

from conversations import Answer, AnswerCalls, ToolResults, Turn, offered_tools, tool_runners
from workers_ai import FunctionTool, InvalidRequestError, Tool, ToolCall
from workers_ai.tool_calls import ToolResult

from ..current_backend import current_backend
from ..session import Session, in_full_run, set_widget, widget
from ..shell.formatting import counted
from ..text.markdown_inline import escaped
from . import send_message
from .auto_tool_loop import MOST_ROUNDS
from .message_actions import draw_menu, draw_variants, results_actions
from .tool_result_drafts import CallDraft, can_run_all, format_arguments, results_of, run_drafts

KINDS = {"text": "Text", "json": "JSON", "error": "Error"}
_SOURCES = {
    "hand": "entered by hand",
    "run": "from the built-in tool",
    "fixed": "from the canned reply",
}


def draw_calls(session: Session, answer: Answer, calls: AnswerCalls, *, key: str) -> None:
    """Draw the calls of an answer: as drafts if it is the last message, otherwise read-only."""
    if calls.recovered:
        st.caption(f":material/build: Recovered from text ({calls.recovered}).")
    turns = session.conversation.turns
    if any(isinstance(turn.question, ToolResults) and _follows(turn, answer) for turn in turns):
        names = ", ".join(dict.fromkeys(call.name for call in calls.calls))
        st.caption(f":material/build: Called {escaped(names)}.")
        return
    last = turns[-1].answer is not None and turns[-1].answer.id == answer.id
    if last and session.conversation.writable:
        if not in_full_run() and not session.drawer:
            # Boxes drawn in a slot would be empty after the full run that follows an answer.
            st.rerun()
        drafts = _drafts(session, answer, calls)
        _draw_drafts(session, answer, calls, drafts, key=key)
        return
    for call in calls.calls:
        _draw_call(call)
    st.caption("These calls were not answered.")


def draw_results(session: Session, results: ToolResults, *, key: str) -> None:
    """Draw the results that were sent, with their calls."""
    with st.chat_message("tool", avatar=":material/build:"):
        if session.editing == results.id:
            _draw_editing(session, results, key=key)
            return
        with st.container(
            horizontal=True,
            wrap=False,
            vertical_alignment="center",
            gap="small",
            key=f"results-{key}",
        ):
            count = len(results.results)
            st.caption(counted(count, "result"), width="stretch")
            draw_variants(session, results, key=f"variants-{results.id}")
            if session.conversation.writable:
                menu = results_actions(session, results)
                draw_menu(session, "Result actions", menu, key=f"menu-results-{results.id}")
        for each in results.results:
            _draw_result(each)


def run_tool_round(session: Session) -> bool:
    """Run the last answer's calls if that is automatic. Return whether results were sent."""
    conversation = session.conversation
    last = conversation.turns[-1].answer if conversation.turns else None
    if last is None or last.running or not session.rounds.may_run_automatically(last.id):
        return False
    calls = last.calls
    if calls is None or not conversation.writable:
        return False
    drafts = _drafts(session, last, calls)
    # What a person has written meanwhile is kept.
    run_drafts([draft for draft in drafts if not draft.content], session.settings)
    if not can_run_all(drafts, session.settings):
        return False
    results = results_of(drafts, last, calls)
    done = results is not None and send_message.send_results(session, results)
    session.rounds.paused = not done
    return done


def _drafts(session: Session, answer: Answer, calls: AnswerCalls) -> list[CallDraft]:
    return session.call_drafts.setdefault(answer.id, list(map(CallDraft.of, calls.calls)))


def draw_rounds(session: Session) -> None:
    """Draw the progress of automatic rounds, with Pause, Step and Resume."""
    rounds, last = session.rounds, session.conversation.turns[-1:]
    answer = last[0].answer if last else None
    if not rounds.automatic or answer is None or answer.id != rounds.answer:
        return
    open_calls = not answer.running and answer.calls is not None
    if not (open_calls or (answer.running and rounds.done)):
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="rounds"):
        state = "paused, " if rounds.paused else ""
        st.caption(f"Tools: {state}round {rounds.done}/{MOST_ROUNDS}", width="content")
        if answer.running and not rounds.paused:
            _draw_control(session, "Pause", "pause", _pause)
        elif open_calls:
            _draw_step_and_resume(session, answer)


def _draw_step_and_resume(session: Session, answer: Answer) -> None:
    known = tool_runners(session.settings.tools)
    if answer.calls and all(call.name in known for call in answer.calls.calls):
        _draw_control(session, "Step", "skip_next", _step)
        _draw_control(session, "Resume", "play_arrow", _resume)
    else:
        st.caption("Waiting for you.", width="content")


def _draw_control(session: Session, name: str, icon: str, do: Callable[[Session], None]) -> None:
    st.button(name, icon=f":material/{icon}:", type="tertiary", on_click=do, args=(session,))


def _draw_editing(session: Session, results: ToolResults, *, key: str) -> None:
    answer = session.conversation.nodes.get(results.parent or "")
    calls = answer.calls if isinstance(answer, Answer) else None
    if not isinstance(answer, Answer) or calls is None:
        st.caption("The answer that made these calls no longer exists.")
        return
    drafts = session.call_drafts.setdefault(
        results.id, list(map(CallDraft.from_result, results.results))
    )
    _draw_drafts(session, answer, calls, drafts, key=key)
    st.button("Cancel", key=f"cancel-{results.id}", on_click=_cancel, args=(session, results.id))


def _draw_drafts(
    session: Session, answer: Answer, calls: AnswerCalls, drafts: list[CallDraft], *, key: str
) -> None:
    tools = _offered(session)
    known = tool_runners(session.settings.tools)
    for at, draft in enumerate(drafts):
        with st.container(border=True, key=f"call-{key}-{at}"):
            _draw_draft(session, draft, tools, runs=draft.call.name in known, key=f"{key}-{at}")
    missing = sum(draft.result() is None for draft in drafts)
    with st.container(horizontal=True, vertical_alignment="center", key=f"send-{key}"):
        st.button(
            "Send the result" if len(drafts) == 1 else "Send results",
            icon=":material/send:",
            key=f"tell-{key}",
            disabled=missing > 0,
            on_click=_send,
            args=(session, answer, calls, drafts),
        )
        if can_run_all(drafts, session.settings):
            st.button(
                "Run and send",
                icon=":material/play_arrow:",
                key=f"run-all-{key}",
                on_click=_run_and_send,
                args=(session, answer, calls, drafts),
            )
        if missing and len(drafts) > 1:
            ready = f"{len(drafts) - missing} of {len(drafts)} results are ready."
            st.caption(ready, width="content")
    _draw_messages(session, results_of(drafts, answer, calls), key=key)


def _draw_draft(
    session: Session,
    draft: CallDraft,
    tools: Sequence[Tool | FunctionTool],
    *,
    runs: bool,
    key: str,
) -> None:
    st.markdown(f":material/build: **{escaped(draft.call.name or 'Unnamed call')}**")
    st.text_area(
        "Arguments",
        value=set_widget(f"code-arguments-{key}", draft.arguments),
        key=f"code-arguments-{key}",
        height="content",
        on_change=_change,
        args=(draft, "arguments", f"code-arguments-{key}"),
    )
    for fault in draft.argument_faults(tools):
        st.markdown(f":orange[:material/warning:] {escaped(str(fault))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Result type",
            list(KINDS),
            default=set_widget(f"kind-{key}", draft.kind),
            key=f"kind-{key}",
            format_func=KINDS.__getitem__,
            required=True,
            label_visibility="collapsed",
            on_change=_change,
            args=(draft, "kind", f"kind-{key}"),
        )
        if runs:
            st.button(
                "Run",
                icon=":material/play_arrow:",
                key=f"run-{key}",
                on_click=run_drafts,
                args=([draft], session.settings),
            )
    st.text_area(
        "Result",
        value=set_widget(f"code-content-{key}", draft.content),
        key=f"code-content-{key}",
        height="content",
        placeholder="What the tool returns",
        on_change=_change,
        args=(draft, "content", f"code-content-{key}"),
    )
    if draft.content and (problem := draft.content_fault()):
        st.markdown(f":red[:material/error:] {escaped(problem)}")


def _draw_messages(session: Session, results: ToolResults | None, *, key: str) -> None:
    with st.expander("Messages to send", type="compact", key=f"out-{key}"):
        if results is None:
            st.caption("Every call needs a result first.")
            return
        try:
            messages = send_message.preview_results(session, results, current_backend(session))
        except InvalidRequestError as error:
            st.text(str(error))
            return
        st.caption("These messages will be added to the chat.")
        body = [message.body() for message in messages]
        st.code(json.dumps(body, indent=2, ensure_ascii=False), language="json", wrap_lines=True)


def _draw_call(call: ToolCall) -> None:
    st.code(f"{call.name}({_short(call)})", language=None, wrap_lines=True)


def _draw_result(result: ToolResult) -> None:
    with st.container(border=True, gap="small"):
        _draw_call(result.call)
        st.code(result.content or " ", language=None, wrap_lines=True)
        st.caption(_SOURCES[result.source])


def _short(call: ToolCall) -> str:
    return " ".join(format_arguments(call.arguments).split())


def _follows(turn: Turn, answer: Answer) -> bool:
    return turn.question is not None and turn.question.parent == answer.id


def _offered(session: Session) -> Sequence[Tool | FunctionTool]:
    try:
        return offered_tools(session.settings.tools)
    except InvalidRequestError:
        return ()


def _change(draft: CallDraft, name: str, key: str) -> None:
    setattr(draft, name, widget(key, "") or "")
    if name != "arguments":
        draft.source = "hand"


def _send(session: Session, answer: Answer, calls: AnswerCalls, drafts: list[CallDraft]) -> None:
    results = results_of(drafts, answer, calls)
    if results is not None and send_message.send_results(session, results):
        session.editing = None
        session.call_drafts.clear()
    st.rerun()


def _run_and_send(
    session: Session, answer: Answer, calls: AnswerCalls, drafts: list[CallDraft]
) -> None:
    run_drafts(drafts, session.settings)
    _send(session, answer, calls, drafts)


def _cancel(session: Session, results_id: str) -> None:
    session.editing = None
    session.call_drafts.pop(results_id, None)
    st.rerun()


def _pause(session: Session) -> None:
    session.rounds.paused = True


def _resume(session: Session) -> None:
    session.rounds.resume()


def _step(session: Session) -> None:
    rounds = session.rounds
    rounds.paused, done = False, rounds.done
    rounds.done = min(done, MOST_ROUNDS - 1)
    run_tool_round(session)
    rounds.paused, rounds.done = True, done + 1
