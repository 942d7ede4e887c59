import json
from typing import Any

import pytest

from workers_ai import (
    APIStatusError,
    Chunk,
    RateLimitError,
    Response,
    ResponseError,
    ToolCall,
    Usage,
    WorkersAIError,
    decode_stream,
)
from workers_ai.wire import LARGEST_BODY, decode_body


def event(**value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
USAGE = {"prompt_tokens": 755, "completion_tokens": 10, "total_tokens": 765}

NATIVE = (
    b'data: {"response":"Hello","p":"abcdefghijklmnopqrstuvw"}\n\n'
    b'data: {"response":"!","p":"abcdefghijklmnopqrstuvw"}\n\n'
    b'data: {"response":" How","p":"abcdefgh"}\n\n'
    b'data: {"response":"?","p":"abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"}\n\n'
    b'data: {"response":""}\n\n'
    b'data: {"response":"","usage":{"prompt_tokens":755,"completion_tokens":10,"total_tokens":765}}'
    b"\n\ndata: [DONE]\n\n"
)
VLLM_ERA = (
    b'data: {"response":"","tool_calls":[],"p":"abdefghijklmnoprstuvxyz12"}\n\n'
    b'data: {"response":"You","tool_calls":[],"p":"abdefghijklmno"}\n\n'
    b'data: {"tool_calls":[],"p":"abdefgh"}\n\n'
    b'data: {"response":"\'re looking","tool_calls":[],"p":"abdefgh","finish_reason":null}\n\n'
    b'data: {"finish_reason":"stop"}\n\n'
)
HYBRID = (
    b'data: {"choices":[{"delta":{"content":"Hi","role":"assistant"}}],"response":"Hi"}\n\n'
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
    b'data: {"response":"","usage":{"prompt_tokens":129,"completion_tokens":7}}\n\n'
    b"data: [DONE]\n\n"
)
OPENAI = (
    b'data: {"choices":[{"delta":{"content":"","reasoning_content":null,"role":"assistant"},'
    b'"finish_reason":null,"index":0}],"usage":{"prompt_tokens":147,"completion_tokens":0}}\n\n'
    b'data: {"choices":[{"delta":{"content":"Gr\xc3\xbc\xc3\x9fe"},"index":0}]}\n\n'
    b'data: {"choices":[{"delta":{"reasoning_content":null},"finish_reason":"stop"}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":1}}\n\n'
    b'data: {"response":"","usage":{"prompt_tokens":147,"completion_tokens":16,'
    b'"total_tokens":163,"neurons":1.7727}}\n\n'
    b"data: [DONE]\n\n"
)
FRAGMENTS = (
    b'data: {"response":"","tool_calls":[]}\n\n'
    b'data: {"tool_calls":[{"id":"chatcmpl-tool-abc123","type":"function","index":0,'
    b'"function":{"name":"calculator"}}]}\n\n'
    b'data: {"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\": 1"}}]}\n\n'
    b'data: {"tool_calls":[{"index":0,"function":{"arguments":", \\"b\\": 2}"}}]}\n\n'
    b'data: {"tool_calls":[{"id":null,"type":null,"index":0,"function":{"name":null,'
    b'"arguments":""}}]}\n\ndata: [DONE]\n\n'
)


def outcome(chunks: list[Chunk]) -> tuple[str, Chunk]:
    assert all(chunk.finish is None for chunk in chunks[:-1])
    return "".join(chunk.text for chunk in chunks), chunks[-1]._replace(text="")


def decoded(stream: bytes, **options: Any) -> tuple[str, Chunk]:
    return outcome(list(decode_stream([stream], **options)))


@pytest.mark.parametrize(
    ("stream", "text", "finish", "usage"),
    [
        (NATIVE, "Hello! How?", "done", Usage(755, 10, 765)),
        (VLLM_ERA, "You're looking", "done", None),
        (HYBRID, "Hi", "done", Usage(129, 7, 136)),
        (OPENAI, "Grüße", "done", Usage(147, 16, 163, 1.7727)),
    ],
)
def test_every_documented_form_of_stream_is_read(
    stream: bytes, text: str, finish: str, usage: Usage | None
) -> None:
    decoded_text, last = decoded(stream)
    assert (decoded_text, last.finish, last.usage) == (text, finish, usage)


@pytest.mark.parametrize("stream", [NATIVE, VLLM_ERA, HYBRID, OPENAI, FRAGMENTS])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_stream_survives_any_chunk_boundary(stream: bytes, end: bytes) -> None:
    given = b"\xef\xbb\xbf" + stream.replace(b"\n", end)
    expected = decoded(stream)
    assert outcome(list(decode_stream(given[i : i + 1] for i in range(len(given))))) == expected
    for cut in range(0, len(given), 7):
        assert outcome(list(decode_stream([given[:cut], given[cut:]]))) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4", "4"),
        ("1e5", "1e5"),
        ("1.0", "1.0"),
        ("9" * 5000, "9" * 5000),
        ("true", "true"),
        ("null", ""),
        ('{"a": [1, "ü"]}', '{"a":[1,"ü"]}'),
        ("[]", "[]"),
        ('""', ""),
    ],
)
def test_a_token_that_is_not_a_string_becomes_its_text(value: str, text: str) -> None:
    stream = f'data: {{"response": {value}}}\n\n'.encode() + DONE
    decoded_text, last = decoded(stream)
    if len(value) > 4300:  # Python refuses to read such a number: flagged, not swallowed
        assert (decoded_text, last.damaged) == ("", 1)
    else:
        assert (decoded_text, last.damaged) == (text, 0)


