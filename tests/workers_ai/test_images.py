"""read_image with ordinary pictures."""

import hashlib
import time
from dataclasses import FrozenInstanceError
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from workers_ai import EncodedImage, InvalidImageError, read_image
from workers_ai.images import decode_data_uri, model_view, thumbnail
from workers_ai.pictures.encoding import flatness

TIMES = "\N{MULTIPLICATION SIGN}"
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
SAMPLE = Path(__file__).parents[2] / "components" / "assets" / "sample.png"
CANNOT_HOLD = {("JPEG", "RGBA"), ("JPEG", "P")}
CANNOT_HOLD |= {("PNG", "CMYK"), ("GIF", "CMYK"), ("BMP", "CMYK")}
LOSSLESS = ["PNG", "BMP", "TIFF", "GIF"]


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def opened(image: EncodedImage | bytes) -> Image.Image:
    picture = Image.open(BytesIO(image if isinstance(image, bytes) else image.data))
    picture.load()
    return picture


def photo(width: int, height: int) -> Image.Image:
    """Return smooth shapes with grain, like a camera's."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    grain = Image.effect_noise((width, height), 40)
    return Image.merge("RGB", (across, Image.blend(down, grain, 0.3), grain))


def screenshot(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 8), fill="#6d28d9")
    for line in range(height // 6, height - 20, 24):
        draw.text((40, line), "The quick brown fox jumps over the lazy dog " * 3, fill="#222222")
    return image


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_accepted_format_is_read(name: str) -> None:
    data = saved(Image.new("RGB", (40, 30), (200, 30, 60)), name)

    image = read_image(data)

    assert (image.original_format, image.original_bytes) == (name, len(data))
    assert image.original_media_type == f"image/{name.lower()}"
    red, green, blue = opened(image).getpixel((20, 15))  # type: ignore[misc]
    assert abs(red - 200) + abs(green - 30) + abs(blue - 60) < 12


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        (name, mode)
        for name in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
        for mode in ("RGB", "RGBA", "L", "P", "1", "CMYK")
        if (name, mode) not in CANNOT_HOLD
    ],
)
def test_the_media_type_is_true_and_the_picture_opaque(name: str, mode: str) -> None:
    image = read_image(saved(photo(64, 48).convert(mode), name))

    assert image.data.startswith(MAGIC[image.media_type])
    picture = opened(image)
    assert picture.mode == "RGB"
    assert not picture.has_transparency_data
    assert picture.size == (image.width, image.height) == (64, 48)


def test_a_photo_of_twelve_megapixels_is_scaled_quickly() -> None:
    data = saved(photo(4032, 3024), "JPEG", quality=90)

    start = time.perf_counter()
    image = read_image(data)
    seconds = time.perf_counter() - start

    assert (image.width, image.height) == (1792, 1344)
    assert (image.original_width, image.original_height) == (4032, 3024)
    assert f"scaled from 4032{TIMES}3024" in image.changes
    assert seconds < 1.5  # 0.15 s on an idle machine


def test_a_photo_of_fifty_megapixels_is_accepted() -> None:
    data = saved(Image.new("RGB", (8160, 6120), "teal"), "JPEG")

    assert (read_image(data).width, read_image(data).height) == (1792, 1344)


def test_the_longest_side_is_for_the_caller_to_choose() -> None:
    data = saved(photo(600, 1200), "PNG")

    assert read_image(data, longest_side=300).height == 300
    assert read_image(data, longest_side=None).height == 1200
    assert read_image(saved(photo(2000, 50), "PNG"), longest_side=None).width == 2000
    with pytest.raises(ValueError, match="positive"):
        read_image(data, longest_side=0)


def test_a_small_picture_is_not_enlarged() -> None:
    image = read_image(saved(screenshot(300, 200), "PNG"))

    assert (image.width, image.height) == (300, 200)
    assert image.changes == ()


@pytest.mark.parametrize(
    ("size", "sent"),
    [((1, 1), (16, 16)), ((4, 8), (16, 32)), ((20000, 10), (1792, 16)), ((1, 30000), (16, 1792))],
)
def test_no_side_is_too_short_for_a_model(size: tuple[int, int], sent: tuple[int, int]) -> None:
    image = read_image(saved(Image.new("RGB", size, (1, 2, 3)), "PNG"))

    assert (image.width, image.height) == sent
    assert any(f"from {size[0]}{TIMES}{size[1]}" in change for change in image.changes)
    assert opened(image).getpixel((0, 0)) == (1, 2, 3)


def test_the_shortest_side_holds_at_the_original_size_too() -> None:
    image = read_image(saved(Image.new("RGB", (20000, 10)), "PNG"), longest_side=None)

    assert (image.width, image.height) == (20000, 16)


@pytest.mark.parametrize("name", LOSSLESS)
def test_flat_graphics_stay_exact(name: str) -> None:
    drawn = screenshot(800, 600)

    image = read_image(saved(drawn, name))

    assert image.media_type == "image/png"
    assert opened(image).tobytes() == drawn.tobytes()


def test_a_large_screenshot_is_still_flat_when_scaled() -> None:
    image = read_image(saved(screenshot(3840, 2160), "PNG"))

    assert (image.media_type, image.width) == ("image/png", 1792)


@pytest.mark.parametrize("name", ["PNG", "BMP", "TIFF"])
def test_photos_become_jpeg(name: str) -> None:
    data = saved(photo(900, 700), name)

    image = read_image(data)

    assert image.media_type == "image/jpeg"
    assert "re-encoded as JPEG" in image.changes
    assert len(image.data) < len(data) / 3


def test_the_sample_picture_is_small_and_sent_as_it_is() -> None:
    data = SAMPLE.read_bytes()

    image = read_image(data)

    assert image.changes == ()
    assert (image.media_type, image.width, image.height) == ("image/png", 1200, 800)
    assert max(len(data), len(image.data)) < 250_000


def test_a_jpeg_stays_one_even_if_flat() -> None:
    assert read_image(saved(screenshot(800, 600), "JPEG")).media_type == "image/jpeg"


def test_a_flat_picture_whose_png_would_be_huge_becomes_jpeg() -> None:
    blurred = photo(1792, 1344).filter(ImageFilter.GaussianBlur(8))
    assert flatness(blurred) > 0.6

    assert read_image(saved(blurred, "PNG")).media_type == "image/jpeg"


def test_photos_and_graphics_are_far_apart_in_flatness() -> None:
    scaled = screenshot(3840, 2160).resize((1792, 1008), Image.Resampling.LANCZOS)
    softened = photo(1792, 1344).filter(ImageFilter.GaussianBlur(1))

    assert max(flatness(photo(1792, 1344)), flatness(softened)) < 0.1
    assert min(flatness(screenshot(800, 600)), flatness(scaled)) > 0.8


def test_reading_what_was_encoded_changes_nothing_but_the_encoding() -> None:
    first = read_image(saved(photo(4000, 3000), "JPEG"))

    second = read_image(first.data)

    assert second.changes == ("re-encoded as JPEG",)
    assert (second.width, second.height) == (first.width, first.height)


def test_the_data_uri_and_the_hash_are_those_of_the_bytes() -> None:
    image = read_image(saved(screenshot(100, 100), "PNG"))

    assert decode_data_uri(image.data_uri) == (image.media_type, image.data)
    assert image.sha256 == hashlib.sha256(image.data).hexdigest()
    assert image == read_image(saved(screenshot(100, 100), "PNG"))


def test_an_encoded_image_cannot_be_changed_and_does_not_print_its_bytes() -> None:
    image = read_image(saved(screenshot(100, 100), "PNG"))

    with pytest.raises(FrozenInstanceError):
        image.width = 5  # type: ignore[misc]
    assert len(repr(image)) < 400


def test_the_model_sees_a_square() -> None:
    drawn = Image.new("RGB", (600, 200), "white")
    drawn.paste("blue", (0, 0, 300, 200))
    image = read_image(saved(drawn, "PNG"))

    view = opened(model_view(image))

    assert view.size == (896, 896)
    assert view.getpixel((100, 450)) == (0, 0, 255)
    assert view.getpixel((800, 450)) == (255, 255, 255)
    assert model_view(image.data) == model_view(image)


def test_a_thumbnail_is_small() -> None:
    image = read_image(saved(photo(4032, 3024), "JPEG"))

    small = thumbnail(image)

    assert opened(small).size == (320, 240)
    assert len(small) < 40_000


def test_thumbnail_and_view_of_bytes_that_are_no_picture_are_refused() -> None:
    for draw in (thumbnail, model_view):
        with pytest.raises(InvalidImageError):
            draw(b"not a picture")
