"""Files of conversations from untrusted sources: imported whole, or refused with all reasons."""

import base64
import hashlib
import io
import json
import math
import re
import socket
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from conversations import Answer, Conversation, ImportRefusedError, export_json, read_export
from conversations.transfer import import_pictures
from conversations.transfer.import_file import LARGEST_FILE, MOST_VALUES
from tests.components.pictures import png
from tests.conversations.builders import GRAY, RED, SETTINGS, a_conversation, jpeg

GONE = object()
"""In a case: the key is removed."""


def a_file() -> Any:
    return json.loads(export_json([a_conversation()]))


def steps(path: str) -> list[int | str]:
    found = re.findall(r'\[(\d+)\]|\["([^"]*)"\]|\.?(\w+)', path)
    return [int(number) if number else key or name for number, key, name in found]


def changed(path: str, value: Any) -> bytes:
    """Return a file with one value replaced or removed."""
    file = a_file()
    *way, last = steps(path)
    place = file
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return json.dumps(file).encode()


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ImportRefusedError) as caught:
        read_export(data)
    assert all(message for _, message in caught.value.faults)
    return [tuple(fault) for fault in caught.value.faults]  # type: ignore[misc]


# What an import contains


def test_imports_are_new_and_have_no_owner() -> None:
    given = a_conversation()
    given.version = 7
    found = read_export(export_json([given, given])).conversations

    assert len({given.id, *(each.id for each in found)}) == 3
    assert {(each.owner, each.version) for each in found} == {("", 0)}
    assert list(found[0].nodes) == list(given.nodes)


def test_a_preview_shows_what_is_in_the_file() -> None:
    (preview,) = read_export(export_json([a_conversation()])).previews

    assert preview == ("Colors", 7, 3, 0.5)


def test_pictures_bring_their_bytes_and_a_small_copy() -> None:
    found = read_export(export_json([a_conversation()])).conversations[0].nodes["q1"]
    red, gray = found.pictures  # type: ignore[union-attr]

    assert (red, gray) == (RED, GRAY)
    assert (red.data, gray.data) == (RED.data, GRAY.data)
    assert (red.thumbnail, gray.thumbnail) == (RED.thumbnail, GRAY.thumbnail)


def test_a_file_may_be_laid_out_by_an_editor() -> None:
    text = json.dumps(a_file(), indent=2, ensure_ascii=False)

    for data in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
    ):
        assert export_json(read_export(data).conversations) == export_json([a_conversation()])


def test_what_has_a_default_may_be_left_out() -> None:
    message = {"id": "q", "role": "user", "text": "Hello", "created": 1}
    given = {"title": "", "created": 1, "settings": {"parameters": {}}, "messages": [message]}
    file = {"format": "cabochon", "version": 1, "conversations": [given], "images": {}}
    (found,) = read_export(json.dumps(file).encode()).conversations

    assert found.name == "Hello"
    assert found.nodes["q"].created == 1.0


def test_an_answer_is_read_back_with_its_error() -> None:
    (found,) = read_export(export_json([a_conversation()])).conversations
    failed = found.nodes["a2"]
    assert isinstance(failed, Answer)

    assert not failed.running
    assert type(failed.snapshot().error).__name__ == "RateLimitError"


def test_nothing_is_fetched_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError(args)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    read_export(export_json([a_conversation()]))
    for uri in ("http://127.0.0.1:9/x.png", f"file://{tmp_path}/x.png", "//host/x.png"):
        refused(changed(f'images["{RED.sha256}"]', uri))

    assert list(tmp_path.iterdir()) == []


# What is refused, by the path of the fault

