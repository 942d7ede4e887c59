"""The same request with many settings: its cells, their cost, and a link to it.

    from workers_ai.sweeps import Sweep, forecast, read_axis

    sweep = Sweep([read_axis("temperature", "0..1 step 0.25")], samples=3, seeds="per sample")
    forecast(sweep, request).calls      # 15
    for key, make in sweep.requests(request):
        ...                             # make() builds the request of one cell

Running a sweep requires only keys and requests.
"""

from workers_ai.sweeps.axis import AXES, MOST_VALUES, Axis
from workers_ai.sweeps.forecasting import Forecast, forecast
from workers_ai.sweeps.links import from_link, to_link
from workers_ai.sweeps.reading import read_axis
from workers_ai.sweeps.results import Result, results
from workers_ai.sweeps.sweep import MOST_AXES, MOST_CELLS, MOST_SAMPLES, Cell, SeedMode, Sweep

__all__ = [
    "AXES",
    "MOST_AXES",
    "MOST_CELLS",
    "MOST_SAMPLES",
    "MOST_VALUES",
    "Axis",
    "Cell",
    "Forecast",
    "Result",
    "SeedMode",
    "Sweep",
    "forecast",
    "from_link",
    "read_axis",
    "results",
    "to_link",
]
