"""Sample pictures to ask about, drawn on demand."""

from collections.abc import Callable
from functools import cache
from typing import Literal, get_args

from .drawn_business_card import draw_business_card
from .drawn_chart import draw_chart
from .drawn_landscape import draw_landscape
from .drawn_product import draw_product
from .drawn_receipt import draw_receipt

SamplePicture = Literal["receipt", "chart", "landscape", "product", "business_card"]
SAMPLE_PICTURES: tuple[SamplePicture, ...] = get_args(SamplePicture)

_DRAWN: dict[SamplePicture, Callable[[], bytes]] = {
    "receipt": draw_receipt,
    "chart": draw_chart,
    "landscape": draw_landscape,
    "product": draw_product,
    "business_card": draw_business_card,
}


@cache
def sample_picture(name: SamplePicture) -> bytes:
    """Return a picture as a PNG file, always the same bytes; `name` is from SAMPLE_PICTURES."""
    return _DRAWN[name]()
