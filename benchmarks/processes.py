"""CPU time of processes and their descendants, as Linux counts it."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> set[int]:
    """Return the process and all its descendants."""
    parents = _parents()
    found = {root} & parents.keys()
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def new_root(before: set[int]) -> int:
    """Return the topmost descendant of this process that was not there before."""
    parents = _parents()
    new = tree(os.getpid()) - before
    return next(pid for pid in sorted(new) if parents[pid] not in new)


def cpu_seconds(root: int) -> float:
    """Return user and system time of a process and its descendants, to 1/100 s each."""
    return sum(_ticks(pid) for pid in tree(root)) / _TICKS


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _parents() -> dict[int, int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return {pid: int(fields[1]) for pid in pids if (fields := _stat(pid))}


def _stat(pid: int) -> list[str]:
    """Return the fields after the command's name, which can be anything; [] if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
