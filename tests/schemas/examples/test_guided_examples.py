from collections.abc import Iterator
from io import BytesIO
from typing import Any, get_args

import pytest
from PIL import Image

from schemas import EXAMPLE_SCHEMAS, GuidedExample, check_answer, check_schema, sample_picture
from schemas.examples.guided_examples import SamplePicture
from workers_ai import ChatRequest, read_image

each_example = pytest.mark.parametrize(
    "example", EXAMPLE_SCHEMAS, ids=lambda example: example.title
)


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for part in schema.get("properties", {}).values():
        yield from parts(part)
    if "items" in schema:
        yield from parts(schema["items"])


def test_the_examples_are_the_promised_ones() -> None:
    titles = [example.title for example in EXAMPLE_SCHEMAS]
    assert titles == ["Receipt", "Chart", "Alt text", "Classification", "Contact card"]
    assert {example.picture for example in EXAMPLE_SCHEMAS} == set(get_args(SamplePicture))


@each_example
def test_the_schema_of_an_example_is_complete(example: GuidedExample) -> None:
    assert check_schema(example.schema) == ()
    for part in parts(example.schema):
        assert part["description"].endswith(".")
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"]
            assert set(part["required"]) <= set(part["properties"])


@each_example
def test_an_example_can_be_sent(example: GuidedExample) -> None:
    message = {"role": "user", "content": example.prompt}
    request = ChatRequest.model_validate({"messages": [message], "guided_json": example.schema})
    assert request.body()["guided_json"] == example.schema


def test_what_is_shown_fits_the_schema_of_its_example() -> None:
    receipt, chart, *_, card = (example.schema for example in EXAMPLE_SCHEMAS)
    line = {"name": "Oat milk 1 l", "quantity": 2, "price": 3.58}
    paper = {"shop": "GREEN CORNER", "date": "2025-03-14", "items": [line], "total": 21.94}
    assert check_answer({**paper, "currency": "EUR", "paid_by": "card"}, receipt) == ()
    assert [fault.path for fault in check_answer({**paper, "currency": "€"}, receipt)] == [
        "currency"
    ]
    axes = {"title": "Museum visitors in 2025", "x_axis": "Month", "y_axis": "Visitors per day"}
    bars = [{"label": "May", "value": 280}]
    assert check_answer({**axes, "bars": bars, "summary": "May is highest."}, chart) == ()
    assert check_answer({"name": "Maya Okafor", "email": "m.okafor@northwind.example"}, card) == ()


@each_example
def test_a_picture_is_a_png_that_can_be_sent(example: GuidedExample) -> None:
    data = sample_picture(example.picture)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert 640 <= max(image.size) <= 900
        assert image.getcolors(maxcolors=64) is None
    encoded = read_image(data, name=f"{example.picture}.png")
    assert max(encoded.width, encoded.height) <= 900
    assert len(data) < 200_000
