"""Placeholder texts for fields with a pattern or format, if the conversation has no value."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from schemas import check_answer

from .pattern_examples import example_of

NEUTRAL: Final[Mapping[str, str]] = {
    "date": "2000-01-01",
    "time": "00:00:00Z",
    "date-time": "2000-01-01T00:00:00Z",
    "duration": "PT0S",
    "email": "unknown@example.com",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "uri": "https://example.com/",
}
"""A neutral text for each format; the addresses are reserved for examples."""

_MOST_TRIED = 40
_WORD = re.compile(r"[^\s,;()\"'“”`]+(?<![.:!?])")


def placeholder(part: Mapping[str, Any]) -> str | None:
    """Return a text that follows a pattern or a format; None without either, or if none is found.

    Texts from the schema come first: a default, an example, a word of the description.
    """
    if "pattern" not in part and part.get("format") not in NEUTRAL:
        return None
    tried = islice(_texts(part), _MOST_TRIED)
    return next((text for text in tried if not check_answer(text, part)), None)


def _texts(part: Mapping[str, Any]) -> Iterator[str]:
    examples = part.get("examples")
    said = [part.get("default"), *(examples if isinstance(examples, list) else ())]
    yield from (text for text in said if isinstance(text, str))
    yield from _WORD.findall(str(part.get("description") or ""))
    if part.get("format") in NEUTRAL:
        yield NEUTRAL[part["format"]]
    elif isinstance(part.get("pattern"), str):
        yield example_of(part["pattern"])
