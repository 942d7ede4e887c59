"""Redaction of secrets in everything that is shown, logged or stored."""

import re
from collections.abc import Iterable, Mapping

REDACTED = "[redacted]"

_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"',;]+")
_SECRET_HEADERS = frozenset(
    {"authorization", "cf-aig-authorization", "cookie", "set-cookie", "x-auth-key", "x-auth-email"}
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without these secrets, and without anything after `Bearer`."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return _BEARER.sub(rf"\g<1>{REDACTED}", text)


def redact_headers(headers: Mapping[str, str], secrets: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers without secrets."""
    known = tuple(secrets)
    return {
        name: REDACTED if name.lower() in _SECRET_HEADERS else redact(value, known)
        for name, value in headers.items()
    }
