"""The decision whether to call a tool, which one, and with which arguments."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .argument_filling import fillable_schema, listed_together, object_of
from .conversation import Conversation
from .conversation_values import Facts
from .retrieval import Index
from .schema_lookup import kind
from .text_normalization import content, terms, words
from .tool_agreement import OfferedTool, is_named, match_score

_DESCRIBED = re.compile(r"\byou have access to (?:the following )?functions?\b", re.IGNORECASE)
_AGREES = 0.5


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call to write."""

    tool: OfferedTool
    facts: Facts
    schema: Mapping[str, Any]
    """The schema of the arguments: the tool's, without the properties that stay empty."""


@dataclass(frozen=True, slots=True)
class ToolPlan:
    """The calls to make for a request, or a question to ask first."""

    calls: tuple[PlannedCall, ...] = ()
    question: str = ""
    """The question to ask, if a tool fits but a required value is missing."""


def offered_tools(body: Mapping[str, Any], conversation: Conversation) -> list[OfferedTool]:
    """Return the tools in `tools`, or else those described in the prompt."""
    given = [_tool(tool) for tool in body.get("tools") or ()]
    return given or [_tool(tool, as_text=True) for tool in _tools_in_prompt(conversation)]


def plan_calls(tools: Sequence[OfferedTool], conversation: Conversation, index: Index) -> ToolPlan:
    """Decide which tools the last question needs.

    A tool fits if it covers half of the question, not counting the values for its parameters, or if
    the question names it. It is called if the conversation contains everything it requires.
    """
    question = _without_description(conversation.question)
    facts = [question, *conversation.earlier]
    agreements = {tool.name: match_score(tool, question, index) for tool in tools}
    ranked = sorted(tools, key=lambda tool: -agreements[tool.name])
    fitting = [tool for tool in ranked if agreements[tool.name] >= _AGREES]
    ready = [tool for tool in fitting if not _unsaid(tool, facts)]
    if ready:
        return ToolPlan(tuple(call for tool in _distinct(ready) for call in _calls(tool, facts)))
    if fitting and _acts(fitting[0], question):
        return ToolPlan(question=_ask_back(fitting[0], _unsaid(fitting[0], facts)))
    return ToolPlan()


def _tool(tool: Mapping[str, Any], *, as_text: bool = False) -> OfferedTool:
    inner = tool.get("function", tool)
    parameters = inner.get("parameters")
    return OfferedTool(
        str(inner.get("name", "")),
        str(inner.get("description", "")),
        parameters if isinstance(parameters, Mapping) else {},
        as_text=as_text,
    )


def _tools_in_prompt(conversation: Conversation) -> list[Mapping[str, Any]]:
    for turn in conversation.all_turns:
        found = _DESCRIBED.search(turn.text)
        if found:
            return _first_list(turn.text[found.end() :])
    return []


def _first_list(text: str) -> list[Mapping[str, Any]]:
    for match in re.finditer(r"\[\s*\{", text):
        try:
            value, _ = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        return [
            tool
            for tool in value
            if isinstance(tool, dict) and "name" in tool.get("function", tool)
        ]
    return []


def _without_description(question: str) -> str:
    if _DESCRIBED.search(question) is None:
        return question
    begin = question.find("[")
    try:
        _, end = json.JSONDecoder().raw_decode(question, begin)
    except (ValueError, RecursionError):
        return question
    return question[end:].strip()


def _unsaid(tool: OfferedTool, facts: Sequence[str]) -> list[str]:
    said = Facts(facts)
    needed = [name for name in tool.required if kind(tool.properties[name]) != "boolean"]
    return [
        name for name in needed if fillable_schema((name,), tool.properties[name], said) is None
    ]


def _acts(tool: OfferedTool, question: str) -> bool:
    """Return whether the question asks for the action in the tool's name."""
    named = content(terms(tool.name.replace("_", " ")))
    return is_named(tool, question) or not set(named).isdisjoint(terms(question))


def _ask_back(tool: OfferedTool, missing: Sequence[str]) -> str:
    needed = [f"{name} ({_plain(tool.properties[name])})" for name in missing]
    return f"I can call {tool.name} for this, but I still need {' and '.join(needed)}."


def _plain(part: Mapping[str, Any]) -> str:
    return str(part.get("description") or kind(part) or "a value").rstrip(".")


def _distinct(tools: Sequence[OfferedTool]) -> list[OfferedTool]:
    return list({tool.name: tool for tool in tools}.values())


def _calls(tool: OfferedTool, facts: Sequence[str]) -> list[PlannedCall]:
    times = _how_often(tool, facts)
    shared = Facts(facts)
    return [_call(tool, facts, shared, each=times > 1) for _ in range(times)]


def _call(tool: OfferedTool, texts: Sequence[str], shared: Facts, *, each: bool) -> PlannedCall:
    facts = Facts(texts)
    if each:
        name = tool.required[0]
        facts.give((name,), shared.take(name, tool.properties[name]))
    said = {name: fillable_schema((name,), part, facts) for name, part in tool.properties.items()}
    kept = {
        name: said[name] or part
        for name, part in tool.properties.items()
        if name in tool.required or said[name] is not None
    }
    return PlannedCall(tool, facts, object_of(tool.parameters, kept))


def _how_often(tool: OfferedTool, facts: Sequence[str]) -> int:
    """Count the calls: one for each of several places, as in "Paris and London"."""
    if len(tool.required) != 1 or kind(tool.properties[tool.required[0]]) != "string":
        return 1
    name = tool.required[0]
    values = [v for v in Facts(facts[:1]).all(name, tool.properties[name]) if v[:1].isupper()]
    listed = listed_together(values, facts[0])
    return max(1, len(listed)) if len(words(" ".join(listed))) else 1
