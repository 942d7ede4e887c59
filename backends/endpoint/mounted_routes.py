"""The endpoint on the port of another application, as configured by the environment."""

import sys
from collections.abc import Mapping

from starlette.routing import BaseRoute

from workers_ai import WorkersAIError

from ..builtin.backend import BuiltIn
from .configured_backend import backend_of, endpoint_token
from .routes import routes

TOKEN = "CABOCHON_ENDPOINT_TOKEN"  # noqa: S105 - the name of a variable
BACKEND = "CABOCHON_BACKEND"


def endpoint_routes(environment: Mapping[str, str]) -> list[BaseRoute]:
    """Return the endpoint's routes, under `/client/v4`.

    Without a token in `CABOCHON_ENDPOINT_TOKEN`, the built-in model answers, only for this machine:
    it costs nothing and holds no secret. With one, the configured backend answers every caller that
    has it. An incomplete configuration is reported on standard error, and nothing is served.
    """
    if not environment.get(TOKEN):
        return routes(BuiltIn())
    try:
        token = endpoint_token(TOKEN, environment)
        backend = backend_of(environment.get(BACKEND) or "builtin", environment)
    except (WorkersAIError, ValueError) as error:
        print(f"The endpoint is not served. {error}", file=sys.stderr)  # noqa: T201 - shown to the operator
        return []
    return routes(backend, token=token, hosts=None)
