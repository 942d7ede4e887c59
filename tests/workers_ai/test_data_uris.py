"""Data URIs, encoded and decoded."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers_ai import InvalidImageError
from workers_ai.images import decode_data_uri, encode_data_uri


@given(st.binary(min_size=1))
def test_any_bytes_come_back(data: bytes) -> None:
    assert decode_data_uri(encode_data_uri("image/png", data)) == ("image/png", data)


@pytest.mark.parametrize(
    "uri",
    [
        "data:image/png;base64,AQID",
        "data:IMAGE/PNG;charset=utf-8;base64,AQID",
        "data:image/png;BASE64,AQ\n ID",
        "data:image/png;base64,%41QID",
    ],
)
def test_legal_spellings_are_understood(uri: str) -> None:
    assert decode_data_uri(uri) == ("image/png", b"\1\2\3")


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("", "must be a data URI"),
        ("database", "must be a data URI"),
        ("https://example.org/a.png", "must be a data URI"),
        ("file:///etc/passwd", "must be a data URI"),
        ("data:;base64,AQID", "with a media type"),
        ("data:image/png;base64", "must be a data URI"),
        ("data:image/svg+xml,<svg/>", "not base64"),
        ("data:image/png;base64,", "empty"),
        ("data:image/png;base64,AQI", "invalid"),
        ("data:image/png;base64,A*ID", "invalid"),
        ("data:image/png;base64,AQ\N{GREEK SMALL LETTER ALPHA}D", "invalid"),
        ("data:image/png;base64,AQ==ID", "invalid"),
    ],
)
def test_everything_else_is_refused_with_the_reason(uri: str, sentence: str) -> None:
    with pytest.raises(InvalidImageError, match=sentence):
        decode_data_uri(uri)


def test_a_large_picture_is_decoded_quickly() -> None:
    data = bytes(range(256)) * 40_000
    uri = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"

    assert decode_data_uri(uri) == ("image/jpeg", data)
