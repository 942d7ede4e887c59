"""Assigns faults to the form rows they belong to."""

from collections.abc import Iterable, Sequence

from workers_ai import Fault
from workers_ai.json_values import Place, path

from .fields import SchemaField


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
