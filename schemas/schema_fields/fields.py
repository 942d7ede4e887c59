"""The form rows of a schema, at any depth, and the faults that belong to each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workers_ai import Fault
from workers_ai.json_values import Place, path

from .field_kinds import kind_of
from .keyword_boxes import unshown_keywords
from .paths import DEFINITIONS, Role, role_of


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One row."""

    place: Place
    """Keys into the schema, such as `("properties", "unit", "items")`; () is the whole schema."""

    slot: str
    """Its position as numbers, which stays the same when something is renamed."""

    role: Role
    name: str
    """"" for the whole schema and for items, which have no name."""

    depth: int
    """0 for the properties of the whole schema, and for definitions."""

    kind: str
    """One of `KINDS`, or `other`."""

    schema: Any
    """The part of the schema at this place."""

    required: bool | None = None
    """None for a part that cannot be required."""

    first: bool = True
    last: bool = True
    """Whether it is the first, or the last, of its siblings."""

    @property
    def in_definitions(self) -> bool:
        """Whether it is a definition or within one."""
        return bool(self.place) and self.place[0] in DEFINITIONS

    @property
    def label(self) -> str:
        """Its name on screen: its own, or `items of` and its owner's."""
        owner = self.place
        while role_of(owner) == "items":
            owner = owner[:-1]
        name = shown_name(str(owner[-1])) if owner else "the whole value"
        return f"items of {name}" if self.role == "items" else name

    @property
    def unshown(self) -> tuple[str, ...]:
        """The keywords that no box of this row shows; edits leave them alone."""
        return unshown_keywords(self.schema, self.kind, whole=self.role == "whole")


def whole_field(schema: Any) -> SchemaField:
    """Return the row of the schema itself."""
    return SchemaField((), "", "whole", "", -1, kind_of(schema), schema)


def fields(schema: Any) -> tuple[SchemaField, ...]:
    """Return all rows, each followed by those inside it; definitions come last.

    References are not followed, so a recursive schema is finite too.
    """
    whole = whole_field(schema)
    if not isinstance(schema, dict):
        return ()
    groups = [key for key in DEFINITIONS if isinstance(schema.get(key), dict)]
    # A stack, not recursion: rows may be nested deeper than Python can call.
    waiting = [each for key in reversed(groups) for each in reversed(list(_named(whole, key)))]
    waiting += reversed(list(_inside(whole)))
    rows = []
    while waiting:
        row = waiting.pop()
        rows.append(row)
        waiting += reversed(list(_inside(row)))
    return tuple(rows)


def definitions(schema: Any) -> tuple[Place, ...]:
    """Return the paths of all definitions."""
    groups = [key for key in DEFINITIONS if isinstance(schema, dict)]
    found = [(key, schema[key]) for key in groups if isinstance(schema.get(key), dict)]
    return tuple((key, name) for key, named in found for name in named)


def shown_name(name: str) -> str:
    """Return a name that can be displayed: lone surrogates become question marks."""
    return name.encode(errors="replace").decode()


def _inside(row: SchemaField) -> Iterator[SchemaField]:
    if row.kind == "object" and isinstance(row.schema.get("properties"), dict):
        yield from _named(row, "properties")
    if row.kind == "array" and isinstance(row.schema.get("items"), dict | bool):
        items, slot = row.schema["items"], f"{row.slot}i"
        place = (*row.place, "items")
        yield SchemaField(place, slot, "items", "", row.depth + 1, kind_of(items), items)


def _named(row: SchemaField, key: str) -> Iterator[SchemaField]:
    members = row.schema[key]
    required = row.schema.get("required")
    names = required if isinstance(required, list) else []
    letter = {"properties": "p", "$defs": "d", "definitions": "e"}[key]
    for at, (name, part) in enumerate(members.items()):
        yield SchemaField(
            place=(*row.place, key, name),
            slot=f"{row.slot}{letter}{at}",
            role="property" if key == "properties" else "definition",
            name=name,
            depth=row.depth + 1,
            kind=kind_of(part),
            schema=part,
            required=name in names if key == "properties" else None,
            first=at == 0,
            last=at == len(members) - 1,
        )


def faults_by_place(
    faults: Iterable[Fault], rows: Sequence[SchemaField]
) -> dict[Place, list[Fault]]:
    """Group faults by the path of their row; faults outside all rows go under ().

    Their paths then count from that place: `properties.unit.minimum` is `minimum` in its row.
    """
    known = {path(row.place): row.place for row in rows}
    found: dict[Place, list[Fault]] = {}
    for fault in faults:
        start = max((each for each in known if _leads_into(each, fault.path)), key=len, default="")
        rest = fault.path[len(start) :].removeprefix(".")
        found.setdefault(known.get(start, ()), []).append(Fault(rest, fault.message))
    return found


def _leads_into(start: str, whole: str) -> bool:
    return whole == start or whole.startswith((f"{start}.", f"{start}["))
