"""How a request offers tools, and how it tells of calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workers_ai import (
    INSTRUCTIONS,
    FunctionDefinition,
    Message,
    ResultRole,
    ToolSupport,
    call_message,
    describe_tools,
    result_messages,
)

from .defined_tools import offered_tools
from .nodes import Asked, Question
from .settings import Settings, filled_in

EVERYTHING = ToolSupport(takes_tools=True, result_role="tool", streams=True)
"""What is taken for granted of a backend that nothing is known of."""


@dataclass(frozen=True)
class Offer:
    """How a request offers tools, and how calls and results are told in it."""

    system: str = ""
    """The system prompt, with the tools in it where they are described."""

    keys: Mapping[str, Any] = field(default_factory=dict)
    """What goes into the body beside the messages: `tools` and `functions`."""

    result_role: ResultRole = "user"
    arguments: str = "arguments"
    """What the arguments of a call are named in the text."""

    @classmethod
    def of(cls, settings: Settings, support: ToolSupport) -> "Offer":
        """Resolve what the settings leave to the backend."""
        tools = offered_tools(settings.tools)
        system = filled_in(settings.system, settings.variables)
        functions = [FunctionDefinition(name=f.name, code=f.code) for f in settings.functions]
        keys: dict[str, Any] = {"functions": functions} if functions else {}
        if not is_described(settings, support):
            keys = {"tools": tools} | keys if tools else keys
            return cls(system if system.strip() else "", keys, support.result_role)
        described = describe_tools(tools, settings.instructions or INSTRUCTIONS)
        system = "\n\n".join(part for part in (system, described) if part.strip())
        return cls(system, keys, "user", "parameters")

    def told(self, asked: Asked) -> list[Message]:
        """Return what was asked as messages: a question, or calls with what came of them."""
        if isinstance(asked, Question):
            return [asked.message()]
        role = self.result_role
        called = call_message(asked.calls, asked.said, role=role, key=self.arguments)
        return [called, *result_messages(asked.results, role=role)]


def is_described(settings: Settings, support: ToolSupport) -> bool:
    """Whether tools are described in the prompt, and not sent as `tools`."""
    if settings.offering == "auto":
        return not support.takes_tools
    return settings.offering == "prompt"