LONG = "x" * 1000
ANSWER = "conversations[0].messages[1]"
RECORD = f"{ANSWER}.record"
PICTURE = "conversations[0].messages[0].pictures[0]"
CASES: list[tuple[str, Any]] = [
    ("format", "other"),
    ("format", GONE),
    ("version", 2),
    ("version", 0),
    ("version", True),
    ("version", 1.0),
    ("version", "1"),
    ("version", GONE),
    ("conversations", {}),
    ("conversations", GONE),
    ("images", []),
    ("images", GONE),
    ("api_token", "x"),
    ("base_url", "https://example.invalid"),
    ("conversations[0].id", "taken"),
    ("conversations[0].owner", "somebody"),
    ("conversations[0].version", 3),
    ("conversations[0].title", None),
    ("conversations[0].title", 5),
    ("conversations[0].created", "1"),
    ("conversations[0].created", True),
    ("conversations[0].created", -1),
    ("conversations[0].created", 1e300),
    ("conversations[0].leaf", "nobody"),
    ("conversations[0].leaf", "../x"),
    ("conversations[0].settings", []),
    ("conversations[0].settings.api_token", "x"),
    ("conversations[0].settings.system", None),
    ("conversations[0].settings.form", "chat"),
    ("conversations[0].settings.variables", {"a": 1}),
    ("conversations[0].settings.parameters.temperature", 5.5),
    ("conversations[0].settings.parameters.temperature", "0.2"),
    ("conversations[0].settings.parameters.top_k", 51),
    ("conversations[0].settings.parameters.top_k", 1.5),
    ("conversations[0].settings.parameters.stream", 1),
    ("conversations[0].settings.parameters.best_of", 2),
    ("conversations[0].messages", {}),
    ("conversations[0].messages[0]", "Hello"),
    ("conversations[0].messages[0].id", ""),
    ("conversations[0].messages[0].id", "a b"),
    ("conversations[0].messages[0].id", "a\n"),
    ("conversations[0].messages[0].id", "x" * 65),
    ("conversations[0].messages[0].id", 7),
    ("conversations[0].messages[2].id", "a1"),
    ("conversations[0].messages[0].role", "system"),
    ("conversations[0].messages[0].text", GONE),
    ("conversations[0].messages[0].text", ["Hello"]),
    ("conversations[0].messages[0].created", -0.5),
    ("conversations[0].messages[0].deleted", "now"),
    ("conversations[0].messages[0].parent", "q1"),
    ("conversations[0].messages[0].parent", "nobody"),
    ("conversations[0].messages[0].pictures", []),
    ("conversations[0].messages[0].record", a_file()["conversations"][0]["messages"][1]["record"]),
    ("conversations[0].messages[5].text", "deleted, yet present"),
    ("conversations[0].messages[6].record", a_file()["conversations"][0]["messages"][1]["record"]),
    (f"{ANSWER}.parent", GONE),
    (f"{ANSWER}.parent", "a1b"),
    (f"{ANSWER}.record", GONE),
    (f"{ANSWER}.pictures", a_file()["conversations"][0]["messages"][0]["pictures"]),
    (f"{RECORD}.maker", "me"),
    (f"{RECORD}.maker.kind", "openai"),
    (f"{RECORD}.maker.label", "Work\ners"),
    (f"{RECORD}.maker.api_token", "x"),
    (f"{RECORD}.finish", GONE),
    (f"{RECORD}.finish", "perfect"),
    (f"{RECORD}.begun", 99),
    (f"{RECORD}.begun", -1),
    (f"{RECORD}.seconds", -0.1),
    (f"{RECORD}.seconds", "2"),
    (f"{RECORD}.first_text", -1),
    (f"{RECORD}.damaged", True),
    (f"{RECORD}.damaged", 2**60),
    (f"{RECORD}.usage.prompt_tokens", -5),
    (f"{RECORD}.usage.prompt_tokens", 1.5),
    (f"{RECORD}.usage.neurons", -1),
    (f"{RECORD}.usage.price", 1),
    (f"{RECORD}.settings.parameters.seed", 0),
    (f"{RECORD}.tool_calls[0].arguments", [1]),
    (f"{RECORD}.tool_calls[0].id", ""),
    (f"{RECORD}.tool_calls[0].id", 5),
    (f"{RECORD}.tool_calls[1].code", "import os"),
    (f"{RECORD}.attempts[0].wait", -1),
    (f"{RECORD}.attempts[0].status_code", "429"),
    (f"{RECORD}.failure", {"name": "RateLimitError", "message": "Busy"}),
    ("conversations[0].messages[4].record.failure", GONE),
    ("conversations[0].messages[4].record.failure.name", "not a name"),
    ("conversations[0].messages[4].record.failure.retry_after", -1),
    (f"{PICTURE}.image", "0" * 64),
    (f"{PICTURE}.image", "../../etc/passwd"),
    (f"{PICTURE}.name", "../../etc/passwd"),
    (f"{PICTURE}.name", "C:\\x.png"),
    (f"{PICTURE}.name", "a\0b.png"),
    (f"{PICTURE}.name", "a\x1b[31m.png"),
    (f"{PICTURE}.name", "gpj.\u202eexe"),
    (f"{PICTURE}.name", "x" * 256),
    (f"{PICTURE}.media_type", "image/svg+xml"),
    (f"{PICTURE}.media_type", "image/jpeg"),
    (f"{PICTURE}.width", 33),
    (f"{PICTURE}.height", 0),
    (f"{PICTURE}.size", 1),
    (f"{PICTURE}.original_format", "SVG"),
    (f"{PICTURE}.original_width", 10**6),
    (f"{PICTURE}.original_bytes", -1),
    (f"{PICTURE}.changes", "none"),
    (f"{PICTURE}.changes[0]", LONG),
    (f"{PICTURE}.url", "https://example.invalid/x.png"),
]


