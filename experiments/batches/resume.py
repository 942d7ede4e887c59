"""The initial state of a batch: its jobs, and their outcomes from an earlier batch."""

from collections.abc import Iterable, Mapping

from workers_ai.json_values import shown

from .jobs import Job
from .outcomes import Outcome


def checked_jobs(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return the jobs, or raise ValueError if one is not a job, or two have the same key."""
    given = tuple(jobs)
    seen: set[str] = set()
    for job in given:
        if not isinstance(job, Job):
            raise ValueError(f"{shown(job)} is not a job.")  # noqa: TRY004 - one class for all
        if job.key in seen:
            raise ValueError(f"Two jobs have the key {shown(job.key)}; keys must be unique.")
        seen.add(job.key)
    return given


def checked_keys(keys: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """Return the keys, or raise ValueError if one belongs to no job."""
    given = frozenset(keys)
    if unknown := sorted(map(str, given - known)):
        raise ValueError(f"No job in this batch has the key {shown(unknown[0])}.")
    return given


def taken_over(
    jobs: Iterable[Job], known: Mapping[str, Outcome] | Iterable[Outcome]
) -> list[Outcome]:
    """Return an outcome for each job, in order. Outcomes of other jobs are omitted."""
    found: dict[str, Outcome] = {}
    for outcome in known.values() if isinstance(known, Mapping) else known:
        if not isinstance(outcome, Outcome):
            # One class for all.
            raise ValueError(f"{shown(outcome)} is not an outcome.")  # noqa: TRY004
        found[outcome.key] = outcome
    return [_at_rest(found.get(job.key) or Outcome(job.key)) for job in jobs]


def _at_rest(outcome: Outcome) -> Outcome:
    return outcome.reopened() if outcome.state == "running" else outcome
