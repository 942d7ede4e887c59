from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from schemas import EXAMPLE_SCHEMAS, GuidedExample, check_answer, check_schema, sample_picture
from schemas.examples.sample_pictures import SAMPLE_PICTURES
from workers_ai import ChatRequest, read_image

each_example = pytest.mark.parametrize(
    "example", EXAMPLE_SCHEMAS, ids=lambda example: example.title
)
each_picture = pytest.mark.parametrize("name", SAMPLE_PICTURES)


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for part in schema.get("properties", {}).values():
        yield from parts(part)
    if "items" in schema:
        yield from parts(schema["items"])


def test_the_examples_are_the_promised_ones() -> None:
    titles = [example.title for example in EXAMPLE_SCHEMAS]
    assert titles == ["Receipt", "Chart", "Alt text", "Classification", "Contact card"]
    assert sorted(example.picture for example in EXAMPLE_SCHEMAS) == sorted(SAMPLE_PICTURES)


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


def test_what_is_drawn_fits_the_schema_of_its_example() -> None:
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


@each_picture
def test_a_picture_is_a_png_that_can_be_sent(name: Any) -> None:
    data = sample_picture(name)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert 640 <= max(image.size) <= 900
        assert image.getcolors(maxcolors=64) is None
    encoded = read_image(data, name=f"{name}.png")
    assert max(encoded.width, encoded.height) <= 900
    assert len(data) < 200_000


@each_picture
def test_a_picture_is_the_same_each_time(name: Any) -> None:
    first = sample_picture(name)
    sample_picture.cache_clear()
    assert sample_picture(name) == first