@pytest.mark.parametrize(("path", "value"), CASES)
def test_a_wrong_value_is_refused_with_its_place(path: str, value: Any) -> None:
    if path.endswith("changes[0]"):
        path, value = path.removesuffix("[0]"), [value]
        places = [f"{path}[0]"]
    else:
        places = [path.removesuffix(".variables") + ".variables.a"] if value == {"a": 1} else [path]

    assert places[0] in [place for place, _ in refused(changed(path, value))]
    if value is not GONE:
        assert LONG not in str(refused(changed(path, value)))


def test_the_untouched_file_is_accepted() -> None:
    assert len(read_export(json.dumps(a_file()).encode()).conversations) == 1


def test_a_duplicate_id_is_reported_for_the_second_one() -> None:
    places = [place for place, _ in refused(changed("conversations[0].messages[2].id", "a1"))]

    assert places == ["conversations[0].messages[2].id"]


@pytest.mark.parametrize("length", [1, 2, 3, 500])
def test_a_cycle_of_any_length_is_refused(length: int) -> None:
    file = a_file()
    cycle = [
        {
            "id": f"c{at}",
            "parent": f"c{(at + 1) % length}",
            "role": "user",
            "text": "",
            "created": 1,
        }
        for at in range(length)
    ]
    tail = {"id": "tail", "parent": "c0", "role": "user", "text": "", "created": 1}
    file["conversations"][0]["messages"] += [tail, *cycle]
    found = refused(json.dumps(file).encode())

    assert found == [("conversations[0].messages[10].parent", "the message is its own ancestor")]


def test_a_long_chain_is_not_a_cycle() -> None:
    file = a_file()
    file["conversations"][0]["messages"] += [
        {
            "id": f"n{at}",
            "parent": f"n{at - 1}" if at else None,
            "role": "user",
            "text": "",
            "created": 1,
        }
        for at in range(5_000)
    ]

    assert len(read_export(json.dumps(file).encode()).conversations[0].nodes) == 5_009


def test_a_picture_that_no_message_has_is_refused() -> None:
    file = a_file()
    data = png(20, 20, "green")
    sha256 = hashlib.sha256(data).hexdigest()
    file["images"][sha256] = f"data:image/png;base64,{base64.b64encode(data).decode()}"

    assert [place for place, _ in refused(json.dumps(file).encode())] == [f'images["{sha256}"]']


def test_all_faults_are_listed_together_up_to_twenty() -> None:
    file = a_file()
    for message in file["conversations"][0]["messages"][:3]:
        message["text"] = 5
    assert len(refused(json.dumps(file).encode())) == 3
    for message in file["conversations"][0]["messages"]:
        message |= {"a": 1, "b": 1, "c": 1}
    found = refused(json.dumps(file).encode())

    assert len(found) == 21
    assert found[-1] == ("", "and 10 more")


def test_one_bad_part_imports_nothing_at_all() -> None:
    file = a_file()
    file["conversations"] += [file["conversations"][0], {"title": "Half"}]

    assert {place.split(".")[0] for place, _ in refused(json.dumps(file).encode())} == {
        "conversations[2]"
    }


# What is not acceptable JSON


