"""The time that importing the client takes, and importing the app.

    python -m benchmarks.imports [--quick]

Each figure is one import in a fresh interpreter, without the interpreter's own start. Every round
takes all of them in turn, and ratios are to the floor of the same run. Milliseconds, the median of
the rounds.

- *the floor*: `import httpx, pydantic`, the libraries that the client cannot do without.
- *the floor in use*: the same, with the parts of pydantic that it loads only when they are named.
- *the client*: `import workers_ai`, for programs that only call the API.
- *the app*: `import components.session`, the first import of every page.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.tables import print_table, shown

ROOT = Path(__file__).parents[1]
CASES = {
    "the floor": "import httpx, pydantic",
    "the floor in use": "import httpx; from pydantic import BaseModel, TypeAdapter",
    "the client": "import workers_ai",
    "the app": "import components.session",
}
MEASURE = """
import sys, time
began = time.perf_counter()
{statement}
print((time.perf_counter() - began) * 1000, *sys.modules)
"""


def one_import(statement: str) -> tuple[float, int]:
    """Return the milliseconds of an import, and how many modules of this repository it loads."""
    run = subprocess.run(  # noqa: S603 - this interpreter, with code from this file
        [sys.executable, "-c", MEASURE.format(statement=statement)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    taken, *modules = run.stdout.split()
    return float(taken), sum(map(is_ours, modules))


def is_ours(module: str) -> bool:
    place = ROOT / module.partition(".")[0]
    return (place / "__init__.py").exists() or place.with_suffix(".py").exists()


def measured(rounds: int) -> list[tuple[str, ...]]:
    samples: dict[str, list[float]] = {name: [] for name in CASES}
    # The first import of each also writes its bytecode.
    ours = {name: one_import(statement)[1] for name, statement in CASES.items()}
    for _ in range(rounds):
        for name, statement in CASES.items():
            samples[name].append(one_import(statement)[0])
    floor = median(samples["the floor"])
    return [row(name, taken, floor, ours[name]) for name, taken in samples.items()]


def row(name: str, taken: list[float], floor: float, ours: int) -> tuple[str, ...]:
    return f"{name}: `{CASES[name]}`", shown(taken), f"{median(taken) / floor:.2f}", str(ours)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds")
    rounds = 3 if parser.parse_args().quick else 15
    print_table(measured(rounds), ("import [ms]", "measured", "ratio", "modules of ours"))


if __name__ == "__main__":
    main()
