"""The next request as code to run elsewhere."""

import io
import zipfile
from urllib.parse import urlsplit

import streamlit as st

from backends import BuiltIn
from conversations import StoreError
from exports import LOCAL_ENDPOINT, Snippet, SnippetSet, write_snippets
from workers_ai import InvalidImageError, InvalidRequestError

from ..chat import send_message
from ..current_backend import current_backend, explain_missing
from ..session import Session, widget
from ..shell.formatting import size
from ..text.markdown_inline import escaped

LARGEST_SHOWN = 60_000
"""The most characters of code shown on the page; longer code can be downloaded."""

_LANGUAGE = "code-language"
_HERE = "code-here"


def draw_code(session: Session, text: str) -> None:
    """Draw the code for the request that sending this text would make."""
    try:
        written = _written(session, text)
    except InvalidRequestError as error:
        st.caption(explain_missing(session, error))
        return
    except (StoreError, InvalidImageError) as error:
        st.caption(f"{error} The code cannot be generated now.")
        return
    titles = {snippet.name: snippet.title for snippet in written.snippets}
    session.code_language = session.code_language if session.code_language in titles else "curl"
    chosen = st.selectbox(
        "Language",
        list(titles),
        index=list(titles).index(session.code_language),
        format_func=titles.__getitem__,
        key=_LANGUAGE,
        label_visibility="collapsed",
        on_change=_choose,
        args=(session,),
    )
    if session.backend_name == "cloudflare":
        st.toggle(
            "Use this app's endpoint",
            key=_HERE,
            value=session.code_here,
            help="The same code, with the URL of the API that this app serves.",
            on_change=_set_here,
            args=(session,),
        )
    _draw_snippet(written[chosen or "curl"])
    for reason in written.absent.values():
        st.caption(escaped(reason))


def endpoint_url() -> str:
    """Return the base URL of this app's endpoint, as seen from the browser."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}/client/v4" if parts.netloc else LOCAL_ENDPOINT


def _written(session: Session, text: str) -> SnippetSet:
    backend = current_backend(session)
    request = send_message.preview(session, text, backend)
    if session.code_here and session.backend_name == "cloudflare":
        backend = BuiltIn()
    return write_snippets(request, backend, base_url=endpoint_url(), images="file")


def _draw_snippet(snippet: Snippet) -> None:
    if snippet.needs:
        st.code(snippet.needs, language="bash")
    if len(snippet.code) <= LARGEST_SHOWN:
        st.code(snippet.code, language=snippet.language, wrap_lines=True)
    else:
        st.caption(f"{size(len(snippet.code))} of code: too long to show here.")
    if snippet.note:
        st.caption(escaped(snippet.note))
    if snippet.files:
        st.caption(f"Files it reads: {escaped(', '.join(snippet.files))}.")
    name = f"{snippet.file_name}.zip" if snippet.files else snippet.file_name
    st.download_button(
        "Download with pictures" if snippet.files else "Download",
        lambda: zip_snippet(snippet) if snippet.files else snippet.code,
        file_name=name,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="download-code",
    )


def zip_snippet(snippet: Snippet) -> bytes:
    """Return the code and the files that it reads, as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(snippet.file_name, snippet.code)
        for name, data in snippet.files.items():
            archive.writestr(name, data)
    return file.getvalue()


def _choose(session: Session) -> None:
    session.code_language = widget(_LANGUAGE, "curl")


def _set_here(session: Session) -> None:
    session.code_here = widget(_HERE, default=False)
