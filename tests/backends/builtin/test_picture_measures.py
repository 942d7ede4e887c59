import base64
import io
from collections.abc import Callable

import httpx
import numpy as np
import pytest
from PIL import Image

from backends.builtin.picture_measures import measure, notes_on_pictures
from workers_ai import InvalidImageError


def uri(image: Image.Image, kind: str = "PNG") -> str:
    stream = io.BytesIO()
    image.save(stream, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"


def test_size_and_format_are_measured() -> None:
    facts = measure(uri(Image.new("RGB", (640, 480)), "JPEG"))
    assert (facts.format, facts.width, facts.height) == ("JPEG", 640, 480)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((220, 30, 30), "red"), ((30, 160, 50), "green"), ((30, 60, 200), "blue"),
        ((240, 220, 40), "yellow"), ((250, 140, 20), "orange"), ((120, 70, 30), "brown"),
        ((250, 250, 250), "white"), ((128, 128, 128), "gray"), ((8, 8, 8), "black"),
        ((150, 60, 200), "purple"), ((240, 120, 190), "pink"),
    ],
)  # fmt: skip
def test_colors_have_names(rgb: tuple[int, int, int], name: str) -> None:
    assert measure(uri(Image.new("RGB", (20, 20), rgb))).colors == ((name, 1.0),)


def test_shares_of_colors_add_up() -> None:
    image = Image.new("RGB", (64, 64), (220, 30, 30))
    image.paste((30, 60, 200), (0, 0, 64, 16))
    assert measure(uri(image)).colors == (("red", 0.75), ("blue", 0.25))


def test_what_is_transparent_counts_as_white() -> None:
    assert measure(uri(Image.new("RGBA", (9, 9), (255, 0, 0, 0)))).colors == (("white", 1.0),)


def test_brightness_and_contrast_are_put_in_words() -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * 255
    (checked,) = notes_on_pictures([uri(Image.fromarray(board.astype(np.uint8)))])
    (dark,) = notes_on_pictures([uri(Image.new("RGB", (64, 64), (10, 10, 10)))])
    assert "strong contrast" in checked
    assert "It is dark and has little contrast" in dark


@pytest.mark.parametrize(
    ("size", "shape"), [((40, 30), "landscape (4:3)"), ((30, 40), "portrait"), ((9, 9), "square")]
)
def test_orientation_is_named(size: tuple[int, int], shape: str) -> None:
    assert shape in notes_on_pictures([uri(Image.new("RGB", size))])[0]


@pytest.mark.parametrize(
    "broken",
    ["data:image/png;base64,AAAA", "data:text/plain,hello", "data:image/png;base64,%%%", "data:"],
)
def test_what_is_not_a_picture_is_refused(broken: str, run: Callable[..., httpx.Response]) -> None:
    with pytest.raises(InvalidImageError):
        measure(broken)
    parts = [{"type": "image_url", "image_url": {"url": broken}}]
    assert run(messages=[{"role": "user", "content": parts}]).status_code == 400


def test_the_answer_holds_the_facts_and_says_that_it_cannot_see(ask: Callable[..., str]) -> None:
    parts = [
        {"type": "text", "text": "What is in this picture?"},
        {
            "type": "image_url",
            "image_url": {"url": uri(Image.new("RGB", (640, 480), (220, 30, 30)))},
        },
    ]
    for seed in range(1, 6):
        answer = ask(messages=[{"role": "user", "content": parts}], seed=seed)
        assert "cannot recognize" in answer
        assert "640 by 480 pixels" in answer
        assert "red" in answer


def test_several_pictures_are_told_apart(ask: Callable[..., str]) -> None:
    urls = [uri(Image.new("RGB", (10, 20))), uri(Image.new("RGB", (20, 10), (255, 255, 255)))]
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    answer = ask(messages=[{"role": "user", "content": parts}], temperature=0)
    assert "Picture 1: It is a PNG of 10 by 20" in answer
    assert "Picture 2: It is a PNG of 20 by 10" in answer


def test_a_later_question_is_about_the_picture_unless_the_guide_answers_it(
    ask: Callable[..., str],
) -> None:
    shown = [{"type": "image_url", "image_url": {"url": uri(Image.new("RGB", (30, 20)))}}]
    before = [{"role": "user", "content": shown}, {"role": "assistant", "content": "Fine."}]

    def then(text: str) -> str:
        messages = [*before, {"role": "user", "content": text}]
        return ask(messages=messages, temperature=0)

    assert "30 by 20 pixels" in then("and which colors does it have?")
    assert "30 by 20" not in then("What does top_k do?")
