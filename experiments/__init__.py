"""Experiments with many calls: sweeps, batches, figures, next tokens, checks, lessons.

    from experiments import Sweep, forecast, read_axis

    sweep = Sweep([read_axis("temperature", "0..1 step 0.25")], samples=3, seeds="per sample")
    forecast(sweep, request).calls      # 15
    for key, make in sweep.requests(request):
        ...                             # make() builds the request of one cell

A `Batch` makes such calls in the background, and only as many at a time as it is allowed.
"""

from .answer_figures.figures import figures_of
from .answer_figures.row_export import export_rows
from .backend_checks.background_check import BackendCheck
from .backend_checks.check_run import CHECKS, CheckResult, check_backend
from .batches.batch import Batch
from .batches.job import Job, Outcome, SerializedError
from .batches.progress import BatchSnapshot
from .batches.throttle import LARGEST_CONCURRENCY
from .differences.request_diff import request_difference
from .differences.word_diff import word_difference
from .lessons import LESSONS, Lesson
from .next_token.probability_bounds import ProbabilityShares
from .next_token.replay import next_tokens
from .next_token.reported_probabilities import (
    LOGPROBS_REQUEST,
    MOVABLE_PARAMETERS,
    ReportedToken,
    reported_tokens,
)
from .next_token.sampling_stages import SamplingStages, sampling_stages
from .sweeps.axis import SWEPT_PARAMETERS, Axis
from .sweeps.axis_text import read_axis, written_values
from .sweeps.cost_forecast import forecast
from .sweeps.links import sweep_from_link, sweep_to_link
from .sweeps.sweep import MOST_AXES, MOST_SAMPLES, Cell, SeedMode, Sweep

__all__ = [
    "CHECKS",
    "LARGEST_CONCURRENCY",
    "LESSONS",
    "LOGPROBS_REQUEST",
    "MOST_AXES",
    "MOST_SAMPLES",
    "MOVABLE_PARAMETERS",
    "SWEPT_PARAMETERS",
    "Axis",
    "BackendCheck",
    "Batch",
    "BatchSnapshot",
    "Cell",
    "CheckResult",
    "Job",
    "Lesson",
    "Outcome",
    "ProbabilityShares",
    "ReportedToken",
    "SamplingStages",
    "SeedMode",
    "SerializedError",
    "Sweep",
    "check_backend",
    "export_rows",
    "figures_of",
    "forecast",
    "next_tokens",
    "read_axis",
    "reported_tokens",
    "request_difference",
    "sampling_stages",
    "sweep_from_link",
    "sweep_to_link",
    "word_difference",
    "written_values",
]