def test_a_stream_without_done_or_finish_reason_ended_early() -> None:
    assert decoded(event(response="cut"))[1].finish == "ended_early"


def test_a_finish_reason_completes_a_stream_without_done() -> None:
    assert decoded(event(response="x", finish_reason="stop"))[1].finish == "done"


def test_done_ends_the_stream_though_the_line_stays_open() -> None:
    def line() -> Any:
        yield event(response="x") + DONE
        raise AssertionError("read past [DONE]")

    assert outcome(list(decode_stream(line())))[1].finish == "done"


def test_text_after_the_finish_reason_is_kept() -> None:
    stream = event(response="a", finish_reason="stop") + event(response="b") + DONE + DONE
    assert decoded(stream)[0] == "ab"


def test_using_up_max_tokens_is_length_unless_the_server_reports_otherwise() -> None:
    native = event(response="x") + event(response="", usage=USAGE) + DONE
    stated = event(response="x", finish_reason="stop") + event(usage=USAGE) + DONE
    assert decoded(native, max_tokens=10)[1].finish == "length"
    assert decoded(native, max_tokens=11)[1].finish == "done"
    assert decoded(native, max_tokens=0)[1].finish == "done"
    assert decoded(stated, max_tokens=10)[1].finish == "done"
    assert decoded(event(response="x", finish_reason="length"))[1].finish == "length"


@pytest.mark.parametrize(
    "garbage",
    [
        b"data: {not json\n\n",
        b"data: 5\n\n",
        b'data: "text"\n\n',
        b"data: null\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
        b'data: {"response":"\xff\n\n',
        b"data: \x00\n\n",
    ],
)
def test_a_damaged_event_is_flagged_and_the_rest_is_read(garbage: bytes) -> None:
    text, last = decoded(event(response="a") + garbage + event(response="b") + DONE)
    assert (text, last.damaged, last.finish) == ("ab", 1, "done")


def test_bad_utf8_inside_a_string_becomes_the_replacement_character() -> None:
    assert decoded(b'data: {"response":"a\xffb"}\n\n' + DONE)[0] == "a\ufffdb"


def test_a_surrogate_pair_split_over_events_is_joined() -> None:
    halves = b'data: {"response":"a\\ud83d"}\n\ndata: {"p":""}\n\ndata: {"response":"\\ude00b"}\n\n'
    assert decoded(halves + DONE)[0] == "a😀b"


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\ude00"])
def test_a_lone_surrogate_becomes_the_replacement_character(half: bytes) -> None:
    text, _ = decoded(b'data: {"response":"a' + half + b'"}\n\n' + DONE)
    assert text == "a\ufffd"
    text.encode()


@pytest.mark.parametrize(
    "report",
    [
        {"errors": [{"code": 3040, "message": "Capacity exceeded"}]},
        {"error": {"code": 3040, "message": "Capacity exceeded"}},
        {"error": [{"code": "3040", "message": "Capacity exceeded"}]},
        {"error": "3040: Capacity exceeded"},
        {"success": False, "errors": [{"code": 3040, "message": "Capacity exceeded"}]},
    ],
)
def test_an_error_event_is_raised_with_the_text_so_far(report: dict[str, Any]) -> None:
    with pytest.raises(RateLimitError, match="Capacity exceeded") as raised:
        list(decode_stream([event(response="some "), event(response="text"), event(**report)]))
    assert (raised.value.partial, raised.value.code) == ("some text", 3040)


def test_finish_reason_error_is_an_error() -> None:
    with pytest.raises(ResponseError) as raised:
        list(decode_stream([event(response="x"), event(finish_reason="error")]))
    assert raised.value.partial == "x"


def test_what_the_source_raises_carries_the_text_so_far() -> None:
    def broken() -> Any:
        yield event(response="half")
        raise WorkersAIError("gone")

    with pytest.raises(WorkersAIError) as raised:
        list(decode_stream(broken()))
    assert raised.value.partial == "half"


def test_json_in_place_of_a_stream_is_one_chunk() -> None:
    body = json.dumps({"result": {"response": "all", "usage": USAGE}, "success": True}).encode()
    for cut in range(len(body)):
        assert list(decode_stream([b"\n", body[:cut], body[cut:]])) == [
            Chunk("all", Usage(755, 10, 765), (), "done")
        ]