def inside(text: str) -> bytes:
    """Return a file that has this JSON as the arguments of a tool call."""
    return changed(f"{RECORD}.tool_calls[0].arguments", {"a": "HERE"}).replace(
        b'"HERE"', text.encode()
    )


RAW: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "line 1, column 1"),
    "no JSON": (lambda: b'{\n  "format": cabochon}', "line 2, column 13"),
    "cut off": (lambda: export_json([a_conversation()])[:-5], "line 1, column"),
    "two files": (lambda: 2 * export_json([a_conversation()]), "Extra data"),
    "a ZIP": (lambda: b"PK\x03\x04" + bytes(range(256)), "UTF-8"),
    "UTF-16": (lambda: json.dumps(a_file()).encode("utf-16"), "UTF-8"),
    "no UTF-8": (lambda: inside('"\xff"').replace(b"\xc3\xbf", b"\xff"), "UTF-8"),
    "half a pair in bytes": (lambda: inside('"X"').replace(b"X", b"\xed\xa0\x80"), "UTF-8"),
    "a control": (lambda: inside('"X"').replace(b"X", b"\x01"), "control character"),
    "a list": (lambda: b"[]", "Cabochon"),
    "null": (lambda: b"null", "Cabochon"),
    "a number of 5000 digits": (lambda: inside("9" * 5000), "too large"),
    "a number beyond floats": (lambda: inside("1e999"), "too large"),
    "NaN": (lambda: inside("NaN"), "NaN"),
    "Infinity": (lambda: inside("-Infinity"), "not a number"),
    "a lone surrogate": (lambda: inside('"\\ud800"'), "lone surrogate"),
    "a lone surrogate in a key": (lambda: inside('{"\\udc00": 1}'), "lone surrogate"),
    "a duplicate key": (lambda: inside('{"k": 1, "j": 2, "k": 1}'), 'the key "k" twice'),
    "201 levels": (lambda: inside("[" * 192 + "]" * 192), "200 levels"),
    "1000 levels": (lambda: inside("[" * 990 + "]" * 990), "200 levels"),
    "100,000 levels": (lambda: b"[" * 100_000 + b"]" * 100_000, "200 levels"),
    "100,000 levels, open": (lambda: b'{"a":' * 100_000, "200 levels"),
    "too large": (lambda: b" " * (LARGEST_FILE + 1), "200 MB"),
    "too many commas": (lambda: b"," * (4 * MOST_VALUES + 1), "2,000,000 values"),
    "too many values": (lambda: inside(f"[{'0,' * MOST_VALUES}0]"), "2,000,000 values"),
    "nearly all wrong": (lambda: changed("conversations", [1] * 20_000), "20,000 errors"),
}


@pytest.mark.parametrize("name", RAW)
def test_a_damaged_or_hostile_file_is_refused_in_time(name: str) -> None:
    make, words = RAW[name]
    data = make()
    began = time.monotonic()
    found = refused(data)

    assert time.monotonic() - began < 10
    assert len(found) == 1
    assert words in found[0][1]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("NaN", ".a"),
        ("[1, 1e999]", ".a[1]"),
        ('{"x y": "\\ud800"}', '.a["x y"]'),
        ('{"k": 1, "k": 2}', ".a"),
    ],
)
def test_the_path_of_what_json_should_not_have_is_reported(text: str, end: str) -> None:
    assert [place for place, _ in refused(inside(text))] == [
        f"{RECORD}.tool_calls[0].arguments{end}"
    ]


def test_192_levels_of_arguments_are_accepted() -> None:
    (found,) = read_export(inside("[" * 191 + "]" * 191)).conversations

    assert isinstance(found.nodes["a1"], Answer)


def test_every_cut_of_a_file_is_refused() -> None:
    data = export_json([a_conversation()])
    for end in range(0, len(data), 97):
        refused(data[:end])


def test_a_flipped_byte_never_brings_the_import_down() -> None:
    data = export_json([a_conversation()])
    for at in range(0, len(data), 23):
        try:
            read_export(data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :])
        except ImportRefusedError:
            continue


# Pictures


