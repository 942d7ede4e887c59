"""A server that records requests and answers in the format of the path."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

SAID = ("Grüße", " zero ", "0", " line\u2028end ", "👩\u200d🚀 }")
"""The pieces of each answer."""

TEXT = "".join(SAID)
REFUSAL = {"errors": [{"code": 5006, "message": "Bad input: the reason"}], "success": False}


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Recorder(ThreadingHTTPServer):
    """A server that runs during the `with` block. Under `/refused` it refuses everything, under
    `/failed` it fails after status 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[Received] = []
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def of(self, case: str) -> Received:
        """Return the one request whose path begins with the name of the case."""
        (found,) = (each for each in self.received if each.path.startswith(f"/{case}/"))
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Recorder

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.path, headers, body))
        if self.path.startswith("/refused/"):
            self._send(400, json.dumps(REFUSAL).encode())
        elif json.loads(body).get("stream"):
            self._stream()
        elif self.path.startswith("/failed/"):
            self._send(200, json.dumps(REFUSAL).encode())
        else:
            self._send(200, _dump(_whole(self.path)).encode())

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        kind = "application/x-ndjson" if "/api/" in self.path else "text/event-stream"
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        # Split in the middle of events and characters.
        for part in _cut(_streamed(self.path), 7):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _whole(path: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": TEXT}
    if path.endswith("/chat/completions"):
        return {"id": "1", "object": "chat.completion", "choices": [{"message": message}]}
    if path.endswith("/completions"):
        return {"id": "1", "object": "text_completion", "choices": [{"text": TEXT}]}
    if path.endswith("/api/chat"):
        return {"message": message, "done": True}
    if path.endswith("/api/generate"):
        return {"response": TEXT, "done": True}
    return {"result": {"response": TEXT}, "success": True, "errors": [], "messages": []}


def _streamed(path: str) -> bytes:
    if path.startswith("/failed/"):
        return _failing(path)
    if "/api/" in path:
        return b"".join(f"{_dump(_line(path, piece))}\n".encode() for piece in (*SAID, ""))
    events = [_event(path, piece) for piece in SAID]
    if path.endswith("/completions"):
        events.append({"choices": [], "usage": {"total_tokens": 9}})
    else:
        events += [{"tool_calls": []}, {"response": None}, {"response": "", "usage": {}}]
    written = "".join(f"data: {_dump(event)}\r\n\r\n" for event in events)
    return f": a comment\n\nevent: message\n{written}data:[DONE]\n\n".encode()


def _failing(path: str) -> bytes:
    if "/api/" in path:
        return f"{_dump(_line(path, SAID[0]))}\n{_dump({'error': 'the reason'})}\n".encode()
    fault = REFUSAL if "/accounts/" in path else {"error": {"message": "the reason"}}
    return "".join(f"data: {_dump(each)}\n\n" for each in (_event(path, SAID[0]), fault)).encode()


def _event(path: str, piece: str) -> dict[str, Any]:
    if path.endswith("/chat/completions"):
        return {"choices": [{"index": 0, "delta": {"content": piece}}]}
    if path.endswith("/completions"):
        return {"choices": [{"index": 0, "text": piece}]}
    if "gemma-4" in path:
        # The hybrid form contains everything twice (wire.md 2D).
        return {"choices": [{"delta": {"content": piece}}], "response": piece}
    return {"response": 0 if piece == "0" else piece}


def _line(path: str, piece: str) -> dict[str, Any]:
    return {"message": {"content": piece}} if path.endswith("/chat") else {"response": piece}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
