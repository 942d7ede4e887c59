"""Only pixels are sent: no location, no camera data, no comments, no appended bytes."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from workers_ai import read_image
from workers_ai.images import thumbnail

SECRET = b"serial-4711"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
TRACES = [SECRET, b"Exif", b"GPS", b"xmp", b"ICC_PROFILE", b"iCCP", b"eXIf", b"tEXt", b"iTXt"]


def saved(name: str, **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), (40, 90, 140)).save(file, name, **options)
    return file.getvalue()


def exif() -> bytes:
    block = Image.Exif()
    block[0x010F] = SECRET.decode()
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)}
    block[0x8769] = {0xA431: SECRET.decode()}
    return block.tobytes()


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segment(marker: int, body: bytes) -> bytes:
    data = saved("JPEG")
    return data[:2] + segment(marker, body) + data[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", checksum)


def with_chunk(kind: bytes, body: bytes) -> bytes:
    data = saved("PNG")
    return data[:33] + chunk(kind, body) + data[33:]


def commented_png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_text("Copyright", SECRET.decode(), zip=True)
    notes.add_itxt("Title", SECRET.decode())
    return saved("PNG", pnginfo=notes)


def film() -> bytes:
    frames = [Image.new("RGB", (32, 32), (shade, 0, 0)) for shade in (1, 99, 199)]
    file = BytesIO()
    frames[0].save(file, "MPO", save_all=True, append_images=frames[1:])
    return file.getvalue()


CASES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "exif in jpeg": (lambda: saved("JPEG", exif=exif()), {"GPS removed", "EXIF removed"}),
    "exif in png": (lambda: saved("PNG", exif=exif()), {"GPS removed", "EXIF removed"}),
    "exif in webp": (lambda: saved("WEBP", exif=exif()), {"GPS removed", "EXIF removed"}),
    "exif in tiff": (lambda: saved("TIFF", exif=exif()), {"GPS removed", "EXIF removed"}),
    "exif in avif": (lambda: saved("AVIF", exif=exif()), {"GPS removed", "EXIF removed"}),
    "xmp in jpeg": (lambda: saved("JPEG", xmp=XMP), {"XMP removed"}),
    "xmp in webp": (lambda: saved("WEBP", xmp=XMP), {"XMP removed"}),
    "xmp in avif": (lambda: saved("AVIF", xmp=XMP), {"XMP removed"}),
    "xmp in tiff": (lambda: saved("TIFF", tiffinfo={700: XMP}), {"XMP removed"}),
    "xmp in png": (
        lambda: with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        {"XMP removed"},
    ),
    "comment in jpeg": (lambda: saved("JPEG", comment=SECRET), {"comment removed"}),
    "comment in png": (commented_png, {"comment removed"}),
    "comment in gif": (lambda: saved("GIF", comment=SECRET), {"comment removed"}),
    "comment in tiff": (lambda: saved("TIFF", description=SECRET.decode()), {"comment removed"}),
    "photoshop block": (lambda: with_segment(0xED, b"Photoshop 3.0\0" + SECRET), {"IPTC removed"}),
    "content credentials": (
        lambda: with_segment(0xEB, b"JP\0\1" + SECRET),
        {"content credentials removed"},
    ),
    "other application": (lambda: with_segment(0xE5, SECRET), {"application data removed"}),
    "several pictures": (film, {"further pictures removed", "appended bytes removed"}),
}


@pytest.mark.parametrize("case", CASES)
def test_metadata_is_removed_and_reported(case: str) -> None:
    make, sentences = CASES[case]
    data = make()

    image = read_image(data)

    assert sentences <= set(image.changes)
    for trace in TRACES:
        assert trace not in image.data
        assert trace not in thumbnail(image)
    left = Image.open(BytesIO(image.data))
    left.load()
    assert not left.getexif()
    assert set(left.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("tail", [b"PK\x03\x04" + SECRET, b"<html><script>1</script>" + SECRET])
def test_appended_bytes_do_not_leave(name: str, tail: bytes) -> None:
    image = read_image(saved(name) + tail)

    assert tail not in image.data
    assert SECRET not in image.data
    if name not in {"BMP", "TIFF"}:
        assert "appended bytes removed" in image.changes


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF"])
def test_zero_padding_is_not_reported(name: str) -> None:
    assert "appended bytes removed" not in read_image(saved(name) + b"\0" * 512).changes


def test_a_progressive_jpeg_is_walked_through_all_its_scans() -> None:
    image = read_image(saved("JPEG", progressive=True, exif=exif()))

    assert "appended bytes removed" not in image.changes
    assert "GPS removed" in image.changes


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40,
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\xff\xff\xff\x7f\x06\0\0\0\0\0\0\0",
    ],
)
def test_damaged_exif_does_not_cost_the_picture(name: str, block: bytes) -> None:
    if name == "JPEG":
        data = with_segment(0xE1, block)
    elif name == "PNG":
        data = with_chunk(b"eXIf", block.removeprefix(b"Exif\0\0"))
    else:
        data = saved("WEBP", exif=block)

    image = read_image(data)

    assert (image.width, image.height) == (64, 48)
    assert b"Exif" not in image.data


def test_the_adobe_marker_of_the_color_encoding_is_kept() -> None:
    file = BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 60)).save(file, "JPEG", keep_rgb=True, quality=95)

    found = Image.open(BytesIO(read_image(file.getvalue()).data)).getpixel((30, 20))

    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found, (200, 30, 60), strict=True)) <= 6
