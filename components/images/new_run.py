"""A new run over many pictures: its pictures, its questions, and its expected cost."""

from dataclasses import replace
from functools import partial

import streamlit as st

from conversations import Maker, PicturePlan, Run, RunSummary, StoreError, read_schema
from workers_ai import InvalidRequestError, Usage, model_card

from ..chat.composer import each_picture
from ..chat.picture_cards import icon
from ..chat.prompt_editor import PICTURE_EXTENSIONS
from ..current_backend import current_backend, explain_missing
from ..session import Session, set_widget, widget
from ..shell.formatting import counted, size
from ..text.markdown_inline import escaped

MOST_PICTURES = 500
"""Per run: a person has to look at the answers."""

LARGEST_UPLOAD = 500
"""Megabytes per file."""

_MOST_SHOWN = 24
_MOST_REFUSED = 5
_LONGEST_NAME = 60
_LEAST_TOKENS = 40
"""Approximate overhead of a question, in tokens."""


def open_run(session: Session) -> Run[PicturePlan] | None:
    """Return the run that the page shows, if it shows one."""
    page = session.images_page
    found = session.conversations.runs.find(page.run, session.owner) if page.run else None
    if found is not None and not isinstance(found.plan, PicturePlan):
        found = None
    if page.run and found is None:
        session.notice("The linked run was not found.")
        page.run = ""
    return found


def draw_upload(session: Session) -> None:
    """Draw the upload of pictures, and the pictures chosen so far."""
    page = session.images_page
    st.markdown("**Pictures**")
    files = st.file_uploader(
        "Pictures, or a zip file of pictures",
        type=[*PICTURE_EXTENSIONS, "zip"],
        accept_multiple_files=True,
        # A new key makes a new, empty uploader.
        key=f"run_files-{page.uploads}",
        max_upload_size=LARGEST_UPLOAD,
        label_visibility="collapsed",
    )
    if files:
        _take(session, files)
        st.rerun()
    if not page.pictures:
        return
    total = sum(picture.size for picture in page.pictures)
    count = len(page.pictures)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = counted(count, "picture")
        st.markdown(f"{words}, {size(total)} to send", width="content")
        st.button("Remove all", icon=":material/close:", type="tertiary", on_click=_empty(session))
    with st.container(horizontal=True, gap="xsmall", key="run-pictures"):
        for picture in page.pictures[:_MOST_SHOWN]:
            st.image(icon(picture), width=48, alt=picture.name)
    if count > _MOST_SHOWN:
        st.caption(f"and {count - _MOST_SHOWN} more")


def _take(session: Session, files: list[st.runtime.uploaded_file_manager.UploadedFile]) -> None:
    """Read the uploaded files behind a progress bar: forty photos take seconds."""
    page = session.images_page
    refused: list[str] = []
    bar = st.progress(0.0, "Reading the pictures")
    for read, found in enumerate(each_picture(session, files), start=1):
        bar.progress(min(read / max(len(files), read + 1), 1.0), f"Read {read}")
        if isinstance(found, str):
            refused.append(found)
        elif len(page.pictures) < MOST_PICTURES:
            page.pictures.append(found)
        else:
            refused.append(f"A run has room for {MOST_PICTURES} pictures. The rest were left out.")
            break
    for sentence in refused[:_MOST_REFUSED]:
        session.notice(sentence)
    if len(refused) > _MOST_REFUSED:
        session.notice(f"And {len(refused) - _MOST_REFUSED} more files were not added.")
    page.uploads += 1


def draw_questions(session: Session) -> None:
    """Draw the box with a question on each line."""
    page = session.images_page
    st.markdown("**Questions**")
    st.text_area(
        "Questions, one per line",
        value=set_widget("run_questions", page.questions),
        key="run_questions",
        placeholder="One per line",
        height=110,
        label_visibility="collapsed",
        on_change=_keep,
        args=(session,),
    )


def draw_schema_toggle(session: Session) -> None:
    """Draw the switch that sends the schema with each question."""
    page = session.images_page
    text = session.settings.schema
    read = read_schema(text)
    usable = bool(text.strip()) and not read.faults
    st.toggle(
        "Answers follow the schema",
        value=set_widget("run_guided", page.guided and usable),
        key="run_guided",
        disabled=not usable,
        help="The schema from the Guided JSON page is sent with each request, and each answer is "
        "checked against it.",
        on_change=_keep,
        args=(session,),
    )
    if not usable:
        reason = "is not valid" if text.strip() else "is empty"
        st.caption(f"The schema on the Guided JSON page {reason}.")


def draw_start(session: Session) -> None:
    """Draw the expected cost, and the button that starts the run."""
    page = session.images_page
    questions = _questions(session)
    calls = len(page.pictures) * len(questions)
    if calls:
        st.caption(_forecast(session, calls))
    st.button(
        f"Start {counted(calls, 'request')}" if calls else "Start",
        icon=":material/play_arrow:",
        key="run-begin",
        disabled=not calls,
        on_click=_begin,
        args=(session,),
    )
    if not calls:
        st.caption("Add pictures and at least one question.")


def _forecast(session: Session, calls: int) -> str:
    """Return the expected size and cost of a run before it starts."""
    words = sum(len(question) // 4 for question in _questions(session))
    each = model_card.image_tokens + _LEAST_TOKENS + words // max(1, len(_questions(session)))
    load = f"{counted(calls, 'request')}, about {calls * each:,} input tokens"
    if session.backend_name != "cloudflare":
        return f"{load}."
    longest = session.settings.parameters.max_tokens or model_card.default_max_tokens
    cost = model_card.cost(Usage(calls * each, calls * longest))
    return f"{load}; at most ${cost:,.2f} at the documented price."


def run_name(summary: RunSummary[PicturePlan]) -> str:
    """Return the name of an earlier run: its first question."""
    first, *more = summary.plan.questions
    words = first if len(first) <= _LONGEST_NAME else f"{first[: _LONGEST_NAME - 1]}…"
    return escaped(words) + (f" and {len(more)} more" if more else "")


def _questions(session: Session) -> tuple[str, ...]:
    lines = (line.strip() for line in session.images_page.questions.splitlines())
    return tuple(filter(None, lines))


def _keep(session: Session) -> None:
    page = session.images_page
    page.questions = widget("run_questions", "") or ""
    page.guided = bool(widget("run_guided", default=False))


def _empty(session: Session) -> partial[None]:
    return partial(session.images_page.pictures.clear)


def _begin(session: Session) -> None:
    page = session.images_page
    try:
        backend = current_backend(session)
    except InvalidRequestError as error:
        session.notice(explain_missing(session, error))
        return
    settings = replace(session.settings, guided=page.guided, prefill="")
    plan = PicturePlan(
        _questions(session),
        Maker.of(backend),
        settings,
        page.concurrency,
        page.per_minute,
    )
    run = Run(plan, session.owner, tuple(page.pictures))
    try:
        session.conversations.runs.begin(run, session.client(backend))
    except StoreError as error:
        session.notice(f"{error} Nothing was started.")
        return
    page.run = run.id
    page.pictures.clear()
