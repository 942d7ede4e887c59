"""The lists of objects in a JSON value, as tables."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers_ai.json_values import Place, path

MOST_LISTS = 20
_ROOT: Place = ()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of scalar cells; nested values are compact JSON."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def tables(value: Any) -> Mapping[str, Table]:
    """Return the lists of objects in a value by path, outer ones first."""
    found: dict[str, Table] = {}
    level = [(_ROOT, value)]
    while level and len(found) < MOST_LISTS:
        inner: list[tuple[Place, Any]] = []
        for place, part in level:
            if isinstance(part, list) and part and all(isinstance(each, dict) for each in part):
                found[path(place)] = table_of(part)
            if isinstance(part, dict):
                inner += [((*place, name), each) for name, each in part.items()]
            elif isinstance(part, list):
                inner += [((*place, at), each) for at, each in enumerate(part[:MOST_LISTS])]
        level = inner
    return dict(list(found.items())[:MOST_LISTS])


def table_of(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return objects as rows, with a column per name in order of appearance."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return Table(columns, tuple(tuple(_cell(row.get(name)) for name in columns) for row in rows))


def of_one_kind(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which each column has one kind of value; mixed ones become strings."""
    kinds: dict[str, set[type]] = {}
    for row in rows:
        for name, cell in row.items():
            kinds.setdefault(name, set()).add(type(cell))
    mixed = {name for name, found in kinds.items() if not _is_one_kind(found - {type(None)})}
    return [
        {name: _text(cell) if name in mixed else cell for name, cell in row.items()} for row in rows
    ]


def to_csv(value: Any) -> str:
    """Return the outermost list of objects as CSV (RFC 4180); any other value as one row.

    A string that a spreadsheet would treat as a formula gets a leading apostrophe.
    """
    found = next(iter(tables(value).values()), None)
    table = found or table_of([value if isinstance(value, dict) else {"value": value}])
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(map(_harmless, table.columns))
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return file.getvalue()


def _is_one_kind(kinds: set[type]) -> bool:
    return len(kinds) <= 1 or kinds == {int, float}


def _text(cell: Any) -> str | None:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def _harmless(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    if isinstance(cell, bool):
        return json.dumps(cell)
    return "" if cell is None else cell
