"""The resulting pixels: upright, in the right colors, with nothing hidden behind them."""

import struct
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from PIL import Image, ImageCms

from workers_ai import EncodedImage, read_image
from workers_ai.pictures.exif import read_exif

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def pixels(image: EncodedImage) -> Image.Image:
    picture = Image.open(BytesIO(image.data))
    picture.load()
    return picture


def is_near(image: EncodedImage, at: tuple[int, int], color: tuple[int, int, int]) -> bool:
    found = pixels(image).getpixel(at)
    assert isinstance(found, tuple)
    return max(abs(a - b) for a, b in zip(found, color, strict=True)) <= 6


def turned_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif.tobytes()


def four_corners() -> Image.Image:
    image = Image.new("RGB", (96, 64), "black")
    for box, color in {(0, 0): "red", (48, 0): "lime", (0, 32): "blue"}.items():
        image.paste(color, (*box, box[0] + 48, box[1] + 32))
    return image


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB_SPACE = b"Lab "


def column(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3l", *(round(value * 65536) for value in (x, y, z)))


def profile(space: bytes, tags: dict[bytes, bytes], connection: bytes = b"XYZ ") -> bytes:
    """Return an ICC profile in the standard layout: header, tag table, tag values."""
    start = 132 + 12 * len(tags)
    table, body = struct.pack(">L", len(tags)), b""
    for tag, value in tags.items():
        table += struct.pack(">4sLL", tag, start + len(body), len(value))
        body += value + b"\0" * (-len(value) % 4)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    header = b"test\x02\x20\0\0" + kind + space + connection + SRGB[24:128]
    return struct.pack(">L", start + len(body)) + header + table + body


def display_profile(red: bytes, green: bytes, blue: bytes) -> bytes:
    curve = b"curv\0\0\0\0" + struct.pack(">LHxx", 1, round(2.2 * 256))
    tags = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue, b"wtpt": column(0.9642, 1, 0.8249)}
    return profile(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


P3 = display_profile(
    column(0.5151, 0.2412, -0.0011), column(0.2920, 0.6922, 0.0419), column(0.1571, 0.0666, 0.7841)
)


def gray_profile() -> bytes:
    """Return a profile with samples proportional to light."""
    curve = b"curv\0\0\0\0\0\0\0\0"
    return profile(b"GRAY", {b"kTRC": curve, b"wtpt": column(0.9642, 1, 0.8249)})


def press_profile() -> bytes:
    """Return the profile of a press that prints black as black, cyan as red, and no other ink."""
    identity = bytes(range(256))
    inks = {(0, 0): bytes([255, 128, 128]), (1, 0): bytes([140, 190, 170])}
    black = bytes([0, 128, 128])
    grid = b"".join(inks.get((c, k), black) for c, _, _, k in product((0, 1), repeat=4))
    matrix = struct.pack(">9l", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    lut = b"mft1\0\0\0\0\x04\x03\x02\0" + matrix + identity * 4 + grid + identity * 3
    return profile(b"CMYK", {b"A2B0": lut, b"wtpt": column(0.9642, 1, 0.8249)}, LAB_SPACE)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(name: str, orientation: int) -> None:
    # The inverse of each turn: 6 and 8 undo each other, the others undo themselves.
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    stored = four_corners()
    stored = stored if orientation == 1 else stored.transpose(TURNS[inverse])
    options = {"lossless": True} if name == "WEBP" else {}

    image = read_image(saved(stored, name, exif=turned_exif(orientation), **options))

    assert (image.width, image.height) == (image.original_width, image.original_height) == (96, 64)
    assert is_near(image, (20, 16), (255, 0, 0))
    assert is_near(image, (76, 16), (0, 255, 0))
    assert is_near(image, (20, 48), (0, 0, 255))
    assert is_near(image, (76, 48), (0, 0, 0))
    assert ("turned upright" in image.changes) == (orientation != 1)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(orientation: int) -> None:
    image = read_image(saved(four_corners(), "JPEG", exif=turned_exif(orientation)))

    assert (image.width, image.height) == (96, 64)
    assert "turned upright" not in image.changes


def test_a_scaled_photo_is_turned_too() -> None:
    data = saved(Image.new("RGB", (4000, 2000), "red"), "JPEG", exif=turned_exif(6))

    image = read_image(data)

    assert (image.width, image.height) == (896, 1792)
    assert (image.original_width, image.original_height) == (2000, 4000)


def test_a_block_of_exif_may_be_cut_anywhere() -> None:
    block = turned_exif(6)

    assert read_exif(block).orientation == 6
    assert {read_exif(block[:end]).orientation for end in range(len(block))} == {1}


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_wide_colors_are_converted_to_srgb(name: str) -> None:
    options = {"quality": 100} if name != "PNG" else {}
    data = saved(Image.new("RGB", (64, 64), (200, 100, 50)), name, icc_profile=P3, **options)

    image = read_image(data)

    assert is_near(image, (32, 32), (216, 93, 24))
    assert "converted to sRGB" in image.changes
    assert "icc_profile" not in pixels(image).info


def test_an_srgb_profile_changes_nothing() -> None:
    data = saved(Image.new("RGB", (64, 64), (200, 100, 50)), "PNG", icc_profile=SRGB)

    image = read_image(data)

    assert is_near(image, (32, 32), (200, 100, 50))
    assert image.changes == ()
    assert "icc_profile" not in pixels(image).info


def test_a_gray_profile_is_obeyed() -> None:
    data = saved(Image.new("L", (64, 64), 128), "PNG", icc_profile=gray_profile())

    assert is_near(read_image(data), (32, 32), (188, 188, 188))


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_cmyk_is_converted_with_its_profile(name: str) -> None:
    data = saved(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), name, icc_profile=press_profile())

    image = read_image(data)

    red, green, blue = pixels(image).getpixel((32, 32))  # type: ignore[misc]
    assert red > 180
    assert max(green, blue) < 120
    assert "converted to sRGB" in image.changes


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_readable(name: str) -> None:
    image = read_image(saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), name))

    assert is_near(image, (32, 32), (255, 0, 0))
    assert "converted from CMYK" in image.changes


