"""The current position in a JSON text that is being written."""

from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(slots=True)
class _Frame:
    kind: str
    key: str = ""
    count: int = 0
    keys: list[str] = field(default_factory=list)


class Cursor:
    """A position in JSON, updated byte by byte; a grammar ensures that the text is valid."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._escaped = False
        self.in_string = False
        self.in_key = False
        self.expects_key = False
        self.value_done = False
        self.text = b""
        """The current string so far, in its JSON spelling."""

        self.scalar = ""
        """The number or literal that is being written, outside strings."""

    @property
    def depth(self) -> int:
        """The number of open objects and arrays."""
        return len(self._frames)

    @property
    def path(self) -> Path:
        """The keys and positions that lead to the current value."""
        return tuple(f.count if f.kind == "[" else f.key for f in self._frames)

    @property
    def in_array(self) -> bool:
        """Whether the innermost open container is an array."""
        return bool(self._frames) and self._frames[-1].kind == "["

    @property
    def count(self) -> int:
        """The number of members before the current one in the innermost container."""
        return self._frames[-1].count if self._frames else 0

    @property
    def keys(self) -> list[str]:
        """The keys of the innermost object so far."""
        return self._frames[-1].keys if self._frames else []

    def repeats_key(self, more: bytes = b"") -> bool:
        """Return whether the key would be a duplicate in its object if it ended after `more`."""
        return self.in_key and (self.text + more).decode("utf-8", "replace") in self.keys

    def feed(self, data: bytes) -> None:
        """Advance by some bytes, which may end within a character."""
        for letter in data.decode("latin-1"):
            (self._inside if self.in_string else self._outside)(letter)

    def _inside(self, letter: str) -> None:
        if letter == '"' and not self._escaped:
            self._end_string()
            return
        self._escaped = letter == "\\" and not self._escaped
        self.text += letter.encode("latin-1")

    def _end_string(self) -> None:
        self.in_string = False
        if self.in_key:
            self._frames[-1].key = self.text.decode("utf-8", "replace")
            self._frames[-1].keys.append(self._frames[-1].key)
        self.value_done = not self.in_key
        self.in_key = False

    def _outside(self, letter: str) -> None:
        if letter == '"':
            self.in_string, self.in_key, self.text = True, self.expects_key, b""
        elif letter in "{[":
            self._frames.append(_Frame(letter))
        elif letter in "}]":
            self._frames.pop()
        elif letter == ",":
            self._frames[-1].count += 1
        if letter in "{[}],:":
            self.expects_key = letter == "{" or (letter == "," and not self.in_array)
            self.value_done = letter in "}]"
        self.scalar = self.scalar + letter if letter.isalnum() or letter in "+-." else ""
