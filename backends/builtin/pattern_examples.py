"""Short texts that match patterns."""

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?(?::|P?<\w+>|[a-z-]+:?))?)"
    r"|(?P<class>\[\^?(?:\\.|[^\]\\])*\])|(?P<set>\\(?:[dDwWsS]|[pP]\{[\w=]+\}))"
    r"|(?P<nothing>\\[bBAZz]|[$^])|\\(?P<escaped>.)|(?P<char>.)",
    re.DOTALL,
)
_COUNT = re.compile(r"(?:\{(\d{1,4})(?:,\d*)?\}|([*?])|\+)[?]?")
_LETTERS = "a0A -_.@/:"
_SETS = {"d": "0", "D": "a", "w": "a", "W": "-", "s": " ", "S": "a", "p": "a", "P": "-"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f", "0": "\0"}
_LONGEST = 400


@lru_cache(maxsize=64)
def example_of(pattern: str) -> str:
    """Return a text that the pattern probably matches, without its optional parts.

    It is a hint, not a guarantee: the first alternative is used, and lookarounds are ignored.
    """
    try:
        return _Reader(pattern).choices()[:_LONGEST]
    except RecursionError:
        return ""


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def choices(self) -> str:
        """Read to the end of a group, and return its first alternative."""
        found = [""]
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            if sign in "|)":
                self._at += 1
                if sign == ")":
                    break
                found.append("")
                continue
            found[-1] = (found[-1] + self._one() * self._times())[:_LONGEST]
        return found[0]

    def _one(self) -> str:
        token = _TOKEN.match(self._pattern, self._at)
        if token is None:
            self._at += 1
            return ""
        self._at = token.end()
        kind, text = token.lastgroup, token[0]
        if kind in ("look", "open"):
            inner = self.choices()
            return inner if kind == "open" else ""
        if kind == "class":
            return _member(text)
        if kind == "set":
            return _SETS[text[1]]
        if kind == "escaped":
            return _CONTROLS.get(token["escaped"], token["escaped"])
        return {"nothing": "", "char": "a" if text == "." else text}[str(kind)]

    def _times(self) -> int:
        count = _COUNT.match(self._pattern, self._at)
        if count is None:
            return 1
        self._at = count.end()
        return 0 if count[2] else int(count[1] or 1)


def _member(text: str) -> str:
    try:
        known = re.compile(text)
    except re.error:
        return ""
    own = text[1:-1]
    return next(filter(known.fullmatch, _LETTERS if own.startswith("^") else own + _LETTERS), "")
