"""Eight checks, ten calls: what a backend and its model support.

for result in check_backend(client):
    result.title, result.verdict        # "Streams", "works"
    result.sentence                     # what was seen
"""

from workers_ai.backend_checks.background import BackendCheck
from workers_ai.backend_checks.checking import CHECKS, CheckResult, check_backend
from workers_ai.backend_checks.eight import Verdict

__all__ = ["CHECKS", "BackendCheck", "CheckResult", "Verdict", "check_backend"]
