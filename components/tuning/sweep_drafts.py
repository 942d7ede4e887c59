"""Conversion between a sweep as typed and a sweep that can run."""

from experiments import Axis, Sweep, read_axis, written_values
from workers_ai import InvalidRequestError

from ..page_states import AxisDraft, SweepDraft


def sweep_of(draft: SweepDraft) -> tuple[Sweep | None, dict[int, str]]:
    """Read a draft: the sweep, or None with the faults by the index of their axis.

    A fault of the whole sweep has the index -1.
    """
    axes: list[Axis] = []
    faults: dict[int, str] = {}
    for at, axis in enumerate(draft.axes):
        try:
            axes.append(read_axis(axis.parameter, axis.values))
        except InvalidRequestError as error:
            faults[at] = error.faults[0].message
    if faults:
        return None, faults
    try:
        return Sweep(axes, draft.samples, draft.seeds, draft.first_seed), {}
    except InvalidRequestError as error:
        return None, {-1: error.faults[0].message}


def draft_of(sweep: Sweep) -> SweepDraft:
    """Return a sweep as an editable draft."""
    axes = [AxisDraft(axis.parameter, ", ".join(written_values(axis))) for axis in sweep.axes]
    return SweepDraft(axes, sweep.samples, sweep.seeds, sweep.first_seed)