def with_picture(
    data: bytes | str, media_type: str = "image/png", **facts: Any
) -> tuple[bytes, str]:
    """Return a file whose only picture has these bytes, and the picture's key."""
    uri = data if isinstance(data, str) else ""
    data = uri.encode() if isinstance(data, str) else data
    sha256 = hashlib.sha256(data).hexdigest()
    uri = uri or f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    picture = a_file()["conversations"][0]["messages"][0]["pictures"][0]
    picture |= {"image": sha256, "media_type": media_type, "size": len(data)} | facts
    message = {"id": "q", "role": "user", "text": "", "created": 1, "pictures": [picture]}
    given = {"title": "", "created": 1, "settings": {}, "messages": [message]}
    file = a_file() | {"conversations": [given], "images": {sha256: uri}}
    return json.dumps(file).encode(), sha256


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))


def png_with(kind: bytes, body: bytes) -> bytes:
    """Return a PNG of 32 by 20 with an extra chunk after its header."""
    plain = png(32, 20)
    return plain[:33] + chunk(kind, body) + plain[33:]


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_with(data: bytes) -> bytes:
    """Return a JPEG of 32 by 20 with extra bytes after its first segment."""
    plain = jpeg(32, 20)
    return plain[:20] + data + plain[20:]


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(**tags: Any) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = tags.get("orientation", 1)
    if "gps" in tags:
        found.get_ifd(0x8825)[1] = "N"
    return found


def with_text() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "secret")
    return saved(Image.new("RGB", (32, 20)), "PNG", pnginfo=texts)


def animated() -> bytes:
    frames = [Image.new("RGB", (32, 20), color) for color in ("red", "blue")]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


