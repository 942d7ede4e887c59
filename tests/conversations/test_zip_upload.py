"""Zips of pictures: what is read, and what is reported about the rest."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from conversations import uploaded_pictures
from conversations.zip_upload import MOST_FILES
from workers_ai import InvalidImageError


def packed(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_file_that_is_not_a_zip_is_unchanged() -> None:
    assert list(uploaded_pictures(b"\x89PNG", "a.png")) == [("a.png", b"\x89PNG")]
    assert list(uploaded_pictures(b"", "empty")) == [("empty", b"")]


def test_files_come_in_the_order_of_the_zip_with_their_folders() -> None:
    data = packed({"b/2.png": b"two", "a.png": b"one", "b/": b""})

    assert list(uploaded_pictures(data, "all.zip")) == [("b/2.png", b"two"), ("a.png", b"one")]


@pytest.mark.parametrize("name", ["__MACOSX/._a.png", ".DS_Store", "a/.hidden.png", "Thumbs.db"])
def test_what_systems_put_beside_files_is_left_out(name: str) -> None:
    assert list(uploaded_pictures(packed({name: b"x", "a.png": b"y"}), "z")) == [("a.png", b"y")]


def test_a_damaged_zip_is_reported() -> None:
    [(name, found)] = uploaded_pictures(packed({"a.png": b"x" * 100})[:40], "all.zip")

    assert name == "all.zip"
    assert isinstance(found, InvalidImageError)
    assert "damaged" in found.message


def test_a_damaged_entry_does_not_keep_the_others_away() -> None:
    data = bytearray(packed({"a.png": b"a" * 50, "b.png": b"b" * 50}, zipfile.ZIP_STORED))
    data[data.index(b"a" * 50)] = 0
    (_, first), (_, second) = uploaded_pictures(bytes(data), "all.zip")

    assert isinstance(first, InvalidImageError)
    assert "a.png" in first.message
    assert second == b"b" * 50


def test_an_entry_with_a_password_is_reported() -> None:
    data = bytearray(packed({"a.png": b"x"}))
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    [(_, found)] = uploaded_pictures(bytes(data), "all.zip")

    assert "password" in str(found)


def test_an_entry_that_unpacks_to_too_much_is_not_unpacked() -> None:
    data = packed({"bomb.png": bytes(60_000_000), "a.png": b"x"})
    (_, bomb), (_, good) = uploaded_pictures(data, "all.zip")

    assert len(data) < 100_000
    assert "larger than 50 MB" in str(bomb)
    assert good == b"x"


def test_files_beyond_the_limit_are_reported() -> None:
    files = {f"{at}.png": b"" for at in range(MOST_FILES + 3)}
    *taken, (name, last) = uploaded_pictures(packed(files), "all.zip")

    assert len(taken) == MOST_FILES
    assert (name, "files by 3" in str(last)) == ("all.zip", True)
