"""Ready-made examples of guided JSON: a schema, a matching question, and a picture."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

SamplePicture = Literal["receipt", "chart", "landscape", "product", "business_card"]
Schema = dict[str, Any]


@dataclass(frozen=True)
class GuidedExample:
    """One example, ready to send."""

    title: str
    schema: Schema
    """Every property has a description; those not required may be missing from the picture."""

    prompt: str
    picture: SamplePicture
    """A name for `sample_picture`."""


@cache
def sample_picture(name: SamplePicture) -> bytes:
    """Return the picture of an example as a PNG file."""
    return Path(__file__).with_name(f"{name}.png").read_bytes()


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def _number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def _choice(description: str, *values: str) -> Schema:
    return {"type": "string", "description": description, "enum": list(values)}


def _list(description: str, items: Schema, **more: Any) -> Schema:
    return {"type": "array", "description": description, "items": items, **more}


def _object(description: str, properties: dict[str, Schema], *optional: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


_RECEIPT = _object(
    "A till receipt, as it is printed.",
    {
        "shop": _text("The name of the shop."),
        "date": _text("The day of the purchase, as 2025-12-31.", format="date"),
        "items": _list(
            "One entry for each line with a price, from top to bottom.",
            _object(
                "One line of the receipt.",
                {
                    "name": _text("What was bought, as it is printed."),
                    "quantity": {
                        "type": "integer",
                        "description": "How many were bought; 1 where no number is printed.",
                        "minimum": 1,
                    },
                    "price": _number("The price of the whole line."),
                },
            ),
        ),
        "total": _number("The sum that was paid."),
        "currency": _text("Three capital letters, as EUR.", pattern="^[A-Z]{3}$"),
        "paid_by": _choice("How it was paid.", "cash", "card", "other"),
    },
    "paid_by",
)

_CHART = _object(
    "What a bar chart shows.",
    {
        "title": _text("The title of the chart."),
        "x_axis": _text("What the horizontal axis stands for."),
        "y_axis": _text("What the vertical axis stands for, with its unit."),
        "bars": _list(
            "One entry for each bar, from left to right.",
            _object(
                "One bar.",
                {
                    "label": _text("The label below the bar."),
                    "value": _number("The height of the bar, read from the axis."),
                },
            ),
        ),
        "summary": _text("One sentence on what stands out."),
    },
)

_ALT_TEXT = _object(
    "Words for people who cannot see a picture.",
    {
        "alt_text": _text("One sentence on what matters in the picture.", maxLength=160),
        "description": _text("Two to four sentences that go into detail."),
        "kind": _choice(
            "What kind of picture it is.", "photo", "drawing", "chart", "text", "other"
        ),
        "main_colors": _list(
            "Up to four colors, the largest first.", _text("A color."), maxItems=4
        ),
        "visible_text": _text(
            "Text that can be read in the picture; leave it out if there is none."
        ),
    },
    "visible_text",
)

_CLASSIFICATION = _object(
    "The place of a product in a catalog.",
    {
        "category": _choice(
            "The department it belongs to.",
            *("kitchen", "clothing", "electronics", "furniture", "toys", "other"),
        ),
        "product": _text("What it is, in one to three words."),
        "color": _text("Its main color."),
        "attributes": _list("Up to five words to find it by.", _text("One word."), maxItems=5),
        "confidence": _number("How sure the category is, from 0 to 1.", minimum=0, maximum=1),
    },
)

_CONTACT_CARD = _object(
    "The contact on a business card.",
    {
        "name": _text("The person's name."),
        "job_title": _text("What the person does."),
        "organization": _text("The company."),
        "email": _text("The e-mail address.", format="email"),
        "phone": _text("The phone number, as it is printed."),
        "website": _text("The address of the website, as it is printed."),
        "address": _object(
            "Where the company is.",
            {
                "street": _text("Street and number."),
                "city": _text("The city."),
                "postcode": _text("The postcode."),
                "country": _text("The country, if it is printed."),
            },
            "country",
        ),
    },
    *("job_title", "organization", "email", "phone", "website", "address"),
)

EXAMPLE_SCHEMAS = (
    GuidedExample(
        "Receipt",
        _RECEIPT,
        "Read this receipt: every item with its price, and the total.",
        "receipt",
    ),
    GuidedExample("Chart", _CHART, "Read the values of this chart.", "chart"),
    GuidedExample(
        "Alt text", _ALT_TEXT, "Describe this picture for people who cannot see it.", "landscape"
    ),
    GuidedExample(
        "Classification", _CLASSIFICATION, "Sort this product into the catalog.", "product"
    ),
    GuidedExample(
        "Contact card", _CONTACT_CARD, "Read the contact from this business card.", "business_card"
    ),
)
"""In display order."""
