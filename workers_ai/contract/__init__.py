"""The documented schemas, as published on the model's page."""

import json
from importlib.resources import files
from typing import Any


def input_schema() -> dict[str, Any]:
    """Return the page's input schema: one branch for `prompt`, one for `messages`."""
    return _schema("input.schema.json")


def output_schema() -> dict[str, Any]:
    """Return the page's output schema."""
    return _schema("output.schema.json")


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return schema
