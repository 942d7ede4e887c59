"""The built-in model as a backend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import httpx

from workers_ai import ToolSupport
from workers_ai.backend import BackendKind

from .language_model import MODEL
from .transport import BuiltInTransport


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The small model in this process: no key, no network, and not Gemma."""

    tokens_per_second: float | None = None
    """The pace of a streamed answer; None is as fast as possible."""

    model: str = field(default=MODEL, init=False)
    backend_kind: ClassVar[BackendKind] = "builtin"
    label: str = field(default="Built-in", init=False)
    base_url: str = field(default="http://builtin.invalid/client/v4", init=False)

    @property
    def account_url(self) -> str:
        """The base address of this account's resources."""
        return f"{self.base_url}/accounts/builtin"

    @property
    def headers(self) -> Mapping[str, str]:
        """No headers."""
        return {}

    @property
    def secrets(self) -> tuple[str, ...]:
        """No secrets."""
        return ()

    @property
    def tool_support(self) -> ToolSupport:
        """Full support."""
        return ToolSupport(takes_tools=True, result_role="tool", streams=True)

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport."""
        return BuiltInTransport(tokens_per_second=self.tokens_per_second)
