"""A schema being edited: which entries were refused, and where renamed parts went."""

from collections.abc import Callable
from typing import Any, NamedTuple

from workers_ai.json_values import Place

from .field_kinds import set_kind
from .fields import shown_name
from .keyword_boxes import text_of, with_text
from .paths import SchemaEditError, part_at
from .reorder import rename

NAME = "name"
"""The box of a field's name, next to those of its keywords."""

Change = Callable[[Any, Place], Any]
"""An operation: it takes a schema and a place, and returns the new schema."""


class RowAnchor(NamedTuple):
    """Where a row was when it was drawn."""

    place: Place
    edition: int


class Refusal(NamedTuple):
    """Text in a box that the schema did not accept."""

    text: str
    reason: str
    instead_of: str
    """The box's text according to the schema. Once that changes, the refusal is void."""


class SchemaDraft:
    """The schema on screen.

    Edits can arrive late, from rows drawn before something was renamed. So each carries the anchor
    of its row, which is followed to where the part is now.
    """

    def __init__(self, schema: Any = None) -> None:
        self.schema = schema
        self.problem = ""
        """Why the last edit was refused, if no box shows it."""

        self._refusals: dict[tuple[Place, str], Refusal] = {}
        self._renames: list[tuple[Place, Place]] = []

    def anchor(self, place: Place) -> RowAnchor:
        """Return an anchor for the part that is now at a path."""
        return RowAnchor(place, len(self._renames))

    def edit(self, mark: RowAnchor, change: Change) -> bool:
        """Apply an operation; return False if it was refused, with the reason in `problem`."""
        self.problem = ""
        try:
            self.schema = change(self.schema, self._now(mark))
        except SchemaEditError as error:
            self.problem = error.message
            return False
        self._forget(lambda place: not _is_there(self.schema, place))
        return True

    def set_kind(self, mark: RowAnchor, kind: str) -> bool:
        """Change the kind of a part; refusals within it become void."""
        here = self._now(mark)
        self._forget(lambda place: _within(place, here))
        return self.edit(mark, lambda schema, place: set_kind(schema, place, kind))

    def set_text(self, mark: RowAnchor, keyword: str, text: str) -> bool:
        """Apply the text of a keyword's box, or remember why it was refused."""
        self._refusals.pop((self._now(mark), keyword), None)
        done = self.edit(mark, lambda schema, place: with_text(schema, place, keyword, text))
        return done or self._refuse(mark, keyword, text)

    def rename(self, mark: RowAnchor, name: str) -> bool:
        """Apply the text of a name's box, or remember why it was refused."""
        old = self._now(mark)
        self._refusals.pop((old, NAME), None)
        kept = self._refusals
        if not self.edit(mark, lambda schema, place: rename(schema, place, name)):
            return self._refuse(mark, NAME, name)
        new = (*old[:-1], name)
        if new != old:
            self._renames.append((old, new))
        self._refusals = {(_led(at, old, new), box): it for (at, box), it in kept.items()}
        return True

    def refusal(self, place: Place, box: str) -> Refusal | None:
        """Return what was refused in a box, if that is still current."""
        found = self._refusals.get((place, box))
        return found if found and found.instead_of == self.text(place, box) else None

    def text(self, place: Place, box: str) -> str:
        """Return a box's text according to the schema."""
        if box == NAME:
            return shown_name(str(place[-1]))
        return text_of(part_at(self.schema, place), box)

    def _refuse(self, mark: RowAnchor, box: str, text: str) -> bool:
        place = self._now(mark)
        # If the row is gone, only `problem` can show the reason.
        if _is_there(self.schema, place):
            self._refusals[place, box] = Refusal(text, self.problem, self.text(place, box))
            self.problem = ""
        return False

    def _forget(self, is_void: Callable[[Place], bool]) -> None:
        kept = {at: it for at, it in self._refusals.items() if not is_void(at[0])}
        self._refusals = kept

    def _now(self, mark: RowAnchor) -> Place:
        place = mark.place
        for old, new in self._renames[mark.edition :]:
            place = _led(place, old, new)
        return place


def _is_there(schema: Any, place: Place) -> bool:
    try:
        part_at(schema, place)
    except SchemaEditError:
        return False
    return True


def _within(place: Place, outer: Place) -> bool:
    return place[: len(outer)] == outer


def _led(place: Place, old: Place, new: Place) -> Place:
    return (*new, *place[len(old) :]) if _within(place, old) else place
