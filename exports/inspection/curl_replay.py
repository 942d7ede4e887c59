"""The curl command that repeats a request."""

import re

from workers_ai.call_trace import CallTrace
from workers_ai.redaction import REDACTED

from ..code_snippets.quoting import in_here_document, shell_word
from .redaction import encoded_forms

API_TOKEN = "CLOUDFLARE_API_TOKEN"  # noqa: S105 - the name of the variable

_BY_CURL = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept", "accept-encoding"}
)
"""Headers that curl adds automatically, or that concern a single connection."""


def to_curl(trace: CallTrace, variable: str = API_TOKEN) -> str:
    """Return the request as a command for a POSIX shell.

    It reads secrets from the environment: the backend's own from `variable`, others from a variable
    named after their header. The body is in a here-document.
    """
    streams = any("text/event-stream" in each for each in trace.response_headers.values())
    lines = [
        f"curl --globoff{' --no-buffer' if streams else ''} --fail-with-body",
        _word(trace.url, trace, variable),
        *(
            f"--header {_header(name, value, trace, variable)}"
            for name, value in trace.request_headers.items()
            if name.lower() not in _BY_CURL
        ),
    ]
    if not trace.request_body:
        return " \\\n  ".join(lines) + "\n"
    body = trace.request_body.decode("utf-8", "replace")
    delimiter = _delimiter(body)
    document, quoted = _document(body, trace, variable)
    lines.append(f"--data-binary @- <<{shell_word(delimiter) if quoted else delimiter}")
    return " \\\n  ".join(lines) + f"\n{document}\n{delimiter}\n"


def _header(name: str, value: str, trace: CallTrace, variable: str) -> str:
    lowered = name.lower()
    if value != REDACTED:
        return _word(f"{name}: {value}", trace, variable)
    if lowered == "authorization":
        return f'"{name}: Bearer ${{{variable}}}"'
    return f'"{name}: ${{{_variable_of(name)}}}"'


def _word(text: str, trace: CallTrace, variable: str) -> str:
    """Return a string as one word, its secrets and redactions as variables in double quotes."""
    pieces = _cut(text, [*trace.secrets, REDACTED])
    return f'"${{{variable}}}"'.join(shell_word(_hidden(piece, trace)) for piece in pieces)


def _document(body: str, trace: CallTrace, variable: str) -> tuple[str, bool]:
    """Return the body as a here-document, and whether the shell must not expand it."""
    pieces = [_hidden(piece, trace) for piece in _cut(body, trace.secrets)]
    if len(pieces) == 1:
        return pieces[0], True
    return f"${{{variable}}}".join(map(in_here_document, pieces)), False


def _cut(text: str, secrets: list[str] | tuple[str, ...]) -> list[str]:
    known = sorted(filter(None, secrets), key=len, reverse=True)
    return re.split("|".join(map(re.escape, known)), text) if known else [text]


def _hidden(text: str, trace: CallTrace) -> str:
    """Redact escaped secrets; the rest stays as sent."""
    for form in sorted(encoded_forms(trace.secrets), key=len, reverse=True):
        text = text.replace(form, REDACTED)
    return text


def _delimiter(body: str) -> str:
    """Return a word that does not occur as a line of the body."""
    lines = set(body.splitlines())
    delimiter = "JSON"
    while delimiter in lines:
        delimiter += "_"
    return delimiter


def _variable_of(name: str) -> str:
    return re.sub(r"\W", "_", name.upper())
