"""Redaction of secrets in inspected calls, even where they are escaped."""

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

import httpx

from workers_ai.redaction import redact

_PERCENT = re.compile(r"%[0-9A-F]{2}")
_SOMEWHERE = httpx.URL("http://host.invalid")


def redact_all_forms(text: str, secrets: Iterable[str]) -> str:
    """Return the text without the secrets, however a server or a URL has encoded them."""
    return redact(text, encoded_forms(secrets))


def encoded_forms(secrets: Iterable[str]) -> set[str]:
    """Return every form in which a secret can appear: plain, in JSON, in a URL, in HTML."""
    return {form for secret in filter(None, secrets) for form in _forms(secret)}


def _forms(secret: str) -> set[str]:
    in_json = json.dumps(secret)[1:-1]
    in_url = quote(secret, safe="")
    return {
        secret,
        in_json,
        in_json.replace("/", "\\/"),
        json.dumps(in_json)[1:-1],
        in_url,
        _SOMEWHERE.copy_with(path=f"/{secret}").raw_path.decode()[1:],
        _SOMEWHERE.copy_with(query=secret.encode()).query.decode(),
        _PERCENT.sub(lambda match: match[0].lower(), in_url),
        html.escape(secret),
    }
