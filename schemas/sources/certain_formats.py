"""String formats that examples show beyond doubt."""

import re
from collections.abc import Iterable

from ..checks.formats import FORMATS

_SURE = {
    "date": re.compile(r"\d"),
    "date-time": re.compile(r"\d"),
    "uuid": re.compile(r"[0-9a-fA-F]"),
    "email": re.compile(r"[^@\[\]]+@[^@\[\]]+\.[^@\[\]]+$"),
    "uri": re.compile(r"(?:https?|ftp)://\w"),
}
"""How a string must also begin: `a:b` is a valid URI too, but hardly meant as one."""


def sure_format(texts: Iterable[str]) -> str:
    """Return the format that all strings have, or ""."""
    fitting = list(_SURE)
    for text in texts:
        fitting = [name for name in fitting if _has(text, name)]
        if not fitting:
            return ""
    return fitting[0]


def _has(text: str, name: str) -> bool:
    has_format, _ = FORMATS[name]
    return _SURE[name].match(text) is not None and has_format(text)
