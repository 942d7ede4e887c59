"""The models of an endpoint: the documented one, and the backend's own under its id."""

import uuid
from collections.abc import Mapping
from typing import Any

import httpx

from workers_ai import model_card, wire_writing
from workers_ai.backend import GEMMA
from workers_ai.transport import CallLimits
from workers_ai.wire import load_object

from .passthrough import errors_reported, whole_answer
from .stream_bridge import StreamBridge
from .upstream import Upstream, body_of

_OK = 200
_ABSENT = frozenset({404, 405})


class Catalog:
    """Answers queries about the models. Programs written for the documented model find it here."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._backend = upstream.backend

    def knows(self, model: str) -> bool:
        """Return whether requests for this model are answered."""
        return model in (GEMMA, self._backend.model)

    def search(self, params: Mapping[str, str], call: CallLimits, bridge: StreamBridge) -> None:
        """List the models as `/ai/models/search` does (wire.md 7.5).

        The backend is queried: as with the API itself, a list means that it can be reached.
        """
        words = params.get("search", "").lower()
        # Libraries request page after page until one is empty.
        first = params.get("page", "1") in ("", "0", "1")
        with errors_reported(bridge, self._upstream):
            found = self._own_entry(call, bridge)
            if found is None:
                return
            entries = [self._documented_entry(found), found]
            listed = [entry for entry in entries if words in str(entry["name"]).lower()]
            names = [entry["name"] for entry in listed]
            unique = [entry for at, entry in enumerate(listed) if entry["name"] not in names[:at]]
            bridge.answer(wire_writing.envelope(unique if first else []))

    def schema(self, params: Mapping[str, str], call: CallLimits, bridge: StreamBridge) -> None:
        """Return the schemas of a model as `/ai/models/schema` does (wire.md 7.5).

        The documented model has the page's schemas; another one has the backend's, if available.
        """
        model = params.get("model", "")
        if not self.knows(model):
            bridge.answer(wire_writing.no_model(model))
            return
        if model == GEMMA:
            bridge.answer(_documented_schema())
            return
        with (
            errors_reported(bridge, self._upstream),
            self._upstream.get("/ai/models/schema", call, model=model) as response,
        ):
            absent = response.status_code in _ABSENT
            answer = whole_answer(response, call, self._upstream)
            bridge.answer(_documented_schema() if absent else answer)

    def _own_entry(self, call: CallLimits, bridge: StreamBridge) -> dict[str, Any] | None:
        """Return the backend's entry for its model, or None after passing on its refusal."""
        name = self._backend.model
        with self._upstream.get("/ai/models/search", call, search=name) as response:
            if response.status_code != _OK:
                bridge.answer(whole_answer(response, call, self._upstream))
                return None
            body = body_of(response, call)
        entries = load_object(body).get("result")
        listed = entries if isinstance(entries, list) else []
        own = (entry for entry in listed if isinstance(entry, dict) and entry.get("name") == name)
        bare = {"id": name, "name": name, "task": {"name": "Text Generation"}, "properties": []}
        return next(own, bare)

    def _documented_entry(self, own: Mapping[str, Any]) -> dict[str, Any]:
        if own["name"] == GEMMA:
            return dict(own)
        description = f"Answered by {self._backend.label} with {self._backend.model}."
        return {**own, "id": GEMMA, "name": GEMMA, "description": description}


def token_verified() -> httpx.Response:
    """Confirm a token, in the API's own words (wire.md 7)."""
    body = {
        "result": {"id": _TOKEN_ID, "status": "active"},
        "success": True,
        "errors": [],
        "messages": [
            {"code": 10000, "message": "This API Token is valid and active", "type": None}
        ],
    }
    return httpx.Response(_OK, headers=wire_writing.JSON, content=wire_writing.compact(body))


_TOKEN_ID = uuid.uuid4().hex
"""New at every start: it reveals nothing about the token."""


def _documented_schema() -> httpx.Response:
    return wire_writing.envelope(
        {"input": model_card.input_schema, "output": model_card.output_schema}
    )
