"""The documented endpoint, served alone: `python -m backends.endpoint`.

The environment configures the backend: `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_API_TOKEN` (or
`CLOUDFLARE_AUTH_TOKEN`), `CLOUDFLARE_BASE_URL` and `CABOCHON_MODEL` for Workers AI;
`CABOCHON_LOCAL_URL` and `CABOCHON_MODEL` for a local engine. Without a URL, the usual ports of this
machine are searched.
"""

import argparse
import os
import socket
import sys
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette

from workers_ai import Backend, WorkersAIError

from ..builtin.backend import BuiltIn
from ..builtin.language_model import preload_built_in
from .access_policy import is_loopback
from .environment import backend_of, endpoint_token
from .limits import Limits
from .routes import ROOT, endpoint_app

_GRACE = 3


def main(words: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(words)
    try:
        token = endpoint_token(options.token_from_env, os.environ)
        require_token_off_loopback(options.host, token)
        backend = backend_of(options.backend, os.environ)
        listener = bound_socket(options.host, options.port)
    except (WorkersAIError, ValueError) as error:
        sys.exit(str(error))
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        sys.exit(f"Port {options.port} of {options.host} cannot be used: {reason}.")
    limits = Limits(per_minute=options.per_minute or None)
    hosts = () if is_loopback(options.host) else None
    serve(endpoint_app(backend, token=token, limits=limits, hosts=hosts), backend, listener)


def serve(app: Starlette, backend: Backend, listener: socket.socket) -> None:
    """Serve the endpoint of a backend on a bound socket."""
    if isinstance(backend, BuiltIn):
        preload_built_in()
    config = uvicorn.Config(
        app,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        # No proxy is trusted to name the caller.
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
    )
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{ROOT}"
    print(f"{backend.label} ({backend.model}) answers at {address}", flush=True)  # noqa: T201 - shown to the user
    uvicorn.Server(config).run(sockets=[listener])


def require_token_off_loopback(host: str, token: str | None) -> None:
    """Raise `ValueError` if anyone on the network could use the endpoint without a token."""
    if token is None and not is_loopback(host):
        raise ValueError(
            f"{host} can be reached from other machines: use --token-from-env to name a variable "
            "that holds a token, or serve 127.0.0.1."
        )


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 picks a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    # Every connection inherits it. Without it, head and body arrive 40 ms apart.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _port(text: str) -> int:
    port = int(text)
    if port not in range(65_536):
        raise ValueError(port)
    return port


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backends.endpoint", description=_DESCRIPTION)
    names = ("builtin", "cloudflare", "local")
    parser.add_argument("--backend", choices=names, default="builtin", help="which backend answers")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=_port, default=8788, help="0 picks a free one")
    rate = "requests accepted per minute; 0 means no limit"
    parser.add_argument("--per-minute", type=int, default=Limits().per_minute, help=rate)
    variable = "the variable that holds the only accepted bearer token"
    parser.add_argument("--token-from-env", metavar="CABOCHON_ENDPOINT_TOKEN", help=variable)
    return parser


_DESCRIPTION = "Serve the documented Workers AI API on this machine, answered by a backend."


if __name__ == "__main__":
    main()
