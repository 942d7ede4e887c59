"""Malicious and damaged files: each is refused quickly, with one clear sentence."""

import resource
import struct
import threading
import time
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, features

from workers_ai import InvalidImageError, read_image
from workers_ai.pictures.picture_reader import LARGEST_BYTES

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]


def saved(name: str, image: Image.Image | None = None, **options: Any) -> bytes:
    file = BytesIO()
    (image or Image.effect_noise((64, 48), 50).convert("RGB")).save(file, name, **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", checksum)


def png(*chunks: bytes, width: int = 8, height: int = 8, rows: bytes | None = None) -> bytes:
    """Return an 8-bit gray PNG with `chunks` after its header."""
    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = zlib.compress(b"\0" * (width + 1) * height if rows is None else rows)
    body = [header, *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def jpeg_of_size(width: int, height: int) -> bytes:
    data = saved("JPEG")
    frame = data.index(b"\xff\xc0") + 5
    return data[:frame] + struct.pack(">HH", height, width) + data[frame + 4 :]


def gif_of_frames(count: int) -> bytes:
    data = saved("GIF", Image.new("P", (4, 4)))
    frame = data[data.index(b",\0\0\0\0") : -1]
    return data[:-1] + frame * (count - 1) + b";"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "text": (lambda: b"These are only words.", "not a picture"),
    "one byte": (lambda: b"\xff", "not a picture"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
    "svg after a declaration": (lambda: b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "SVG"),
    "html": (lambda: b"\n<!DOCTYPE html><html></html>", "markup"),
    "pdf": (lambda: b"%PDF-1.7\n", "PDF"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
    "dos eps": (lambda: b"\xc5\xd0\xd3\xc6" + b"\0" * 40, "PostScript"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40, "HEIC"),
    "heif": (lambda: b"\0\0\0\x14ftypmif1\0\0\0\0mif1" + b"\0" * 40, "HEIC"),
    "video": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0" * 40, "video"),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 40, "ZIP"),
    "big tiff": (lambda: b"II+\0\x08\0\0\0" + b"\0" * 40, "BigTIFF"),
    "jpeg xl": (lambda: b"\xff\x0a" + b"\0" * 40, "JPEG XL"),
    "icon": (lambda: b"\0\0\x01\0\x01\0" + b"\0" * 40, "icon"),
    "photoshop": (lambda: b"8BPS\0\x01" + b"\0" * 40, "Photoshop"),
    "too many bytes": (lambda: saved("PNG") + b"\1" * LARGEST_BYTES, "50 MB"),
    "png bomb": (lambda: png(width=20000, height=10000, rows=b""), "megapixels"),
    "tall png bomb": (lambda: png(width=1, height=2**31 - 1, rows=b""), "megapixels"),
    "jpeg bomb": (lambda: jpeg_of_size(60000, 60000), "megapixels"),
    "bmp bomb": (
        lambda: saved("BMP")[:18] + struct.pack("<ll", 30000, -30000) + saved("BMP")[26:],
        "megapixels",
    ),
    "gif bomb": (lambda: b"GIF89a\xff\xff\xff\xff" + gif_of_frames(1)[10:], "megapixels"),
    "webp bomb": (
        lambda: (
            b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\xff\x0f" + b"\xff\xff\x0f" + b"\0"
        ),
        "megapixels",
    ),
    "no size": (lambda: png(width=0, height=5, rows=b""), "0\N{MULTIPLICATION SIGN}5"),
    "jpeg without a height": (lambda: jpeg_of_size(64, 0), "64\N{MULTIPLICATION SIGN}0"),
    "png without pixels": (lambda: png(rows=b""), "damaged"),
    "png of garbage": (lambda: png(rows=b"\x09" * 5), "damaged"),
    "png without its first chunk": (lambda: png()[:8] + png()[33:], "damaged"),
    "jpeg without a frame": (lambda: b"\xff\xd8\xff\xd9", "damaged"),
    "tiff with a strange compression": (
        lambda: saved("TIFF").replace(
            struct.pack("<HHLL", 259, 3, 1, 1), struct.pack("<HHLL", 259, 3, 1, 31337)
        ),
        "damaged",
    ),
    "tiff that points at nothing": (lambda: b"II*\0\xff\xff\xff\xff", "damaged"),
    "gif without a frame": (lambda: b"GIF89a\x04\0\x04\0\0\0\0;", "damaged"),
    "webp without a chunk": (lambda: b"RIFF\x04\0\0\0WEBP", "damaged"),
    "avif of nothing": (lambda: b"\0\0\0\x14ftypavif\0\0\0\0avif" + b"\0" * 40, "damaged"),
    "not a number": (lambda: saved("TIFF", Image.new("F", (9, 9), float("nan"))), "damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(case: str) -> None:
    make, reason = REFUSED[case]
    data = make()
    start = time.perf_counter()

    with pytest.raises(InvalidImageError, match=reason) as caught:
        read_image(data)

    assert time.perf_counter() - start < 1
    assert caught.value.message.endswith(".")
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_anywhere_is_refused(name: str) -> None:
    data = saved(name)
    # The last bytes of a file can be padding that no pixel needs.
    for end in range(12, len(data) * 9 // 10, max(1, len(data) // 60)):
        with pytest.raises(InvalidImageError):
            read_image(data[:end])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(FORMATS),
    place=st.floats(0, 0.999),
    bytes_=st.binary(min_size=1, max_size=6),
)
def test_no_damage_causes_any_other_error(name: str, place: float, bytes_: bytes) -> None:
    data = bytearray(saved(name))
    at = int(place * len(data))
    data[at : at + len(bytes_)] = bytes_
    try:
        image = read_image(bytes(data))
    except InvalidImageError:
        return
    assert image.media_type in {"image/png", "image/jpeg"}


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"IEND"])
def test_a_wrong_checksum_is_refused(kind: bytes) -> None:
    data = bytearray(png())
    at = data.index(kind)
    length = int.from_bytes(data[at - 4 : at], "big")
    data[at + 4 + length] ^= 1

    with pytest.raises(InvalidImageError, match="damaged"):
        read_image(bytes(data))


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 80_000_000)),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"a" * 80_000_000)),
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"a" * 80_000_000)),
        chunk(b"tEXt", b"Comment\0" + b"a" * 8_000_000),
        chunk(b"iCCP", b"profile"),
        chunk(b"acTL", b"\0"),
        chunk(b"acTL", b"\0\0\0\0\0\0\0\0"),
        b"\0\0\0\4zTXtabcdWRNG",
    ],
    ids=["zTXt", "iCCP", "iTXt", "tEXt", "bad iCCP", "short acTL", "empty acTL", "checksum"],
)
def test_what_pixels_do_not_need_is_never_unpacked(extra: bytes) -> None:
    start = time.perf_counter()

    assert read_image(png(extra)).width == 16

    assert time.perf_counter() - start < 1


