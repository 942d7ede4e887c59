"""Local engines, called through the documented API.

    from workers_ai.engines import LocalEngine, find_engines

    for found in find_engines():
        backend = LocalEngine.of(found, found.models[0])

A transport takes a documented request, calls the engine's own API, and answers in the documented
bytes. The differences between engines are one table.
"""

from ..addresses import ANYWHERE, LOOPBACK, AddressRule, allowed
from .backend import LocalEngine
from .changes import CHANGES, SENT_TO, Change, read_changes
from .downloads import Download
from .finding import PORTS, engine_at, find_engines
from .getting import SUGGESTED, steps_to_gemma
from .models import EngineModel, models_in
from .notes import ParameterNote, Treatment
from .pulling import PullProgress, pull
from .recognising import FoundEngine
from .served import EngineRequest
from .table import ENGINES, Engine, EngineKind

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
