"""A small OpenID Connect provider where visitors choose their identity."""

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "cabochon"
PEOPLE = {"ada": "Ada Lovelace", "bob": "Bob Noyce"}


class IdentityProvider:
    """A provider that serves at `issuer` inside a `with` block."""

    def __enter__(self) -> Self:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, urlsplit(self.path).path)

            do_POST = do_GET  # noqa: N815 - named so by http.server

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, path: str) -> None:
        query = {k: v[0] for k, v in parse_qs(urlsplit(request.path).query).items()}
        if path == "/.well-known/openid-configuration":
            _send(request, self._configuration())
        elif path == "/keys":
            _send(request, {"keys": [self.key.as_dict(private=False)]})
        elif path == "/authorize":
            _send_page(request, self._choice(query))
        elif path == "/token":
            body = request.rfile.read(int(request.headers["content-length"])).decode()
            _send(request, self._tokens(parse_qs(body)["code"][0]))
        else:
            request.send_error(404)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _choice(self, query: dict[str, str]) -> str:
        """Return a page with a link for each person."""
        links = []
        for subject, name in PEOPLE.items():
            code = secrets.token_hex(8)
            self.codes[code] = {"sub": subject, "name": name, "nonce": query.get("nonce", "")}
            back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
            links.append(f'<a href="{quote(back, safe=":/?&=%")}">{name}</a>')
        return " ".join(links)

    def _tokens(self, code: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            **self.codes.pop(code),
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 600,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}


def _send(request: BaseHTTPRequestHandler, value: object) -> None:
    _send_bytes(request, json.dumps(value).encode(), "application/json")


def _send_page(request: BaseHTTPRequestHandler, body: str) -> None:
    _send_bytes(request, f"<!doctype html>{body}".encode(), "text/html")


def _send_bytes(request: BaseHTTPRequestHandler, body: bytes, kind: str) -> None:
    request.send_response(200)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
