"""Pictures in the format that each engine reads."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from backends import ENGINES, LocalEngine
from backends.local.engine_table import EngineKind
from backends.local.model_facts import EngineRequest
from workers_ai import InvalidImageError, parse_request
from workers_ai.images import decode_data_uri, encode_data_uri

KINDS: tuple[EngineKind, ...] = tuple(ENGINES)


def picture(name: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, name)
    return file.getvalue()


def uri_of(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": encode_data_uri(media_type, data)}}


def sent(kind: EngineKind, *parts: dict[str, Any]) -> EngineRequest:
    backend = LocalEngine("http://127.0.0.1:1", "gemma3:4b", kind=kind)
    message = {"role": "user", "content": list(parts)}
    return backend.engine_request(parse_request({"messages": [message]}))


def pictures_in(request: EngineRequest, kind: EngineKind) -> list[bytes]:
    [message] = request.body["messages"]
    if kind == "ollama":
        return [base64.b64decode(image) for image in message["images"]]
    parts = [part for part in message["content"] if part["type"] == "image_url"]
    return [decode_data_uri(part["image_url"]["url"])[1] for part in parts]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["PNG", "JPEG"])
def test_what_every_engine_reads_is_sent_as_it_is(kind: EngineKind, name: str) -> None:
    data = picture(name)
    request = sent(kind, uri_of(data), {"type": "text", "text": "What is it?"})
    assert pictures_in(request, kind) == [data]
    assert not [change for change in request.changes if "content" in change.path]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["WEBP", "GIF", "BMP", "TIFF"])
def test_what_an_engine_does_not_read_is_re_encoded_and_noted(kind: EngineKind, name: str) -> None:
    data = picture(name)
    request = sent(kind, uri_of(data))
    [got] = pictures_in(request, kind)
    noted = [change for change in request.changes if change.path == "messages[0].content[0]"]
    if kind == "ollama" and name == "WEBP":
        assert (got, noted) == (data, [])
    else:
        assert Image.open(io.BytesIO(got)).format in {"PNG", "JPEG"}
        assert name in noted[0].sentence


def test_the_bytes_count_and_not_the_claim() -> None:
    request = sent("llama-server", uri_of(picture("WEBP"), "image/png"))
    [got] = pictures_in(request, "llama-server")
    assert Image.open(io.BytesIO(got)).format in {"PNG", "JPEG"}


@pytest.mark.parametrize("kind", KINDS)
def test_several_pictures_keep_their_order(kind: EngineKind) -> None:
    first, second = picture("PNG"), picture("JPEG")
    request = sent(kind, uri_of(first), uri_of(second), {"type": "text", "text": "Compare."})
    assert pictures_in(request, kind) == [first, second]


def test_ollama_puts_pictures_before_the_text_which_is_noted() -> None:
    text = {"type": "text", "text": "This one:"}
    after, before = (
        sent("ollama", text, uri_of(picture("PNG"))),
        sent("ollama", uri_of(picture("PNG")), text),
    )
    assert "messages[0]" in {change.path for change in after.changes}
    assert "messages[0]" not in {change.path for change in before.changes}
    assert after.body["messages"][0]["content"] == "This one:"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url", ["data:image/png;base64,%%%", "data:text/plain,hello", "data:image/png;base64,aGVsbG8="]
)
def test_what_is_no_picture_is_refused_before_it_is_sent(kind: EngineKind, url: str) -> None:
    with pytest.raises(InvalidImageError):
        sent(kind, {"type": "image_url", "image_url": {"url": url}})
