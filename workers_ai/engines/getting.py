"""How somebody without an engine gets Gemma 3: in three lines, for their system."""

from collections.abc import Mapping
from types import MappingProxyType

SUGGESTED = "gemma3:4b"
"""The model to begin with: it sees pictures and runs on an ordinary machine (3.3 GB)."""

_INSTALL: Mapping[str, str] = MappingProxyType(
    {
        "Linux": "curl -fsSL https://ollama.com/install.sh | sh",
        "Darwin": "brew install --cask ollama",
        "Windows": "winget install Ollama.Ollama",
    }
)


def steps_to_gemma(system: str, model: str = SUGGESTED) -> tuple[str, str, str]:
    """Return the commands to type: install Ollama, start it, get the model.

    `system` is as `platform.system()` names it; one that is not known is sent to Ollama's page.
    """
    install = _INSTALL.get(system, "Install Ollama from https://ollama.com/download")
    return (install, "ollama serve", f"ollama pull {model}")
