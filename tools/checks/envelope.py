"""Checks of everything around a tool's parameters: its shape, name and description."""

import re
from typing import Any

from workers_ai.json_values import Place, shown

from ..imports.tool_builder import LONGEST_NAME, legal_name
from .fixes import Edit, Faults, in_quotes, with_key, with_name

OWN_KEYS = ("name", "description", "parameters")

_NAME = re.compile(rf"[A-Za-z0-9_.-]{{1,{LONGEST_NAME}}}")
_ELSEWHERE = ("input_schema", "inputSchema", "parametersJsonSchema", "args")
"""Other names of the parameters: Anthropic, MCP, Gemini, LangChain."""

_MISSING = "this key is required"
_ONE_SHAPE = "a tool is either flat or wrapped in function, not both"
_NAME_RULE = f"a name is 1 to {LONGEST_NAME} letters, digits, _, - and ."


def check_envelope(draft: Any, faults: Faults) -> Place | None:
    """Report faults outside the parameters; return the path of these if they are an object."""
    if not isinstance(draft, dict) or _is_list_of_tools(draft):
        _tell_of_a_list(draft, faults)
        return None
    place = own_place(draft)
    own = draft["function"] if place else draft
    if place:
        _check_wrapping(draft, faults)
    if not isinstance(own, dict):
        faults.add(place, f"{shown(own)} is not accepted; it must be an object")
        return None
    _check_name(own, place, faults)
    _check_description(own, place, faults)
    return _parameters(own, place, faults)


def own_place(draft: dict[str, Any]) -> Place:
    """Return the path of the object with the tool's own keys: `function`, or the draft itself."""
    wrapped = isinstance(draft.get("function"), dict)
    flat = any(key in draft for key in OWN_KEYS)
    return ("function",) if wrapped or ("function" in draft and not flat) else ()


def _is_list_of_tools(draft: dict[str, Any]) -> bool:
    return list(draft) == ["tools"] and isinstance(draft["tools"], list)


def _only_one(tools: Any) -> Any:
    while True:
        if isinstance(tools, dict) and _is_list_of_tools(tools):
            tools = tools["tools"]
        elif isinstance(tools, list) and len(tools) == 1:
            tools = tools[0]
        else:
            return tools


def _tell_of_a_list(draft: Any, faults: Faults) -> None:
    tools = draft["tools"] if isinstance(draft, dict) else draft
    if not isinstance(tools, list):
        faults.add((), f"a tool must be a JSON object, not {shown(draft)}")
        return
    tool = _only_one(tools)
    mend = Edit("Use the one tool", (), lambda _: tool) if isinstance(tool, dict) else None
    faults.add((), "a draft must be one tool (a JSON object), not a list of tools", mend)


def _check_wrapping(draft: dict[str, Any], faults: Faults) -> None:
    outer = {key: draft[key] for key in OWN_KEYS if key in draft}
    if len(outer) == len(OWN_KEYS):
        faults.add(("function",), _ONE_SHAPE, _unwrapped_mend(draft, outer))
    kind = draft.get("type")
    if kind != "function":
        sentence = f'{shown(kind)} is not accepted; it must be "function"'
        mend = with_key((), "type", "function", "Set type to function")
        faults.add(("type",), sentence if "type" in draft else _MISSING, mend)


def _unwrapped_mend(draft: dict[str, Any], outer: dict[str, Any]) -> Edit | None:
    inner = draft["function"]
    if any(key not in inner or inner[key] != value for key, value in outer.items()):
        return None
    kept = {key: value for key, value in draft.items() if key not in OWN_KEYS}
    return Edit("Keep only function", (), lambda _: kept)


def _check_name(own: dict[str, Any], place: Place, faults: Faults) -> None:
    name = own.get("name")
    if not isinstance(name, str):
        faults.add((*place, "name"), _wrong_text(own, "name"))
    elif not name:
        faults.add((*place, "name"), f"the name is empty; {_NAME_RULE}")
    elif not _NAME.fullmatch(name):
        legal = legal_name(name)
        nearly = any(char.isalnum() for char in name) and legal != legal_name("")
        mend = with_key(place, "name", legal, f"Rename to {legal}") if nearly else None
        faults.add((*place, "name"), f"{in_quotes(name)} is not accepted; {_NAME_RULE}", mend)


def _check_description(own: dict[str, Any], place: Place, faults: Faults) -> None:
    text = own.get("description")
    if not isinstance(text, str):
        faults.add((*place, "description"), _wrong_text(own, "description"))
    elif not text.strip():
        sentence = "the description is empty; the model chooses the tool by its description"
        faults.add((*place, "description"), sentence)


def _wrong_text(own: dict[str, Any], key: str) -> str:
    if key not in own:
        return _MISSING
    return f"{shown(own[key])} is not accepted; it must be a string"


def _parameters(own: dict[str, Any], place: Place, faults: Faults) -> Place | None:
    here = (*place, "parameters")
    if isinstance(own.get("parameters"), dict):
        return here
    if own.get("parameters") is not None:
        faults.add(here, f"{shown(own['parameters'])} is not accepted; it must be an object")
        return None
    others = [key for key in _ELSEWHERE if isinstance(own.get(key), dict)]
    if len(others) == 1 and "parameters" not in own:
        mend = with_name(place, others[0], "parameters", f"Rename {others[0]} to parameters")
        faults.add(here, f"{_MISSING}; here it is named {others[0]}", mend)
        return None
    nothing = {"type": "object", "properties": {}}
    mend = with_key(place, "parameters", nothing, "Add empty parameters")
    faults.add(here, f"{_MISSING}; a tool without arguments has empty properties", mend)
    return None
