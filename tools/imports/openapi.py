"""Import of OpenAPI 3.0 and 3.1: each operation becomes a tool."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import NO_FIELD, ImportReport, References, merge_all_of, one_schema, quoted
from workers_ai.json_values import Place

from .tool_builder import ToolBuilder

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_PLACES = ("path", "query", "header")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SET_BY_THE_CLIENT = {"accept", "content-type", "authorization"}
_SAID_ELSEWHERE = {
    *("type", "properties", "required", "additionalProperties"),
    *("description", "title", "example", "examples"),
}
_NO_TOOLS = ("webhooks", "security", "servers")


def add_openapi(document: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add every operation: path, query and header parameters, and the body's properties.

    The body is JSON if it is offered, else a form. Files in a form are left out and reported.
    """
    references = References(document, builder.findings)
    for key in _NO_TOOLS:
        if document.get(key):
            builder.findings.add((key,), f"left out; {NO_FIELD}")
    for path, item in _objects(document.get("paths")):
        whole = references.followed(item, ("paths", path))
        for method in _METHODS:
            if builder.is_full or references.is_used_up:
                return
            if isinstance(whole.get(method), dict):
                _Operation(path, method, whole, references, builder).gather()


def _objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    pairs = value.items() if isinstance(value, dict) else ()
    return ((key, part) for key, part in pairs if isinstance(part, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class _Operation:
    """One method of one path, being turned into a tool."""

    def __init__(
        self,
        path: str,
        method: str,
        item: dict[str, Any],
        references: References,
        builder: ToolBuilder,
    ) -> None:
        self._item = item
        self._own = item[method]
        self._references = references
        self._gathering = builder
        given = self._own.get("operationId")
        # A path's braces would make every name illegal; that is not worth reporting.
        plain = f"{method}_{path[:200]}".replace("{", "").replace("}", "").strip("/")
        self._name = builder.unique_name(given if isinstance(given, str) else _joined(plain))
        self._place: Place = (self._name, "parameters")
        self._properties: dict[str, Any] = {}
        self._required: list[str] = []
        self._further: dict[str, Any] = {}

    def gather(self) -> None:
        for parameter in self._parameters():
            self._take_parameter(parameter)
        self._take_body()
        if self._own.get("deprecated") is True:
            self._findings.add((self._name,), "it is deprecated, which a tool cannot express")
        schema = {"type": "object", "properties": self._properties, **self._further}
        if self._required:
            schema["required"] = self._required
        self._gathering.add(self._name, self._description(), schema)

    @property
    def _findings(self) -> ImportReport:
        return self._gathering.findings

    def _description(self) -> str:
        texts = [self._own.get(key) or self._item.get(key) for key in ("summary", "description")]
        parts = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
        return "\n\n".join(dict.fromkeys(parts))

    def _parameters(self) -> list[dict[str, Any]]:
        """Return the path's parameters, overridden by the operation's own of the same name."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for each in (*_list(self._item.get("parameters")), *_list(self._own.get("parameters"))):
            parameter = self._references.followed(each, self._place)
            name, where = parameter.get("name"), parameter.get("in")
            if isinstance(name, str) and isinstance(where, str):
                found[name, where] = parameter
            elif parameter:
                self._findings.add(self._place, "a parameter without `name` or `in` was left out")
        return list(found.values())

    def _take_parameter(self, parameter: dict[str, Any]) -> None:
        name, where = parameter["name"], parameter["in"]
        place = (*self._place, name)
        if where not in _PLACES:
            self._findings.add(place, f"it was left out; only {', '.join(_PLACES)} are supported")
            return
        if where == "header" and name.lower() in _SET_BY_THE_CLIENT:
            self._findings.add(place, "the client sets this header, so it was left out")
            return
        schema = self._references.inlined(_schema_of(parameter), place)
        own = dict(schema) if isinstance(schema, dict) else {}
        if isinstance(parameter.get("description"), str):
            own["description"] = parameter["description"]
        required = parameter.get("required") is True or where == "path"
        self._put(name, own, where, required=required)

    def _put(self, name: str, schema: Any, where: str, *, required: bool) -> None:
        own = name
        while own in self._properties:
            own = f"{where}_{own}"
        if own != name:
            self._findings.add((*self._place, own), f"another argument is named {quoted(name)}")
        self._properties[own] = schema
        if required:
            self._required.append(own)

    def _take_body(self) -> None:
        if "requestBody" not in self._own:
            return
        place = (*self._place, "body")
        body = self._references.followed(self._own["requestBody"], place)
        media_type, media = self._media(body, place)
        if media is None:
            return
        inlined = self._references.inlined(media.get("schema"), self._place)
        required = body.get("required") is True
        schema = _as_object(inlined, self._place, self._findings)
        if schema is None:
            own = dict(inlined) if isinstance(inlined, dict) else {}
            own.setdefault("description", body.get("description"))
            self._put("body", own, "body", required=required)
            return
        self._take_properties(schema, required=required, is_form=media_type in _FORMS)

    def _media(self, body: dict[str, Any], place: Place) -> tuple[str, dict[str, Any] | None]:
        content = dict(_objects(body.get("content")))
        named = {key.split(";")[0].strip().lower(): media for key, media in content.items()}
        chosen = next((key for key in named if _is_json(key)), None)
        chosen = chosen or next((key for key in _FORMS if key in named), None)
        if chosen is None and named:
            given = ", ".join(named)[:80]
            sentence = f"the body is {given}, neither JSON nor a form, and was left out"
            self._findings.add(place, sentence)
        return chosen or "", named.get(chosen or "")

    def _take_properties(self, schema: dict[str, Any], *, required: bool, is_form: bool) -> None:
        needed = [name for name in _list(schema.get("required")) if isinstance(name, str)]
        if "additionalProperties" in schema:
            self._further["additionalProperties"] = schema["additionalProperties"]
        for key in schema:
            if key not in _SAID_ELSEWHERE:
                self._findings.add((*self._place, "body"), f"{key[:40]} was left out; {NO_FIELD}")
        for name, part in schema["properties"].items():
            if isinstance(part, dict) and part.get("readOnly") is True:
                self._findings.add((*self._place, name), "it is read-only and was left out")
                continue
            if is_form and _is_file(part):
                self._findings.add((*self._place, name), "it is a file and was left out")
                continue
            self._put(name, part, "body", required=required and name in needed)


def _joined(path: str) -> str:
    return "_".join(part for part in path.replace("/", "_").split("_") if part)


def _is_json(media_type: str) -> bool:
    return media_type in ("application/json", "*/*", "application/*") or (
        media_type.endswith("+json")
    )


def _is_file(schema: Any) -> bool:
    """Return whether a part of a form is a file, or a list of files."""
    if not isinstance(schema, dict):
        return False
    marks = ("contentMediaType", "contentEncoding")
    is_one = schema.get("format") == "binary" or any(mark in schema for mark in marks)
    return is_one or _is_file(schema.get("items"))


def _schema_of(parameter: dict[str, Any]) -> Any:
    if "schema" in parameter:
        return parameter["schema"]
    return next((media.get("schema") for _, media in _objects(parameter.get("content"))), {})


def _as_object(schema: Any, place: Place, findings: ImportReport) -> dict[str, Any] | None:
    """Return the schema of a body with properties, or None."""
    if not isinstance(schema, dict):
        return None
    own = merge_all_of(schema, place, findings)
    if not isinstance(own.get("properties"), dict):
        own = one_schema(own, place, findings)
        own = merge_all_of(own, place, findings)
    return own if isinstance(own.get("properties"), dict) else None
