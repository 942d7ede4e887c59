"""The identity of a browser: an unguessable id in a cookie that JavaScript cannot read."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "cabochon_browser"

_ONE_YEAR = 365 * 24 * 3600
_ID = re.compile(r"[A-Za-z0-9_-]{32}")


class _Browsers:
    """Middleware that sets the id with the page itself, so that the first run of the app has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _known(scope):
            await self._app(scope, receive, send)
            return

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _new_cookie(secure=scope["scheme"] == "https"))
            await send(message)

        await self._app(scope, receive, send_with_id)


BROWSER_COOKIE = Middleware(_Browsers)


def browser_id() -> str | None:
    """Return the id of the browser that shows the page, or None where cookies are refused."""
    value = st.context.cookies.get(COOKIE, "")
    return value if _ID.fullmatch(value) else None


def _known(scope: Scope) -> bool:
    header = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return False
    return found is not None and bool(_ID.fullmatch(found.value))


def _new_cookie(*, secure: bool) -> str:
    parts = [f"{COOKIE}={secrets.token_urlsafe(24)}", "Path=/", f"Max-Age={_ONE_YEAR}"]
    return "; ".join([*parts, "HttpOnly", "SameSite=Lax", *(["Secure"] if secure else [])])