@pytest.mark.parametrize("body", [b"", b"\n", b"<html>", b" <!doctype html>", b"Hello there\n\n"])
def test_what_is_neither_stream_nor_json_is_a_response_error(body: bytes) -> None:
    with pytest.raises(ResponseError):
        list(decode_stream([body]))


CALL = {"location": "Paris"}


@pytest.mark.parametrize(
    ("entries", "calls"),
    [
        ([{"name": "f", "arguments": CALL}], [("f", CALL)]),
        ([{"name": "f", "arguments": json.dumps(CALL)}], [("f", CALL)]),
        ([{"type": "function", "function": {"name": "f", "arguments": "{}"}}], [("f", {})]),
        ([{"name": "f", "arguments": CALL}, None, {"name": "g"}], [("f", CALL), ("g", {})]),
        ([{"name": "f", "arguments": '{"a": '}], [("f", '{"a": ')]),
        ([{"name": "f", "arguments": "[1]"}], [("f", "[1]")]),
        ([{"name": "f", "arguments": None}], [("f", {})]),
        ([], []),
        (None, []),
    ],
)
def test_tool_calls_of_every_shape_are_read(entries: Any, calls: list[tuple[str, Any]]) -> None:
    answer = decode_body(json.dumps({"result": {"tool_calls": entries}}).encode())
    assert [(call.name, call.arguments) for call in answer.tool_calls] == calls


def test_fragments_of_a_call_are_joined_by_index() -> None:
    _, last = decoded(FRAGMENTS)
    call = ToolCall("calculator", {"a": 1, "b": 2}, "chatcmpl-tool-abc123")
    assert last.tool_calls == (call,)


def test_arguments_may_come_before_the_name_and_calls_may_interleave() -> None:
    def part(index: int, **function: Any) -> bytes:
        return event(tool_calls=[{"index": index, "function": function}])

    stream = part(0, arguments='{"a"') + part(1, name="g") + part(0, name="f", arguments=":1}")
    _, last = decoded(stream + part(1, arguments='{"b":2}') + DONE)
    assert [(c.name, c.arguments) for c in last.tool_calls] == [("f", {"a": 1}), ("g", {"b": 2})]


def test_calls_that_share_an_id_are_two_calls_with_ids_of_their_own() -> None:
    entries = [{"id": "same", "name": "f", "index": 0}, {"id": "same", "name": "g", "index": 1}]
    _, last = decoded(event(tool_calls=entries) + DONE)
    assert [call.name for call in last.tool_calls] == ["f", "g"]
    assert len({call.id for call in last.tool_calls}) == 2


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"response": "text"}, "text"),
        ({"response": {"name": "India"}}, '{"name":"India"}'),
        ({"response": 42}, "42"),
        ({"response": None, "tool_calls": []}, ""),
        ({"choices": [{"message": {"content": "text"}, "finish_reason": "stop"}]}, "text"),
        ({"choices": [{"message": {"content": {"a": 1}}}]}, '{"a":1}'),
        ({"choices": [{"text": "text"}]}, "text"),
        ({"choices": [{"message": {"content": ""}}], "response": "text"}, "text"),
    ],
)
def test_every_shape_of_response_is_read_in_an_envelope_and_bare(result: Any, text: str) -> None:
    envelope = {"result": result, "success": True, "errors": [], "messages": []}
    for value in (envelope, result):
        answer = decode_body(json.dumps(value).encode())
        assert (answer.text, answer.finish, answer.raw) == (text, "done", value)


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"5", b"null", b"{}", b'{"result":{}}', b'{"result":5}', b"[" * 100_000],
)
def test_an_undocumented_body_is_a_response_error(body: bytes) -> None:
    with pytest.raises(ResponseError):
        decode_body(body)


def test_success_false_with_status_200_is_an_error() -> None:
    body = {"result": None, "success": False, "errors": [{"code": 5006, "message": "bad"}]}
    with pytest.raises(APIStatusError, match="bad") as raised:
        decode_body(json.dumps(body).encode())
    assert (raised.value.status_code, raised.value.code) == (200, 5006)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({}, Usage()),
        ({"prompt_tokens": 1.0, "completion_tokens": "x"}, Usage(1, 0, 1)),
        ({"prompt_tokens": True, "completion_tokens": -1, "total_tokens": 1e300}, Usage()),
    ],
)
def test_usage_is_read_leniently(usage: Any, expected: Usage) -> None:
    answer = decode_body(json.dumps({"response": "", "usage": usage}).encode())
    assert answer == Response("", (), expected)


def test_a_body_over_the_limit_is_refused() -> None:
    with pytest.raises(ResponseError, match="larger"):
        list(decode_stream([b'{"response":"', b"x" * LARGEST_BODY, b'"}']))
