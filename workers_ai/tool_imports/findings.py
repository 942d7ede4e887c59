"""What an import tells besides the tools: gathered once each, in order, and bounded."""

from ..errors import Fault
from ..faults import path
from ..json_values import Place

MOST_TOLD = 1000

ONE_TYPE = "the documented schema takes one type"
NO_PLACE = "it has no place in the documented shape"

_LONGEST_KEY = 64


class Findings:
    """Gathers what was lost or mended: the first thousand are told, all are counted."""

    def __init__(self) -> None:
        self._count = 0
        self._listed: dict[Fault, None] = {}

    def tell(self, place: Place, sentence: str) -> None:
        """Note one thing, once."""
        if len(self._listed) >= MOST_TOLD:
            self._count += 1
            return
        fault = Fault(path(tuple(map(_short, place))), sentence)
        if fault not in self._listed:
            self._listed[fault] = None
            self._count += 1

    def told(self) -> tuple[Fault, ...]:
        """Return them in their order, and how many there are besides."""
        more = self._count - len(self._listed)
        rest = (Fault("", f"and {more:,} more"),) if more else ()
        return (*self._listed, *rest)


def quoted(name: str) -> str:
    """Name a thing of the text within a sentence."""
    short = _short(name)
    return f"`{short}`".encode(errors="replace").decode()


def _short(key: int | str) -> int | str:
    if isinstance(key, str) and len(key) > _LONGEST_KEY:
        return f"{key[:_LONGEST_KEY]}…"
    return key
