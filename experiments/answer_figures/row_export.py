"""Export of rows of figures as CSV, JSON or Markdown."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from schemas import table_of, to_csv

RowForm = Literal["csv", "json", "markdown"]

ROW_FORMS: tuple[RowForm, ...] = get_args(RowForm)

_MARKUP = re.compile(r"[\\`*_\[\]<>|&~$]")


def export_rows(rows: Sequence[Mapping[str, Any]], form: RowForm) -> str:
    """Return rows of scalars as a file, with a column for each name; without rows, "".

    Unknown values are empty cells, and null in JSON. Text stays text: it never becomes a formula in
    a spreadsheet, or markup in Markdown.
    """
    if form == "json":
        return json.dumps(list(map(dict, rows)), ensure_ascii=False, indent=2, allow_nan=False)
    if not rows:
        return ""
    plain = list(map(dict, rows))
    return to_csv(plain) if form == "csv" else _markdown(plain)


def _markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    table = table_of(rows)
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4g}"
    if not isinstance(cell, str):
        return json.dumps(cell)
    return _MARKUP.sub(r"\\\g<0>", " ".join(cell.split()))
