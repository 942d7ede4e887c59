r"""Translates JSON Schema's regular expressions (ECMA-262, flag u) for other engines.

The differences that count: `\d` and `\w` are ASCII, `$` matches only at the very end, `.` stops
at four line terminators, and `[` and `&&` are literal inside a class. Lenient where people are:
`(?P<n>…)`, `(?i)`, `\A`, `\Z` and a lone brace mean what their author meant.
"""

import re
import sys
from dataclasses import dataclass

_LAST = chr(sys.maxunicode)
_ANY_LINE = "[^\n\r\u2028\u2029]"
_SPACES = "\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NO_SPACES = (
    "\x00-\x08\x0e-\x1f!-\x9f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    f"\u2060-\u2fff\u3001-\ufefe\uff00-{_LAST}"
)
_SETS = {
    "d": "0-9",
    "D": f"\x00-/:-{_LAST}",
    "w": "0-9A-Z_a-z",
    "W": rf"\x00-/:-@\x5b-\x5e\x60{{-{_LAST}",
    "s": _SPACES,
    "S": _NO_SPACES,
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f", "0": "\0"}
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]|P?<(?P<name>\w+)>|(?P<flags>[a-z-]+[:)])))?")
_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}|[*+?]")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})")
_LOW = re.compile(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})")
_PROPERTY = re.compile(r"[pP]\{(?:(\w+)=)?(\w+)\}")
_HIGH_SURROGATES = range(0xD800, 0xDC00)


class PatternError(ValueError):
    """The text is not a regular expression; the message says why."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One pattern for two engines."""

    linear: str | None
    """None if it looks around or refers back, which takes a backtracking engine."""

    backtracking: str
    size: int
    """Roughly how many states the linear engine needs, with counted repetitions expanded."""


