"""How a request offers tools, and how it represents calls and results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools import TOOL_INSTRUCTIONS, describe_tools
from workers_ai import FunctionDefinition, Message, ToolSupport
from workers_ai.tool_calls import ResultRole, call_message, result_messages

from .defined_tools import offered_tools
from .settings import Settings, fill_variables
from .tree_nodes import Question, UserTurn

EVERYTHING = ToolSupport(takes_tools=True, result_role="tool", streams=True)
"""What is assumed of an unknown backend."""


@dataclass(frozen=True)
class ToolOffer:
    """How a request offers tools, and how it represents calls and results."""

    system: str = ""
    """The system prompt, including the tools if they are described there."""

    keys: Mapping[str, Any] = field(default_factory=dict)
    """What the body contains in addition to the messages: `tools` and `functions`."""

    result_role: ResultRole = "user"
    arguments: str = "arguments"
    """The key for a call's arguments when calls are written as text."""

    @classmethod
    def of(cls, settings: Settings, support: ToolSupport) -> "ToolOffer":
        """Return the offer for these settings on a backend with this tool support."""
        tools = offered_tools(settings.tools)
        system = fill_variables(settings.system, settings.variables)
        functions = [FunctionDefinition(name=f.name, code=f.code) for f in settings.functions]
        keys: dict[str, Any] = {"functions": functions} if functions else {}
        if not are_tools_described(settings, support):
            keys = {"tools": tools} | keys if tools else keys
            return cls(system if system.strip() else "", keys, support.result_role)
        described = describe_tools(tools, settings.instructions or TOOL_INSTRUCTIONS)
        system = "\n\n".join(part for part in (system, described) if part.strip())
        return cls(system, keys, "user", "parameters")

    def to_messages(self, asked: UserTurn) -> list[Message]:
        """Return a question, or calls with their results, as messages."""
        if isinstance(asked, Question):
            return [asked.message()]
        role = self.result_role
        called = call_message(asked.calls, asked.said, role=role, key=self.arguments)
        return [called, *result_messages(asked.results, role=role)]


def are_tools_described(settings: Settings, support: ToolSupport) -> bool:
    """Return whether tools are described in the prompt instead of sent as `tools`."""
    if settings.offering == "auto":
        return not support.takes_tools
    return settings.offering == "prompt"
