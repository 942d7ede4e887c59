"""The endpoint as the environment configures it: its backend, its token, its routes."""

import sys
from collections.abc import Mapping

from starlette.routing import BaseRoute

from workers_ai import Backend, Cloudflare, WorkersAIError
from workers_ai.backend import CLOUDFLARE_API, GEMMA, word_faults

from ..builtin.backend import BuiltIn
from ..local.backend import LocalEngine
from ..local.discovery import engine_at, find_engines
from .routes import routes


def backend_of(name: str, environment: Mapping[str, str]) -> Backend:
    """Return the backend with this name. Raises a `WorkersAIError` if it is not configured."""
    if name == "builtin":
        return BuiltIn()
    if name == "local":
        return _engine(environment)
    return Cloudflare(
        environment.get("CLOUDFLARE_ACCOUNT_ID", ""),
        environment.get("CLOUDFLARE_API_TOKEN") or environment.get("CLOUDFLARE_AUTH_TOKEN", ""),
        model=environment.get("CABOCHON_MODEL") or GEMMA,
        base_url=environment.get("CLOUDFLARE_BASE_URL") or CLOUDFLARE_API,
    )


def endpoint_token(variable: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the token in a variable, or None if no variable is named.

    Raises `ValueError` with a sentence if it is missing or not valid in a header.
    """
    if variable is None:
        return None
    token = environment.get(variable, "")
    if word_faults(variable, token):
        raise ValueError(
            f"The variable {variable} must hold the endpoint's token: visible ASCII characters "
            "without spaces."
        )
    return token


def _engine(environment: Mapping[str, str]) -> LocalEngine:
    url = environment.get("CABOCHON_LOCAL_URL", "")
    found = [engine_at(url)] if url else find_engines()
    models = [(engine, model) for engine in found for model in engine.models]
    wanted = environment.get("CABOCHON_MODEL", "")
    for engine, model in models:
        if wanted in ("", model.id):
            return LocalEngine.of(engine, model)
    known = ", ".join(model.id for _, model in models) or "none"
    sought = f"the model {wanted}" if wanted else "a model"
    raise WorkersAIError(
        f"No engine with {sought} was found; models found: {known}. "
        "Start one, or set CABOCHON_LOCAL_URL and CABOCHON_MODEL."
    )


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
