"""A request that was made, as a command of curl that makes it again."""

import re

from workers_ai import REDACTED, Exchange

from ..snippets.quoting import in_here_document, shell_word
from .redaction import written_forms

API_TOKEN = "CLOUDFLARE_API_TOKEN"  # noqa: S105 - the name of the variable

_BY_CURL = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept", "accept-encoding"}
)
"""Headers that curl writes by itself, or that only concern one connection."""


def to_curl(exchange: Exchange, variable: str = API_TOKEN) -> str:
    """Write the request as a command for a POSIX shell.

    Secrets are read from the environment when it runs: the backend's own from `variable`, others
    from one that is named after their header. The body comes from a here-document.
    """
    streams = any("text/event-stream" in each for each in exchange.response_headers.values())
    lines = [
        f"curl --globoff{' --no-buffer' if streams else ''} --fail-with-body",
        _word(exchange.url, exchange, variable),
        *(
            f"--header {_header(name, value, exchange, variable)}"
            for name, value in exchange.request_headers.items()
            if name.lower() not in _BY_CURL
        ),
    ]
    if not exchange.request_body:
        return " \\\n  ".join(lines) + "\n"
    body = exchange.request_body.decode("utf-8", "replace")
    mark = _mark(body)
    document, quoted = _document(body, exchange, variable)
    lines.append(f"--data-binary @- <<{shell_word(mark) if quoted else mark}")
    return " \\\n  ".join(lines) + f"\n{document}\n{mark}\n"


def _header(name: str, value: str, exchange: Exchange, variable: str) -> str:
    lowered = name.lower()
    if value != REDACTED:
        return _word(f"{name}: {value}", exchange, variable)
    if lowered == "authorization":
        return f'"{name}: Bearer ${{{variable}}}"'
    return f'"{name}: ${{{_variable_of(name)}}}"'


def _word(text: str, exchange: Exchange, variable: str) -> str:
    """Write a text as one word. What is a secret, or was one, is a variable in double quotes."""
    pieces = _cut(text, [*exchange.secrets, REDACTED])
    return f'"${{{variable}}}"'.join(shell_word(_hidden(piece, exchange)) for piece in pieces)


def _document(body: str, exchange: Exchange, variable: str) -> tuple[str, bool]:
    """Return the body as a here-document, and whether the shell must not look into it."""
    pieces = [_hidden(piece, exchange) for piece in _cut(body, exchange.secrets)]
    if len(pieces) == 1:
        return pieces[0], True
    return f"${{{variable}}}".join(map(in_here_document, pieces)), False


def _cut(text: str, secrets: list[str] | tuple[str, ...]) -> list[str]:
    known = sorted(filter(None, secrets), key=len, reverse=True)
    return re.split("|".join(map(re.escape, known)), text) if known else [text]


def _hidden(text: str, exchange: Exchange) -> str:
    """Take out the secrets that stand escaped; the rest is what was sent."""
    for form in sorted(written_forms(exchange.secrets), key=len, reverse=True):
        text = text.replace(form, REDACTED)
    return text


def _mark(body: str) -> str:
    """Return a word that is no line of the body."""
    lines = set(body.splitlines())
    mark = "JSON"
    while mark in lines:
        mark += "_"
    return mark


def _variable_of(name: str) -> str:
    return re.sub(r"\W", "_", name.upper())