JPEG = "image/jpeg"
HOSTILE: dict[str, tuple[Callable[[], bytes | str], str, str]] = {
    "http": (lambda: "http://example.invalid/x.png", "image/png", "data URI"),
    "file": (lambda: "file:///etc/passwd", "image/png", "data URI"),
    "a path": (lambda: "/etc/passwd", "image/png", "data URI"),
    "not base64": (lambda: "data:image/png,xyz", "image/png", "base64"),
    "broken base64": (lambda: "data:image/png;base64,!!!!", "image/png", "invalid"),
    "empty": (lambda: "data:image/png;base64,", "image/png", "empty"),
    "text": (lambda: b"Hello", "image/png", "not a picture"),
    "SVG": (lambda: b"<svg onload='x()'/>", "image/png", "SVG"),
    "PostScript": (lambda: b"%!PS-Adobe", "image/png", "PostScript"),
    "a GIF": (lambda: saved(Image.new("L", (32, 20)), "GIF"), "image/png", "only PNG and JPEG"),
    "cut off": (lambda: png(32, 20)[:-20], "image/png", "damaged"),
    "a wrong checksum": (lambda: png(32, 20)[:-1] + b"x", "image/png", "damaged"),
    "a cut JPEG": (lambda: jpeg(32, 20)[:-80], JPEG, ""),
    "a bomb": (
        lambda: (
            png(32, 20)[:8]
            + chunk(b"IHDR", struct.pack(">LL5B", 60000, 60000, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0"))
            + chunk(b"IEND", b"")
        ),
        "image/png",
        "megapixels",
    ),
    "another type": (lambda: png(32, 20), JPEG, "image/png, not image/jpeg"),
    "a text": (with_text, "image/png", "comment removed"),
    "XMP": (
        lambda: png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
        "image/png",
        "XMP removed",
    ),
    "a private chunk": (lambda: png_with(b"prVt", b"secret"), "image/png", "not part of"),
    "a date": (lambda: png_with(b"tIME", bytes(7)), "image/png", "not part of"),
    "appended": (lambda: png(32, 20) + b"secret", "image/png", "appended bytes"),
    "appended zeros": (lambda: png(32, 20) + bytes(9), "image/png", "not part of"),
    "an animation": (animated, "image/png", "first of 2 frames"),
    "transparency": (
        lambda: saved(Image.new("RGBA", (32, 20)), "PNG"),
        "image/png",
        "transparency",
    ),
    "16 bits": (lambda: saved(Image.new("I;16", (32, 20)), "PNG"), "image/png", "16-bit"),
    "EXIF": (lambda: jpeg(32, 20, exif=exif()), JPEG, "EXIF removed"),
    "GPS": (lambda: jpeg(32, 20, exif=exif(gps=1)), JPEG, "GPS removed"),
    "turned": (lambda: jpeg(32, 20, exif=exif(orientation=6)), JPEG, "turned upright"),
    "EXIF in a PNG": (
        lambda: saved(Image.new("RGB", (32, 20)), "PNG", exif=exif()),
        "image/png",
        "EXIF",
    ),
    "a comment": (lambda: jpeg(32, 20, comment=b"secret"), JPEG, "comment removed"),
    "application data": (lambda: jpeg_with(segment(0xE7, b"secret")), JPEG, "application data"),
    "an Adobe marker": (lambda: jpeg_with(segment(0xEE, b"Adobe" + bytes(7))), JPEG, "not part of"),
    "a gap": (lambda: jpeg_with(b"secret"), JPEG, "not part of"),
    "behind a JPEG": (lambda: jpeg(32, 20) + b"secret", JPEG, "appended bytes"),
    "zeros after a JPEG": (lambda: jpeg(32, 20) + bytes(9), JPEG, "not part of"),
    "CMYK": (lambda: saved(Image.new("CMYK", (32, 20)), "JPEG"), JPEG, "CMYK"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_that_is_not_plain_is_refused(name: str) -> None:
    make, media_type, words = HOSTILE[name]
    file, sha256 = with_picture(make(), media_type)
    found = refused(file)

    assert [place for place, _ in found] == [f'images["{sha256}"]']
    assert words in found[0][1]
    assert "secret" not in found[0][1]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (png(32, 20), "image/png"),
        (saved(Image.new("L", (32, 20)), "PNG"), "image/png"),
        (saved(Image.new("P", (32, 20)), "PNG"), "image/png"),
        (jpeg(32, 20), JPEG),
        (jpeg(32, 20, progressive=True), JPEG),
        (jpeg(32, 20, restart_marker_blocks=1), JPEG),
        (saved(Image.new("L", (32, 20)), "JPEG"), JPEG),
    ],
)
def test_a_plain_picture_is_accepted_byte_for_byte(data: bytes, media_type: str) -> None:
    file, sha256 = with_picture(data, media_type)
    (found,) = read_export(file).conversations[0].nodes["q"].pictures  # type: ignore[union-attr]

    assert (found.data, found.sha256, found.media_type) == (data, sha256, media_type)


def test_a_picture_under_the_wrong_hash_is_refused() -> None:
    file = changed(f'images["{RED.sha256}"]', GRAY.image.data_uri)

    assert [place for place, _ in refused(file)] == [f'images["{RED.sha256}"]']


def test_pictures_that_take_too_long_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = 32 * 20 + 40 * 30
    monkeypatch.setattr(import_pictures, "MOST_PIXELS", pixels)
    assert read_export(export_json([a_conversation()])).conversations
    monkeypatch.setattr(import_pictures, "MOST_PIXELS", pixels - 1)

    assert [place for place, _ in refused(export_json([a_conversation()]))] == ["images"]


def test_a_small_picture_keeps_its_size() -> None:
    data = png(4, 4)
    file, _ = with_picture(data, width=4, height=4)
    (found,) = read_export(file).conversations[0].nodes["q"].pictures  # type: ignore[union-attr]

    assert (found.width, found.height) == (4, 4)


def test_arguments_of_a_wrong_kind_are_one_fault() -> None:
    place = f"{RECORD}.tool_calls[0].arguments"

    assert refused(changed(place, [1])) == [(place, "it must be an object or a string")]


def test_a_negative_zero_is_the_zero_that_databases_keep() -> None:
    (found,) = read_export(changed("conversations[0].created", -0.0)).conversations

    assert math.copysign(1, found.created) == 1


def test_a_refusal_can_be_shown() -> None:
    with pytest.raises(ValueError, match="title") as caught:
        read_export(changed("conversations[0].title", 5))

    assert str(caught.value) == "conversations[0].title: it must be a string"
    assert caught.value.__cause__ is None


def test_settings_of_the_file_stay_in_its_conversations() -> None:
    (found,) = read_export(export_json([a_conversation()])).conversations

    assert found.settings == SETTINGS
    assert Conversation().settings != SETTINGS