def test_an_animated_png_shows_its_default_image() -> None:
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "lime", "blue")]
    data = saved("PNG", frames[0], save_all=True, append_images=frames[1:])

    image = read_image(data)

    assert "first of 3 frames" in image.changes
    assert Image.open(BytesIO(image.data)).getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("name", ["GIF", "WEBP", "TIFF", "AVIF"])
def test_the_first_frame_is_taken(name: str) -> None:
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "lime", "blue")]
    data = saved(name, frames[0], save_all=True, append_images=frames[1:])

    image = read_image(data)

    unit = "pages" if name == "TIFF" else "frames"
    assert f"first of 3 {unit}" in image.changes
    red, green, blue = Image.open(BytesIO(image.data)).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 15


def test_ten_thousand_frames_are_counted_not_decoded() -> None:
    data = gif_of_frames(10_000)
    start = time.perf_counter()

    assert "first of 10,000 frames" in read_image(data).changes

    assert time.perf_counter() - start < 1


def test_a_gif_of_endless_blocks_ends() -> None:
    data = gif_of_frames(1)[:-1] + b"!\xfe" + b"\x01a" * 10_000_000
    start = time.perf_counter()

    read_image(data)

    assert time.perf_counter() - start < 2


def test_a_tiff_whose_pages_form_a_ring_ends() -> None:
    data = bytearray(saved("TIFF"))
    table = int.from_bytes(data[4:8], "little")
    following = table + 2 + 12 * int.from_bytes(data[table : table + 2], "little")
    data[following : following + 4] = struct.pack("<L", table)

    assert "first of 2 pages" in read_image(bytes(data)).changes


@pytest.mark.parametrize(
    "data",
    [
        lambda: png(width=8000, height=5000),
        lambda: saved("JPEG", Image.new("RGB", (10500, 6600)), progressive=True),
        lambda: saved("PNG", Image.new("RGBA", (8000, 5000), (9, 9, 9, 99)), compress_level=1),
    ],
    ids=["gray png", "progressive jpeg", "transparent png"],
)
def test_the_largest_pictures_stay_within_bounds(data: Callable[[], bytes]) -> None:
    content = data()
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()

    image = read_image(content)

    assert image.width == 1792
    assert time.perf_counter() - start < 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kilobytes < 600_000


@pytest.mark.parametrize("feature", ["avif", "webp"])
def test_a_missing_decoder_is_named(feature: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(feature.upper())
    monkeypatch.setattr(features, "check", lambda name: name != feature)

    with pytest.raises(InvalidImageError, match=f"cannot read {feature.upper()}"):
        read_image(data)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.png", "cat.png: "),
        ("../../etc/passwd", "../../etc/passwd: "),
        ("a\nb\x1b[31m\u202egnp.exe", "ab[31mgnp.exe: "),
        ("x" * 500, "x" * 59 + "…: "),
        ("\0\1", ""),
        ("", ""),
    ],
)
def test_a_name_is_only_a_label(name: str, shown: str) -> None:
    with pytest.raises(InvalidImageError) as caught:
        read_image(b"", name=name)

    assert caught.value.message == f"{shown}The file is empty. Choose another one."


def test_the_ending_of_a_name_decides_nothing() -> None:
    assert read_image(saved("PNG"), name="holiday.svg").original_format == "PNG"


def test_many_threads_may_read_at_once() -> None:
    data = [saved(name) for name in FORMATS] + [b"broken"]
    expected = [outcome(each) for each in data]
    found: list[list[object]] = []

    def read() -> None:
        found.append([outcome(each) for each in data])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 8


def outcome(data: bytes) -> object:
    try:
        return read_image(data)
    except InvalidImageError as error:
        return error.message


def test_nothing_of_pillow_is_changed_for_others() -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))

    for name in FORMATS:
        read_image(saved(name))

    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))
    assert before == after
