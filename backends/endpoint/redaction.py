"""Removal of the operator's secrets from passing bytes, wherever they are split."""

import json
from collections.abc import Iterable

from workers_ai.redaction import REDACTED


class Redactor:
    """Replaces secrets in a sequence of chunks, including secrets split across chunks.

    The end of a chunk that could start a secret is held back until the next chunk decides. Secrets
    are matched as they are, and as JSON writes them.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {form for secret in secrets if secret for form in (secret, _in_json(secret))}
        self._secrets = sorted((form.encode() for form in spelled), key=len, reverse=True)
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Add a chunk, and return the bytes that are safe to pass on."""
        if self._held:
            data, self._held = self._held + data, b""
        for secret in self._secrets:
            if secret in data:
                data = data.replace(secret, _REDACTED)
        # Events end with a newline, and no secret contains one.
        if not self._secrets or data.endswith(b"\n"):
            return data
        begun = max(_begun(data, secret) for secret in self._secrets)
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun]

    def flush(self) -> bytes:
        """Return the held-back bytes after the last chunk."""
        held, self._held = self._held, b""
        return held

    def whole(self, body: bytes) -> bytes:
        """Return a complete body without its secrets."""
        return self.feed(body) + self.flush()


_REDACTED = REDACTED.encode()


def _in_json(secret: str) -> str:
    return json.dumps(secret)[1:-1]


def _begun(data: bytes, secret: bytes) -> int:
    """Return how many bytes at the end of `data` could be the start of `secret`."""
    longest = min(len(data), len(secret) - 1)
    return next((n for n in range(longest, 0, -1) if secret.startswith(data[-n:])), 0)
