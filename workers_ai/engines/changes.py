"""What a request did not keep on its way to an engine, told in a header of the answer."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

CHANGES = "x-cabochon-changes"
"""The header of an answer that lists the changes, as JSON."""

SENT_TO = "x-cabochon-sent-to"
"""The header of an answer that names the engine's own address."""


class Change(NamedTuple):
    """One thing that was left out of a request, added to it or sent in another way."""

    path: str
    """Where it stands in the request, as `messages[0].content[1]`."""

    sentence: str
    """What became of it, and why."""


def written_changes(changes: Iterable[Change]) -> str:
    """Write changes as the header has them."""
    return json.dumps(list(changes), separators=(",", ":"))


def read_changes(headers: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the changes that an answer tells in its headers, which an `Exchange` keeps.

    An answer that went through no engine has none.
    """
    told = json.loads(headers.get(CHANGES, "[]"))
    return tuple(Change(path, sentence) for path, sentence in told)
