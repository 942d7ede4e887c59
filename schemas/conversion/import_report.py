"""The notes of an import: in order, without duplicates, and bounded."""

from workers_ai import Fault
from workers_ai.json_values import Place, path

MOST_NOTES = 1000

ONE_TYPE = "the documented schema allows one type"
NO_FIELD = "the documented shape has no field for it"

_LONGEST_KEY = 64


class ImportReport:
    """Collects what was lost or changed: the first thousand are listed, all are counted."""

    def __init__(self) -> None:
        self._count = 0
        self._listed: dict[Fault, None] = {}

    def add(self, place: Place, sentence: str) -> None:
        """Add a note, unless it is already listed."""
        if len(self._listed) >= MOST_NOTES:
            self._count += 1
            return
        fault = Fault(path(tuple(map(_short, place))), sentence)
        if fault not in self._listed:
            self._listed[fault] = None
            self._count += 1

    def notes(self) -> tuple[Fault, ...]:
        """Return the listed notes in order, and one that counts the rest."""
        more = self._count - len(self._listed)
        rest = (Fault("", f"and {more:,} more"),) if more else ()
        return (*self._listed, *rest)


def quoted(name: str) -> str:
    """Return a name in backticks, for use in a sentence."""
    short = _short(name)
    return f"`{short}`".encode(errors="replace").decode()


def _short(key: int | str) -> int | str:
    if isinstance(key, str) and len(key) > _LONGEST_KEY:
        return f"{key[:_LONGEST_KEY]}…"
    return key
