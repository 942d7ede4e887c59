"""The three commands that install Gemma 3 on a system without an engine."""

from collections.abc import Mapping
from types import MappingProxyType

SUGGESTED = "gemma3:4b"
"""The suggested first model: it sees pictures and runs on an ordinary machine (3.3 GB)."""

_INSTALL: Mapping[str, str] = MappingProxyType(
    {
        "Linux": "curl -fsSL https://ollama.com/install.sh | sh",
        "Darwin": "brew install --cask ollama",
        "Windows": "winget install Ollama.Ollama",
    }
)


def steps_to_gemma(system: str, model: str = SUGGESTED) -> tuple[str, str, str]:
    """Return the commands to type: install Ollama, start it, pull the model.

    `system` is the value of `platform.system()`; an unknown one is referred to Ollama's page.
    """
    install = _INSTALL.get(system, "Install Ollama from https://ollama.com/download")
    return (install, "ollama serve", f"ollama pull {model}")
