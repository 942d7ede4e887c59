"""Many calls in the background, no more at once than one allows: a sweep, or a folder of pictures.

    from workers_ai.batches import Batch, Job

    client = Client(backend, max_retries=0)     # the batch itself calls again
    jobs = [Job(name, lambda name=name: question_about(name)) for name in names]
    batch = Batch(client, jobs, concurrency=4, on_outcome=store.keep).start()
    batch.snapshot().counts["done"]

A server that is busy slows a batch down instead of failing it, and trouble that would meet every
job alike (the day's allowance, a wrong token, a retired model) stops it before more is burnt.
"""

from workers_ai.batches.batch import Batch
from workers_ai.batches.clock import Clock
from workers_ai.batches.jobs import Job
from workers_ai.batches.kept_errors import KeptError
from workers_ai.batches.outcomes import STATES, Outcome, State
from workers_ai.batches.snapshots import BatchSnapshot, BatchState
from workers_ai.batches.throttle import LARGEST_CONCURRENCY, Pace

__all__ = [
    "LARGEST_CONCURRENCY",
    "STATES",
    "Batch",
    "BatchSnapshot",
    "BatchState",
    "Clock",
    "Job",
    "KeptError",
    "Outcome",
    "Pace",
    "State",
]
