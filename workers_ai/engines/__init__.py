"""Engines on one's own machine, spoken to in the documented API.

    from workers_ai.engines import LocalEngine, find_engines

    for found in find_engines():
        backend = LocalEngine.of(found, found.models[0])

A transport takes a documented request, asks the engine in its own API, and answers in the
documented bytes; what differs from engine to engine is one table.
"""

from workers_ai.addresses import ANYWHERE, LOOPBACK, AddressRule, allowed
from workers_ai.engines.backend import LocalEngine
from workers_ai.engines.changes import CHANGES, SENT_TO, Change, read_changes
from workers_ai.engines.downloads import Download
from workers_ai.engines.finding import PORTS, engine_at, find_engines
from workers_ai.engines.getting import SUGGESTED, steps_to_gemma
from workers_ai.engines.models import EngineModel, models_in
from workers_ai.engines.notes import ParameterNote, Treatment
from workers_ai.engines.pulling import PullProgress, pull
from workers_ai.engines.recognising import FoundEngine
from workers_ai.engines.served import EngineRequest
from workers_ai.engines.table import ENGINES, Engine, EngineKind

__all__ = [
    "ANYWHERE",
    "CHANGES",
    "ENGINES",
    "LOOPBACK",
    "PORTS",
    "SENT_TO",
    "SUGGESTED",
    "AddressRule",
    "Change",
    "Download",
    "Engine",
    "EngineKind",
    "EngineModel",
    "EngineRequest",
    "FoundEngine",
    "LocalEngine",
    "ParameterNote",
    "PullProgress",
    "Treatment",
    "allowed",
    "engine_at",
    "find_engines",
    "models_in",
    "pull",
    "read_changes",
    "steps_to_gemma",
]
