"""The built-in model as a backend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import httpx

from ..backends import BackendKind, ToolSupport
from .model import MODEL
from .transport import BuiltInTransport


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The small model in this process: no key, no network. It is not Gemma."""

    tokens_per_second: float | None = None
    """The pace of a streamed answer; None is as fast as it can."""

    model: str = field(default=MODEL, init=False)
    backend_kind: ClassVar[BackendKind] = "builtin"
    label: str = field(default="Built-in", init=False)
    base_url: str = field(default="http://builtin.invalid/client/v4", init=False)

    @property
    def account_url(self) -> str:
        """Where this account's resources stand."""
        return f"{self.base_url}/accounts/builtin"

    @property
    def headers(self) -> Mapping[str, str]:
        """Nothing: there is nobody to convince."""
        return {}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return ()

    @property
    def tool_support(self) -> ToolSupport:
        """Everything works."""
        return ToolSupport(takes_tools=True, result_role="tool", streams=True)

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport with connections of its own."""
        return BuiltInTransport(tokens_per_second=self.tokens_per_second)
