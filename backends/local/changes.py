"""The changes to a request on its way to an engine, listed in a header of the answer."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

CHANGES_HEADER = "x-cabochon-changes"
"""The header of an answer that lists the changes, as JSON."""

SENT_TO_HEADER = "x-cabochon-sent-to"
"""The header of an answer that names the engine's own address."""


class Change(NamedTuple):
    """One thing that was left out of a request, added to it, or sent differently."""

    path: str
    """Its path in the request, such as `messages[0].content[1]`."""

    sentence: str
    """What was changed, and why."""


def changes_header(changes: Iterable[Change]) -> str:
    """Return the value of the header for these changes."""
    return json.dumps(list(changes), separators=(",", ":"))


def read_changes(headers: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the changes listed in an answer's headers, which a `CallTrace` keeps.

    An answer that did not come from an engine has none.
    """
    listed = json.loads(headers.get(CHANGES_HEADER, "[]"))
    return tuple(Change(path, sentence) for path, sentence in listed)
