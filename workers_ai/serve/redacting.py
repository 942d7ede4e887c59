"""Taking the operator's secrets out of bytes that pass, however they are cut."""

import json
from collections.abc import Iterable

from ..secrets import REDACTED


class Redactor:
    """Replaces secrets in a row of chunks; one that is cut in two is found as well.

    A chunk's end that a secret may begin with is held back until the next chunk tells. Secrets are
    looked for as they are, and as JSON writes them.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {form for secret in secrets if secret for form in (secret, _in_json(secret))}
        self._secrets = sorted((form.encode() for form in spelled), key=len, reverse=True)
        self._held = b""

    def take(self, data: bytes) -> bytes:
        """Return what may be passed on of all that has come."""
        if self._held:
            data, self._held = self._held + data, b""
        for secret in self._secrets:
            if secret in data:
                data = data.replace(secret, _REDACTED)
        # Events end with a line, and no secret holds one.
        if not self._secrets or data.endswith(b"\n"):
            return data
        begun = max(_begun(data, secret) for secret in self._secrets)
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun]

    def rest(self) -> bytes:
        """Return what was held back, once nothing more comes."""
        held, self._held = self._held, b""
        return held

    def whole(self, body: bytes) -> bytes:
        """Return a body that came in one piece."""
        return self.take(body) + self.rest()


_REDACTED = REDACTED.encode()


def _in_json(secret: str) -> str:
    return json.dumps(secret)[1:-1]


def _begun(data: bytes, secret: bytes) -> int:
    """Return how many bytes at the end of `data` may be the beginning of `secret`."""
    longest = min(len(data), len(secret) - 1)
    return next((n for n in range(longest, 0, -1) if secret.startswith(data[-n:])), 0)
