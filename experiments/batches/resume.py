"""What a batch begins with: its jobs, and what is known of them from an earlier time."""

from collections.abc import Iterable, Mapping

from workers_ai import shown

from .jobs import Job
from .outcomes import Outcome


def checked_jobs(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return the jobs, or raise ValueError if one is none, or two have the same key."""
    taken = tuple(jobs)
    seen: set[str] = set()
    for job in taken:
        if not isinstance(job, Job):
            raise ValueError(f"{shown(job)} is no job.")  # noqa: TRY004 - one class for all
        if job.key in seen:
            raise ValueError(f"Two jobs have the key {shown(job.key)}; each needs one of its own.")
        seen.add(job.key)
    return taken


def checked_keys(keys: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """Return the keys, or raise ValueError if no job has one of them."""
    taken = frozenset(keys)
    if unknown := sorted(map(str, taken - known)):
        raise ValueError(f"No job of this batch has the key {shown(unknown[0])}.")
    return taken


def taken_over(
    jobs: Iterable[Job], known: Mapping[str, Outcome] | Iterable[Outcome]
) -> list[Outcome]:
    """Return an outcome for each job, in order. Those of other jobs are left out."""
    found: dict[str, Outcome] = {}
    for outcome in known.values() if isinstance(known, Mapping) else known:
        if not isinstance(outcome, Outcome):
            raise ValueError(f"{shown(outcome)} is no outcome.")  # noqa: TRY004 - one class for all
        found[outcome.key] = outcome
    return [_at_rest(found.get(job.key) or Outcome(job.key)) for job in jobs]


def _at_rest(outcome: Outcome) -> Outcome:
    return outcome.reopened() if outcome.state == "running" else outcome