class Translator:
    """Reads a pattern once, left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._linear: list[str] = []
        self._backtracking: list[str] = []
        self._is_linear = True
        self._groups: list[str] = []
        self._sizes = [0]
        self._last = 0

    def translate(self) -> Translation:
        """Return the pattern for both engines, or raise PatternError."""
        while self._at < len(self._pattern):
            self._step(self._pattern[self._at])
        return Translation(
            "".join(self._linear) if self._is_linear else None,
            "".join(self._backtracking),
            self._sizes[-1],
        )

    def _step(self, char: str) -> None:
        if count := _COUNT.match(self._pattern, self._at):
            self._repeat(count)
            return
        self._at += 1
        if char == "(":
            self._open()
        elif char == ")":
            self._emit(")")
            inner = self._sizes.pop() if len(self._sizes) > 1 else 0
            self._sizes[-1] += inner
            self._last = max(1, inner)
        elif char == "[":
            self._class()
        elif char == "\\":
            self._escape()
        elif char in "^|":
            self._emit(char)
            self._last = 0
        elif char == "$":
            self._emit("$")
            self._last = 0
        else:
            self._atom(_ANY_LINE if char == "." else literal(char))

    def _emit(self, linear: str, backtracking: str | None = None) -> None:
        self._linear.append(linear)
        self._backtracking.append(linear if backtracking is None else backtracking)

    def _atom(self, linear: str, backtracking: str | None = None) -> None:
        self._emit(linear, backtracking)
        self._sizes[-1] += 1
        self._last = 1

    def _repeat(self, count: re.Match[str]) -> None:
        if not self._last:
            raise PatternError(f"{count[0]} has nothing to repeat")
        self._at = count.end()
        lazy = self._pattern.startswith("?", self._at)
        self._at += lazy
        most = int(count[3] or count[1] or 1) if len(count[0]) < len("{000000,000000}") else None
        if most is None or (count[3] and int(count[1]) > int(count[3])):
            raise PatternError(f"{count[0]} is not a valid repetition count")
        self._emit(count[0] + "?" * lazy)
        self._sizes[-1] += self._last * max(0, most - 1)
        self._last = 0

    def _open(self) -> None:
        group = _GROUP.match(self._pattern, self._at - 1)
        if group is None or (group.end() == self._at and self._pattern.startswith("?", self._at)):
            raise PatternError("a group starts with unknown syntax")
        self._at = group.end()
        if group[0].endswith(("=", "!")):
            self._is_linear = False
        if group[0] == "(" or group["name"]:
            self._groups.append(group["name"] or "")
            self._emit("(")
        else:
            self._emit(group[0])
        if not group[0].endswith(")"):
            self._sizes.append(0)
        self._last = 0

    def _escape(self) -> None:
        char = self._pattern[self._at : self._at + 1]
        if char in {"A", "Z", "z", "b", "B"}:
            self._at += 1
            ends = {"A": (r"\A", "^"), "Z": (r"\z", "$"), "z": (r"\z", "$")}
            self._emit(*ends.get(char, (rf"(?-u:\{char})", rf"\{char}")))
            self._last = 0
        elif backward := re.compile(r"k<(\w+)>|[1-9]\d?").match(self._pattern, self._at):
            self._at = backward.end()
            self._is_linear = False
            self._atom("", rf"(?:\{self._number(backward)})")
        else:
            found, alone = self._member()
            self._atom(found if alone else f"[{found}]")

    def _number(self, backward: re.Match[str]) -> str:
        """Return the number of the group that a reference names."""
        if not backward[1]:
            return backward[0]
        if backward[1] not in self._groups:
            raise PatternError(f"there is no group {backward[1]} before its reference")
        return str(self._groups.index(backward[1]) + 1)

    def _member(self) -> tuple[str, bool]:
        """Read an escape that is also valid in a class; the flag says if it is one character."""
        char = self._pattern[self._at : self._at + 1]
        if char in _SETS:
            self._at += 1
            return _SETS[char], False
        if known := _PROPERTY.match(self._pattern, self._at):
            self._at = known.end()
            return f"\\{known[0]}", False
        return literal(self._character(char)), True

    def _character(self, char: str) -> str:
        if written := _HEX.match(self._pattern, self._at):
            self._at = written.end()
            return self._code_point(int(written[1] or written[2] or written[3], 16))
        control = self._pattern[self._at + 1 : self._at + 2]
        if char == "c" and control.isascii() and control.isalpha():
            self._at += 2
            return chr(ord(control) % 32)
        if not char or (char.isascii() and char.isalnum() and char not in _CONTROLS):
            raise PatternError(f"\\{char} is not a known escape")
        self._at += 1
        return _CONTROLS.get(char, char)

    def _code_point(self, number: int) -> str:
        low = _LOW.match(self._pattern, self._at)
        if number in _HIGH_SURROGATES and low:
            self._at = low.end()
            number = 0x10000 + ((number - 0xD800) << 10) + int(low[1], 16) - 0xDC00
        if number > sys.maxunicode:
            raise PatternError("that character does not exist")
        return chr(number)

    def _class(self) -> None:
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        members: list[tuple[str, bool]] = []
        while (char := self._pattern[self._at : self._at + 1]) != "]":
            if not char:
                raise PatternError("a [ is never closed")
            self._at += 1
            members.append(self._class_member(char))
        self._at += 1
        if not members:
            everything = f"[\x00-{_LAST}]"
            self._atom(everything if negated else f"[^\x00-{_LAST}]")
            return
        self._atom(f"{'[^' if negated else '['}{_ranges(members)}]")

    def _class_member(self, char: str) -> tuple[str, bool]:
        if char != "\\":
            return ("-", False) if char == "-" else (literal(char), True)
        if self._pattern.startswith("b", self._at):
            self._at += 1
            return literal("\b"), True
        return self._member()


def _ranges(members: list[tuple[str, bool]]) -> str:
    """Join members, treating a hyphen as a range only between two characters."""
    parts: list[str] = []
    at = 0
    while at < len(members):
        found, alone = members[at]
        after = members[at + 1 : at + 3]
        if found == "-":
            parts.append(literal("-"))
        elif alone and len(after) == 2 and after[0][0] == "-" and _ends(after[1]):  # noqa: PLR2004
            end = literal("-") if after[1][0] == "-" else after[1][0]
            parts.append(f"{found}-{end}")
            at += 2
        else:
            parts.append(found)
        at += 1
    return "".join(parts)


def _ends(member: tuple[str, bool]) -> bool:
    return member[1] or member[0] == "-"


def literal(char: str) -> str:
    """Return a character escaped so that every engine takes it literally."""
    if char.isascii() and not char.isalnum():
        return f"\\x{ord(char):02x}"
    return char
