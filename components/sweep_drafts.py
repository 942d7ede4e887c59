"""Sweeps between what is typed and what is run."""

import json

from experiments import Axis, Sweep, read_axis
from workers_ai import InvalidRequestError

from .page_states import AxisDraft, SweepDraft


def sweep_of(draft: SweepDraft) -> tuple[Sweep | None, dict[int, str]]:
    """Read a draft; None if it cannot be run, with what is wrong by the place of the axis.

    What is wrong with the whole has the place -1.
    """
    axes: list[Axis] = []
    wrong: dict[int, str] = {}
    for at, axis in enumerate(draft.axes):
        try:
            axes.append(read_axis(axis.parameter, axis.values))
        except InvalidRequestError as error:
            wrong[at] = error.faults[0].message
    if wrong:
        return None, wrong
    try:
        return Sweep(axes, draft.samples, draft.seeds, draft.first_seed), {}
    except InvalidRequestError as error:
        return None, {-1: error.faults[0].message}


def draft_of(sweep: Sweep) -> SweepDraft:
    """Write a sweep as a draft that can be changed."""
    axes = [
        AxisDraft(axis.parameter, ", ".join(map(json.dumps, axis.values))) for axis in sweep.axes
    ]
    return SweepDraft(axes, sweep.samples, sweep.seeds, sweep.first_seed)


def _listed(axis: Axis) -> str:
    return ", ".join(map(json.dumps, axis.values))
