"""Backends that answer the documented API from this machine.

    BuiltIn()                               a small model in this process, without a key or network
    LocalEngine(base_url, model)            an engine such as Ollama, llama-server, vLLM, LM Studio
    endpoint_app(backend)                   the documented API itself, served as an ASGI application

A backend for a `Client` has a transport, which turns documented requests into documented bytes.
"""

from .builtin.answer import PromptTooLongError
from .builtin.backend import BuiltIn
from .builtin.grammars import GrammarError
from .builtin.language_model import preload_built_in
from .builtin.passages import GuidePassage, load_guide
from .builtin.replay import TokenStep, replay_answer
from .builtin.sampling import (
    COLDEST_TEMPERATURE,
    DEFAULT_TEMPERATURE,
    Logits,
    SamplingSettings,
    logit_penalties,
    token_weights,
)
from .endpoint.environment import endpoint_routes
from .endpoint.routes import endpoint_app
from .local.backend import LocalEngine
from .local.changes import read_changes
from .local.connection import openai_url
from .local.detection import FoundEngine
from .local.discovery import ENGINE_PORTS, engine_at, find_engines
from .local.engine_table import ENGINES
from .local.model_download import SUGGESTED_MODEL, Download, steps_to_gemma
from .local.model_list import EngineModel, read_models
from .local.openai_requests import openai_request, wrapped_tool
from .local.parameter_notes import ParameterNote
from .local.transport import translated_request

__all__ = [
    "COLDEST_TEMPERATURE",
    "DEFAULT_TEMPERATURE",
    "ENGINES",
    "ENGINE_PORTS",
    "SUGGESTED_MODEL",
    "BuiltIn",
    "Download",
    "EngineModel",
    "FoundEngine",
    "GrammarError",
    "GuidePassage",
    "LocalEngine",
    "Logits",
    "ParameterNote",
    "PromptTooLongError",
    "SamplingSettings",
    "TokenStep",
    "endpoint_app",
    "endpoint_routes",
    "engine_at",
    "find_engines",
    "load_guide",
    "logit_penalties",
    "openai_request",
    "openai_url",
    "preload_built_in",
    "read_changes",
    "read_models",
    "replay_answer",
    "steps_to_gemma",
    "token_weights",
    "translated_request",
    "wrapped_tool",
]
