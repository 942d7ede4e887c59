"""The official JSON Schema test suite, draft 2020-12, judged by our checks.

    python -m benchmarks.json_schema_suite FOLDER

FOLDER is `tests/draft2020-12` of the suite, which also comes in the `json` folder of the source
distribution of `jsonschema`. A group of which we refuse the schema counts with all its tests; it is
listed with the fault. The table in docs/json_schema.md is the output.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from schemas import check_answer, check_schema


class Group(NamedTuple):
    """One schema of the suite, and how our judgment of its tests differs."""

    file: str
    description: str
    total: int
    differing: tuple[str, ...]
    fault: str
    """Why we refuse the schema; "" if we accept it."""


def groups(folder: Path) -> Iterator[Group]:
    """Yield the groups of all files, the optional ones too."""
    for file in sorted(folder.rglob("*.json")):
        for group in json.loads(file.read_text(encoding="utf-8")):
            yield _judged(str(file.relative_to(folder)), group)


def _judged(file: str, group: dict[str, Any]) -> Group:
    schema, tests = group["schema"], group["tests"]
    faults = check_schema(schema)
    differing = tuple(
        test["description"]
        for test in tests
        if faults or (not check_answer(test["data"], schema)) != test["valid"]
    )
    return Group(
        file, group["description"], len(tests), differing, str(faults[0]) if faults else ""
    )


def main() -> None:
    """Print the totals and what differs."""
    found = list(groups(Path(sys.argv[1])))
    total, differing = Counter[str](), Counter[str]()
    for group in found:
        kind = "optional" if group.file.startswith("optional") else "required"
        total[kind] += group.total
        differing[kind] += len(group.differing)
    for kind in total:
        agreed = total[kind] - differing[kind]
        print(f"{kind}: {agreed} of {total[kind]} tests agree")
    print("\n| file | schema | tests | why |\n|---|---|---|---|")
    for group in found:
        if group.differing:
            why = f"refused: {group.fault}" if group.fault else "; ".join(group.differing)
            cells = (group.file, group.description, str(len(group.differing)), why)
            print("|", " | ".join(cell.replace("|", "\\|") for cell in cells), "|")


if __name__ == "__main__":
    main()
