"""The schema of a CSV table: each row is an object, each column a property."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..checks.formats import CHECKED_FORMATS
from ..conversion.import_report import ImportReport, quoted
from .inference_result import SchemaSourceError
from .json_examples import nullable

SEPARATORS = ",;\t|"
MOST_COLUMNS = 500

_TRIED = 20
"""Rows examined to find the separator."""

_MOST_WORDS = 4
_ALIKE = 0.5
"""The share of rows as wide as the header, from which long words in it are questions, not prose."""

_DASHES = re.compile(r"[\s|:-]+").fullmatch
_MARKUP = re.compile(r"\s*<[!?/A-Za-z]")

_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(0|[1-9]\d{0,17})(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_IS_DATE, _ = CHECKED_FORMATS["date"]

Schema = dict[str, Any]


Row = tuple[int, list[str]]
"""The number of the line on which a row ends, and its cells."""


class Table(NamedTuple):
    """A header and its rows."""

    header: list[str]
    rows: list[Row]


def read_table(text: str) -> Table | None:
    """Return the table in a text, or None if it is not one with two or more columns.

    Raises SchemaSourceError with a line if the table's quotes are wrong.
    """
    text = _without_frame(text)
    separator = "" if _MARKUP.match(text) else _separator(text)
    if not separator:
        return None
    found: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found += ((reader.line_num, row) for row in reader if any(map(str.strip, row)))
    except csv.Error as error:
        message = f"This CSV cannot be read at line {reader.line_num}: {error}."
        raise SchemaSourceError(message, line=reader.line_num) from error
    if not found:
        return None
    (_, header), *rows = found
    if not any(header[1:]) or any(map(_is_code, header)) or _is_prose(header, rows):
        return None
    return Table(header, rows)


def schema_of_table(table: Table, findings: ImportReport) -> Schema:
    """Return the schema of a list with an object per row; guesses are reported."""
    if len(table.header) > MOST_COLUMNS:
        raise SchemaSourceError(f"The table has more than {MOST_COLUMNS} columns.")
    names = _names(table.header, findings)
    _tell_of_rows(table, findings)
    columns = _columns(table)
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                name: _column(name, cells, findings)
                for name, cells in zip(names, columns, strict=True)
            },
            "required": names,
            "additionalProperties": False,
        },
    }


def _separator(text: str) -> str:
    """Return the separator that splits most rows like the header, then into most columns, or ""."""
    lines = [line for line in text.splitlines()[: 10 * _TRIED] if line.strip()][:_TRIED]
    best, most = "", (0, 1)
    for separator in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        except csv.Error:
            continue
        width = widths[0] if widths else 0
        if width > 1 and (widths.count(width), width) > most:
            best, most = separator, (widths.count(width), width)
    return best


def _without_frame(text: str) -> str:
    """Return the rows of a Markdown table without its outer bars and its line of dashes."""
    lines = text.strip().splitlines()
    if not all(line.strip().startswith("|") for line in lines):
        return text
    return "\n".join(line.strip()[1:].removesuffix("|") for line in lines if not _DASHES(line))


def _is_code(cell: str) -> bool:
    return "{" in cell or cell.rstrip().endswith(";")


def _is_prose(header: Sequence[str], rows: Sequence[Row]) -> bool:
    """Return whether the header reads like a sentence; a form's questions are no sentence."""
    cells = [words for cell in header if (words := cell.split())]
    if any(words[-1][-1] == "." and len(words) > 2 for words in cells):  # noqa: PLR2004 - not "Item no."
        return True
    alike = sum(len(row) == len(header) for _, row in rows)
    return alike <= _ALIKE * len(rows) and any(
        len(words) > _MOST_WORDS
        or words[0][-1] == ":"
        or (len(words) > 1 and words[-1][-1] in ".!?")
        for words in cells
    )


def _names(header: list[str], findings: ImportReport) -> list[str]:
    given = [" ".join(cell.split()) for cell in header]
    taken, names = set(given), []
    for at, name in enumerate(given, start=1):
        own = _fresh(name or f"column_{at}", taken) if not name or name in names else name
        if own != name:
            reason = (
                f"column {at} was also named {quoted(name)}" if name else f"column {at} had no name"
            )
            findings.add(("items", own), reason)
        taken.add(own)
        names.append(own)
    return names


def _fresh(name: str, taken: set[str]) -> str:
    own, number = name, 1
    while own in taken:
        number += 1
        own = f"{name}_{number}"
    return own


def _tell_of_rows(table: Table, findings: ImportReport) -> None:
    if not table.rows:
        findings.add((), "there were no rows to infer types from; every column is a string")
    width = len(table.header)
    for line, row in table.rows:
        if len(row) != width:
            findings.add((), f"line {line} has {len(row)} cells, the header has {width}")


def _columns(table: Table) -> list[list[str]]:
    width = len(table.header)
    full = ([*row, *[""] * (width - len(row))] for _, row in table.rows)
    rows = [[cell.strip() for cell in row[:width]] for row in full]
    return [[row[at] for row in rows] for at in range(width)]


def _column(name: str, cells: list[str], findings: ImportReport) -> Schema:
    filled = [cell for cell in cells if cell]
    schema = _cells(filled)
    if "format" in schema:
        findings.add(("items", name), f"the format {schema['format']} was guessed from the rows")
    if len(filled) == len(cells) or schema == {"type": "string"}:
        return schema
    findings.add(("items", name), "it is empty in some rows, so null is accepted")
    return nullable(schema)


def _cells(cells: list[str]) -> Schema:
    if not cells:
        return {"type": "string"}
    if all(map(_WHOLE.fullmatch, cells)):
        return {"type": "integer"}
    if all(map(_DECIMAL.fullmatch, cells)):
        return {"type": "number"}
    if all(cell.lower() in ("true", "false") for cell in cells):
        return {"type": "boolean"}
    if all(map(_IS_DATE, cells)):
        return {"type": "string", "format": "date"}
    return {"type": "string"}
