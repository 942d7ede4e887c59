"""Security headers for every page: the browser loads nothing from other origins."""

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOURCES = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",
    # Streamlit's own page has inline scripts, and small components are loaded from blobs.
    "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    # A camera photo is read from a data URI.
    "connect-src": "'self' ws: wss: data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "frame-ancestors": "'self'",
}

HEADERS = {
    "content-security-policy": "; ".join(f"{what} {whence}" for what, whence in _SOURCES.items()),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
"""A second defense behind `components/text/markdown.py`: an image in the page is not fetched."""


class _Headers:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers)


SECURITY_HEADERS = Middleware(_Headers)