def test_a_profile_for_other_pixels_is_left_out() -> None:
    for broken in (gray_profile(), press_profile(), P3[:200], b"no profile at all"):
        image = read_image(
            saved(Image.new("RGB", (64, 64), (9, 99, 199)), "PNG", icc_profile=broken)
        )

        assert is_near(image, (32, 32), (9, 99, 199))
        assert "unusable color profile removed" in image.changes


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_sixteen_bits_keep_their_shades(name: str) -> None:
    shades = (65535, 32768, 256, 0)
    rows = struct.pack("<4H", *shades) * 16
    image = Image.frombytes("I;16", (4, 16), rows).resize((64, 64), Image.Resampling.NEAREST)

    read = read_image(saved(image, name))

    found = [pixels(read).getpixel((x, 32)) for x in (8, 24, 40, 56)]
    assert found == [(255,) * 3, (128,) * 3, (1,) * 3, (0,) * 3]
    assert "16-bit samples scaled to 8 bits" in read.changes


@pytest.mark.parametrize("mode", ["I", "F"])
def test_scientific_samples_are_stretched(mode: str) -> None:
    image = Image.new(mode, (64, 64), -1000)
    image.paste(3000, (0, 0, 32, 64))

    read = read_image(saved(image, "TIFF"))

    assert [pixels(read).getpixel((x, 32)) for x in (8, 40)] == [(255,) * 3, (0,) * 3]


def test_one_value_everywhere_does_not_divide_by_zero() -> None:
    image = read_image(saved(Image.new("F", (32, 32), 7.0), "TIFF"))

    assert (image.width, image.height) == (32, 32)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_what_hides_below_transparency_is_gone(name: str) -> None:
    secret = Image.new("RGBA", (64, 64), (250, 20, 20, 0))
    secret.paste((0, 0, 200, 255), (0, 0, 32, 64))
    options = {"lossless": True, "exact": True} if name == "WEBP" else {}

    image = read_image(saved(secret, name, **options))

    assert is_near(image, (48, 32), (255, 255, 255))
    assert is_near(image, (16, 32), (0, 0, 200))
    assert "transparency on white" in image.changes


def test_hidden_colors_do_not_bleed_into_a_scaled_picture() -> None:
    hidden = Image.new("RGBA", (4000, 40), (255, 0, 0, 0))

    image = read_image(saved(hidden, "PNG"))

    assert pixels(image).getcolors() == [(1792 * 18, (255, 255, 255))]


def test_half_transparent_pixels_are_mixed_with_white() -> None:
    image = read_image(saved(Image.new("LA", (64, 64), (0, 128)), "PNG"))

    assert is_near(image, (32, 32), (127, 127, 127))


def test_an_alpha_channel_that_hides_nothing_is_not_mentioned() -> None:
    image = read_image(saved(Image.new("RGBA", (64, 64), (1, 2, 3, 255)), "PNG"))

    assert image.changes == ()


def palette_picture() -> Image.Image:
    image = Image.new("P", (64, 64), 1)
    image.putpalette([255, 0, 0, 0, 128, 0, 9, 9, 9])
    image.paste(0, (0, 0, 32, 64))
    return image


@pytest.mark.parametrize("transparency", [0, b"\x00\xff"])
def test_a_palette_entry_may_be_transparent(transparency: int | bytes) -> None:
    image = read_image(saved(palette_picture(), "PNG", transparency=transparency))

    assert is_near(image, (16, 32), (255, 255, 255))
    assert is_near(image, (48, 32), (0, 128, 0))


def test_a_transparent_gif_is_put_on_white() -> None:
    image = read_image(saved(palette_picture(), "GIF", transparency=0))

    assert is_near(image, (16, 32), (255, 255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "I;16"])
def test_a_color_declared_transparent_is_accepted(mode: str) -> None:
    key: Any = (9, 9, 9) if mode == "RGB" else 1
    image = read_image(saved(Image.new(mode, (32, 32), key), "PNG", transparency=key))

    assert (image.width, image.height) == (32, 32)


@pytest.mark.parametrize("mode", ["YCbCr", "LAB", "RGBX"])
def test_other_color_spaces_of_tiff_are_read(mode: str) -> None:
    converted = (
        Image.new("LAB", (32, 32), (255, 128, 128))
        if mode == "LAB"
        else Image.new("RGB", (32, 32), "white").convert(mode)
    )

    assert is_near(read_image(saved(converted, "TIFF")), (16, 16), (255, 255, 255))
