"""The documented schemas, as the model's page publishes them."""

import json
from importlib.resources import files
from typing import Any


def input_schema() -> dict[str, Any]:
    """Read the page's input schema: one branch for `prompt`, one for `messages`."""
    return _schema("input.schema.json")


def output_schema() -> dict[str, Any]:
    """Read the page's output schema."""
    return _schema("output.schema.json")


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return schema
