from typing import Any

import pytest
from pydantic import ValidationError

from workers_ai import ImagePart, InvalidRequestError, Message, Part, TextPart, parse_request
from workers_ai.messages import ImageURL

PIXEL = "data:image/png;base64,AAAA"


def read(message: Any) -> Message:
    (read_message,) = parse_request({"messages": [message]}).messages
    return read_message


def faults(message: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequestError) as caught:
        parse_request({"messages": [message]})
    return [(fault.path, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Hello",
        "\ud83d\ude00 é \u2028",
        [],
        [{}],
        {},
        {"type": "text", "text": "one part, not in a list"},
        [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": PIXEL}}],
        {"type": "image_url", "image_url": {"url": "data:"}},
        {"type": "image_url", "image_url": {}},
        {"type": "image_url"},
        {"type": "text"},
        {"type": "anything", "text": "x", "image_url": {"url": PIXEL, "detail": "high"}},
        [{"text": "no type"}],
        [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}, "note": None}],
    ],
)
def test_content_travels_as_given(content: Any) -> None:
    message = {"role": "user", "content": content}
    assert read(message).body() == message


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"role": "user"},
        {"content": "no role"},
        {"role": "narrator", "content": "any role"},
        {"role": "tool", "name": "add", "tool_call_id": "call_1", "content": "3"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "add", "arguments": "{}"}}
            ],
        },
        {"role": "user", "content": "x", "name": None, "body": 1, "text": 2, "model_extra": 3},
    ],
)
def test_keys_beyond_the_documented_ones_travel(message: Any) -> None:
    assert read(message).body() == message


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.png",
        "http://example.com/a.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "cat.png",
        "database",
        "data",
        "",
        " data:image/png;base64,AAAA",
        "DATA:image/png;base64,AAAA",
        "https://example.com/?data:image/png",
        "\ndata:image/png;base64,AAAA",
        5,
        None,
        ["data:"],
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_only_data_uris_are_pictures(url: Any, *, listed: bool) -> None:
    part = {"type": "image_url", "image_url": {"url": url}}
    place = "messages[0].content[0]" if listed else "messages[0].content"
    ((path, sentence),) = faults({"role": "user", "content": [part] if listed else part})
    assert path == f"{place}.image_url.url"
    assert "data:" in sentence or url is None


@pytest.mark.parametrize("kind", ["text", "image_url", "input_image", None])
def test_no_type_hides_a_foreign_address(kind: str | None) -> None:
    part = {"text": "x", "image_url": {"url": "http://x"}} | ({"type": kind} if kind else {})
    ((path, _),) = faults({"content": [part]})
    assert path == "messages[0].content[0].image_url.url"


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"role": 5}, "messages[0].role"),
        ({"role": None}, "messages[0].role"),
        ({"content": None}, "messages[0].content"),
        ({"content": 5}, "messages[0].content"),
        ({"content": True}, "messages[0].content"),
        ({"content": ["text"]}, "messages[0].content[0]"),
        ({"content": [{}, None]}, "messages[0].content[1]"),
        ({"content": [[]]}, "messages[0].content[0]"),
        ({"content": {"text": 1}}, "messages[0].content.text"),
        ({"content": {"type": None}}, "messages[0].content.type"),
        ({"content": {"image_url": PIXEL}}, "messages[0].content.image_url"),
        ({"content": [{"type": "text", "text": None}]}, "messages[0].content[0].text"),
        ({"content": "x", "score": float("nan")}, "messages[0].score"),
        ({"content": [{"text": "x", "more": [b"raw"]}]}, "messages[0].content[0].more[0]"),
        ("hello", "messages[0]"),
        (None, "messages[0]"),
        ({5: "x"}, "messages[0]"),
    ],
)
def test_each_fault_has_its_path(message: Any, path: str) -> None:
    ((found, sentence),) = faults(message)
    assert found == path
    assert sentence


def test_all_faults_of_all_parts_are_reported_together() -> None:
    message = {"role": 1, "content": [{"text": 1}, {}, {"image_url": {"url": "http://x"}}, 7]}
    assert [path for path, _ in faults(message)] == [
        "messages[0].role",
        "messages[0].content[0].text",
        "messages[0].content[2].image_url.url",
        "messages[0].content[3]",
    ]


def test_parts_have_their_own_classes() -> None:
    message = read(
        {"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}, {}]}
    )
    assert [type(part) for part in message.parts] == [TextPart, ImagePart, Part]


def test_a_message_is_written_with_ordinary_fields() -> None:
    message = Message(role="user", content=[TextPart(text="What is it?"), ImagePart.of(PIXEL)])
    assert message.body() == {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": PIXEL}},
        ],
    }
    assert message.text == "What is it?"
    assert message.images == (PIXEL,)


@pytest.mark.parametrize(
    ("content", "text", "images"),
    [
        ("hi", "hi", ()),
        ([], "", ()),
        (TextPart(text="one"), "one", ()),
        ([TextPart(text="a"), ImagePart.of(PIXEL), TextPart(text="b")], "a\nb", (PIXEL,)),
        (Part(text="both", image_url=ImageURL(url=PIXEL)), "both", (PIXEL,)),
        (Part(image_url=ImageURL()), "", ()),
    ],
)
def test_text_and_images_are_found_in_any_form(
    content: Any, text: str, images: tuple[str, ...]
) -> None:
    message = Message(role="user", content=content)
    assert (message.text, message.images) == (text, images)


def test_a_message_without_content_has_no_parts() -> None:
    assert Message(role="user").parts == ()
    assert Message(role="user").body() == {"role": "user"}


def test_a_message_cannot_be_changed_and_does_not_share_its_list() -> None:
    content = [TextPart(text="a")]
    message = Message(role="user", content=content)
    content.append(TextPart(text="b"))
    assert message.text == "a"
    with pytest.raises(ValidationError):
        message.role = "system"


def test_a_picture_stays_out_of_the_repr() -> None:
    assert PIXEL not in repr(Message(role="user", content=[ImagePart.of(PIXEL)]))


def test_the_constructor_refuses_a_foreign_address() -> None:
    with pytest.raises(ValidationError, match="data:"):
        ImagePart.of("https://example.com/a.png")
