"""Detection of an engine by its answers, and of the models it has.

Bodies count, not statuses: LM Studio answers 200 to any path, and other programs use these ports.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .engine_table import EngineKind
from .model_facts import is_gemma_3
from .model_list import EngineModel, gemma_first

Fetch = Callable[[str, dict[str, Any] | None], Any]
"""Calls an engine with a path, and a body for a POST; returns the decoded JSON, or None for a
failure or anything else."""

MAX_MODELS_QUERIED = 12
"""For how many of Ollama's models the capabilities are queried, Gemma 3 first."""


@dataclass(frozen=True, slots=True)
class FoundEngine:
    """An engine that answers."""

    kind: EngineKind
    base_url: str
    models: tuple[EngineModel, ...]
    """Gemma 3 first. Empty if there are none, or one is still loading."""


def detect_engine(
    base_url: str, ask: Fetch, listing_path: str = "/v1/models"
) -> FoundEngine | None:
    """Return the engine that answers, or None if it is not an engine."""
    listing = ask(listing_path, None)
    listed = list(_listed(listing))
    owners = {str(entry.get("owned_by")) for entry in listed}
    if "llamacpp" in owners:
        return FoundEngine("llama-server", base_url, _llama_models(listed, ask))
    if "vllm" in owners:
        return FoundEngine("vllm", base_url, gemma_first(map(_vllm_model, listed)))
    tags = _ollama_tags(ask)
    if tags is not None:
        return FoundEngine("ollama", base_url, _ollama_models(tags, ask))
    studio = list(_studio_models(ask))
    if studio:
        return FoundEngine("lm-studio", base_url, gemma_first(studio))
    if isinstance(listing, dict) and (listed or listing.get("data") == []):
        plain = (EngineModel(entry["id"], is_gemma3=is_gemma_3(entry["id"])) for entry in listed)
        return FoundEngine("openai", base_url, gemma_first(plain))
    return None


def _listed(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield the entries of an OpenAI model list that have an id."""
    data = answer.get("data") if isinstance(answer, dict) else None
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]:
            yield entry


def _llama_models(listed: list[dict[str, Any]], ask: Fetch) -> tuple[EngineModel, ...]:
    props = ask("/props", None)
    known = props if isinstance(props, dict) else {}
    caps = _object(known.get("chat_template_caps"))
    vision = _object(known.get("modalities")).get("vision")
    template = str(known.get("chat_template", ""))
    return gemma_first(
        EngineModel(
            id=entry["id"],
            context_window=_count(_object(entry.get("meta")).get("n_ctx")),
            sees_images=_flag(vision),
            takes_tools=_flag(caps.get("supports_tools")),
            is_gemma3=is_gemma_3(entry["id"]) or "<start_of_image>" in template,
        )
        for entry in listed
    )


def _vllm_model(entry: dict[str, Any]) -> EngineModel:
    # A LoRA adapter names its base; a model served under another name gives its path.
    names = (entry["id"], str(entry.get("root")), str(entry.get("parent")))
    window = _count(entry.get("max_model_len"))
    return EngineModel(entry["id"], window, is_gemma3=any(map(is_gemma_3, names)))


def _ollama_tags(ask: Fetch) -> list[dict[str, Any]] | None:
    version = ask("/api/version", None)
    if not (isinstance(version, dict) and isinstance(version.get("version"), str)):
        return None
    tags = ask("/api/tags", None)
    models = tags.get("models") if isinstance(tags, dict) else None
    if not isinstance(models, list):
        return None
    return [tag for tag in models if isinstance(tag, dict) and isinstance(tag.get("name"), str)]


def _ollama_models(tags: list[dict[str, Any]], ask: Fetch) -> tuple[EngineModel, ...]:
    running = ask("/api/ps", None)
    loaded = running.get("models") if isinstance(running, dict) else None
    windows = {
        each.get("name"): _count(each.get("context_length"))
        for each in (loaded if isinstance(loaded, list) else [])
        if isinstance(each, dict)
    }
    named = gemma_first(
        EngineModel(tag["name"], windows.get(tag["name"]), is_gemma3=_ollama_gemma(tag))
        for tag in tags
    )
    shown = (_shown(model, ask) for model in named[:MAX_MODELS_QUERIED])
    return (*shown, *named[MAX_MODELS_QUERIED:])


def _ollama_gemma(tag: dict[str, Any]) -> bool:
    details = _object(tag.get("details"))
    return is_gemma_3(tag["name"]) or details.get("family") == "gemma3"


def _shown(model: EngineModel, ask: Fetch) -> EngineModel:
    details = ask("/api/show", {"model": model.id})
    capabilities = details.get("capabilities") if isinstance(details, dict) else None
    if not isinstance(capabilities, list):
        return model
    return EngineModel(
        model.id,
        model.context_window,
        "vision" in capabilities,
        "tools" in capabilities,
        model.is_gemma3,
    )


def _studio_models(ask: Fetch) -> Iterator[EngineModel]:
    """Read LM Studio's own list, in the form of version 0.4 and newer or of older versions."""
    answer = ask("/api/v1/models", None)
    listed = answer.get("models") if isinstance(answer, dict) else None
    if isinstance(listed, list):
        yield from (_studio_model(entry) for entry in listed if _is_studio(entry, "key"))
        return
    for entry in _listed(ask("/api/v0/models", None)):
        if _is_studio(entry, "id"):
            yield _older_studio_model(entry)


def _is_studio(entry: Any, name: str) -> bool:
    known = isinstance(entry, dict) and isinstance(entry.get(name), str)
    return known and entry.get("type") in {"llm", "vlm"}


def _studio_model(entry: dict[str, Any]) -> EngineModel:
    instances = entry.get("loaded_instances")
    loaded = instances[0] if isinstance(instances, list) and instances else None
    window = _count(_object(_object(loaded).get("config")).get("context_length"))
    return EngineModel(
        id=entry["key"],
        context_window=window or _count(entry.get("max_context_length")),
        sees_images=_flag(_object(entry.get("capabilities")).get("vision")),
        takes_tools=True,
        is_gemma3=is_gemma_3(entry["key"]) or entry.get("architecture") == "gemma3",
    )


def _older_studio_model(entry: dict[str, Any]) -> EngineModel:
    window = _count(entry.get("loaded_context_length"))
    return EngineModel(
        id=entry["id"],
        context_window=window or _count(entry.get("max_context_length")),
        sees_images=entry["type"] == "vlm",
        takes_tools=True,
        is_gemma3=is_gemma_3(entry["id"]) or entry.get("arch") == "gemma3",
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
