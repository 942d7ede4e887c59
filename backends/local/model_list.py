"""The models that a backend serves, as listed in its catalog (wire.md 7.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .model_facts import is_gemma_3


@dataclass(frozen=True, slots=True)
class EngineModel:
    """One model."""

    id: str
    context_window: int | None = None
    """Tokens of prompt and answer together; None if unknown."""

    sees_images: bool | None = None
    takes_tools: bool | None = None
    """Whether its template has tools; None if unknown."""

    is_gemma3: bool = False

    def entry(self) -> dict[str, Any]:
        """Return the model as an entry of the documented catalog."""
        known = {
            "context_window": self.context_window,
            "vision": self.sees_images,
            "function_calling": self.takes_tools,
        }
        properties = [
            {"property_id": name, "value": str(value).lower()}
            for name, value in known.items()
            if value is not None
        ]
        task = {"name": "Text Generation"}
        about = {"id": self.id, "name": self.id, "description": "", "task": task}
        return {**about, "properties": properties}


def gemma_first(models: Iterable[EngineModel]) -> tuple[EngineModel, ...]:
    """Return the models with Gemma 3 first and the order otherwise unchanged."""
    return tuple(sorted(models, key=lambda model: not model.is_gemma3))


def read_models(entries: Iterable[Mapping[str, Any]]) -> tuple[EngineModel, ...]:
    """Read the entries of a catalog, such as Cloudflare's, as `Client.models()` returns them.

    In Cloudflare's, a model without the property does not see pictures or call functions.
    """
    return gemma_first(_read(entry) for entry in entries if isinstance(entry.get("name"), str))


def _read(entry: Mapping[str, Any]) -> EngineModel:
    listed = entry.get("properties")
    properties = {
        str(each.get("property_id")): each.get("value")
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    }
    window = str(properties.get("context_window", ""))
    name = str(entry["name"])
    return EngineModel(
        id=name,
        context_window=int(window) if window.isascii() and window.isdigit() else None,
        sees_images=_flag(properties.get("vision")),
        takes_tools=_flag(properties.get("function_calling")),
        is_gemma3=is_gemma_3(name),
    )


def _flag(value: Any) -> bool | None:
    return None if value is None else str(value).lower() == "true"
