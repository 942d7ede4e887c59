"""Example tools, each with a question that triggers a call and an answer to return."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workers_ai import Tool


@dataclass(frozen=True, slots=True)
class ExampleTool:
    """A tool that shows what a definition looks like; there is no service behind it."""

    title: str
    """The name on screen."""

    definition: Tool
    """The definition sent to the model."""

    question: str
    """A question that makes the model call the tool."""

    answer: Any
    """The service's answer: a JSON value, such as the body of an `HttpStub`."""


_WEATHER = ExampleTool(
    title="Weather",
    definition=Tool(
        name="get_weather",
        description="Get the current weather in a city.",
        parameters={
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "The city, such as Paris."},
                "unit": {
                    "type": "string",
                    "enum": ["celsius", "fahrenheit"],
                    "description": "The unit of the temperature.",
                },
            },
            "required": ["city"],
        },
    ),
    question="What is the weather in Paris, in celsius?",
    answer={"temperature": 18, "unit": "celsius", "sky": "light rain", "humidity": 72},
)

_CODE = {"type": "string", "pattern": "^[A-Z]{3}$"}

_CURRENCY = ExampleTool(
    title="Currency",
    definition=Tool(
        name="convert_currency",
        description="Convert an amount of money from one currency to another.",
        parameters={
            "type": "object",
            "properties": {
                "amount": {
                    "type": "number",
                    "minimum": 0,
                    "description": "How much money to convert.",
                },
                "from": {
                    **_CODE,
                    "description": "The three-letter code of the currency to convert from.",
                },
                "to": {
                    **_CODE,
                    "description": "The three-letter code of the currency to convert to.",
                },
            },
            "required": ["amount", "from", "to"],
        },
    ),
    question="Convert 250 USD to EUR.",
    answer={"amount": 231.75, "currency": "EUR", "rate": 0.927, "date": "2026-03-10"},
)

_CALENDAR = ExampleTool(
    title="Calendar",
    definition=Tool(
        name="create_event",
        description="Create an event in the calendar.",
        parameters={
            "type": "object",
            "properties": {
                "title": {"type": "string", "description": "What the event is about."},
                "start": {
                    "type": "object",
                    "description": "When the event begins.",
                    "properties": {
                        "date": {
                            "type": "string",
                            "format": "date",
                            "description": "The day, as YYYY-MM-DD.",
                        },
                        "time": {
                            "type": "string",
                            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
                            "description": "The time, as HH:MM.",
                        },
                    },
                    "required": ["date", "time"],
                },
                "attendees": {
                    "type": "array",
                    "items": {"type": "string", "format": "email"},
                    "description": "The email addresses of the people to invite.",
                },
            },
            "required": ["title", "start"],
        },
    ),
    question=(
        'Create an event called "Project review" on 2026-03-12 at 14:30 '
        "and invite ana@example.com and ben@example.com."
    ),
    answer={"event_id": "evt_4821", "state": "confirmed", "invitations_sent": 2},
)

_SEARCH = ExampleTool(
    title="Document search",
    definition=Tool(
        name="search_documents",
        description="Search the documents of the company.",
        parameters={
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "The words to search for."},
                "limit": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 20,
                    "description": "How many documents to return at most.",
                },
                "tags": {
                    "type": "array",
                    "items": {"type": "string", "enum": ["guide", "policy", "report"]},
                    "description": "Only documents with one of these tags.",
                },
            },
            "required": ["query"],
        },
    ),
    question='Search the documents for "travel expenses": 3 guides at most.',
    answer={
        "count": 2,
        "documents": [
            "Travel expenses step by step (2026)",
            "Booking trains and hotels (2025)",
        ],
    },
)

EXAMPLE_TOOLS: Mapping[str, ExampleTool] = MappingProxyType(
    {example.definition.name: example for example in (_WEATHER, _CURRENCY, _CALENDAR, _SEARCH)}
)
"""The examples by tool name."""

TWO_CALLS = "What is the weather in Paris and in Oslo?"
"""A question that triggers two calls of `get_weather` in one answer."""
