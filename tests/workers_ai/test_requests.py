import json
import math
from typing import Any

import pytest
from pydantic import ValidationError

from workers_ai import (
    ChatRequest,
    Fault,
    ImagePart,
    InvalidRequestError,
    Message,
    Parameters,
    PromptRequest,
    TextPart,
    Tool,
    parse_request,
)
from workers_ai.json_values import DEEPEST_NESTING
from workers_ai.requests import estimate_tokens

HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {
    "name": "add",
    "description": "Adds",
    "parameters": {"type": "object", "properties": {"a": {"type": "number", "description": "A"}}},
}
EVERYTHING = {
    "messages": [{"role": "system", "content": "You are a friendly assistant"}, *HELLO],
    "tools": [TOOL, {"type": "function", "function": TOOL}],
    "functions": [{"name": "f", "code": "return 1"}],
    "guided_json": {"type": "object", "properties": {"a": {"type": ["string", "null"]}}},
    "max_tokens": 1,
    "temperature": 0,
    "top_p": 0.5,
    "top_k": 50,
    "seed": 9_999_999_999,
    "repetition_penalty": 2,
    "frequency_penalty": 0.25,
    "presence_penalty": 0.0,
    "stream": False,
    "raw": True,
    "lora": "my-adapter",
    "options": {"rejectIfBusy": True, "nothing": None},
}


def faults(value: Any) -> tuple[Fault, ...]:
    with pytest.raises(InvalidRequestError) as caught:
        parse_request(value)
    return caught.value.faults


def paths(value: Any) -> list[str]:
    return [fault.path for fault in faults(value)]


def nested(levels: int) -> dict[str, Any]:
    value = innermost = {}
    for _ in range(levels - 1):
        innermost["a"] = {}
        innermost = innermost["a"]
    return value


@pytest.mark.parametrize(
    "request_body",
    [
        EVERYTHING,
        {"prompt": "Tell me a joke"},
        {"prompt": " ", "raw": True, "stream": True, "max_tokens": 256},
        {"prompt": "x", "guided_json": {}, "lora": ""},
        {"prompt": "x", "tools": 5, "functions": None},
        {"messages": []},
        {"messages": HELLO, "tools": [], "functions": []},
        {"messages": HELLO, "guided_json": {"$ref": "#", "enum": [None, 1, True, 1.5, "é"]}},
        {"messages": HELLO, "unknown": None, "stop": ["a"], "body": 1, "parameters": 2},
        {"messages": HELLO, "max_tokens": -5, "model_config": {}, "_private": 1, "__dict__": 2},
        {"messages": HELLO, "self": 1, "cls": 2, "": 3, "a b": 4},
    ],
)
def test_a_valid_request_is_sent_unchanged(request_body: dict[str, Any]) -> None:
    request = parse_request(request_body)
    assert request.body() == request_body
    assert json.loads(request.json_bytes()) == request_body


def test_the_body_reads_from_what_is_asked_to_how() -> None:
    scrambled = dict(reversed(EVERYTHING.items()))
    assert list(parse_request(scrambled).body()) == list(EVERYTHING)


def test_the_form_follows_from_the_keys() -> None:
    assert isinstance(parse_request({"messages": []}), ChatRequest)
    assert isinstance(parse_request({"prompt": "x"}), PromptRequest)


@pytest.mark.parametrize(
    ("request_body", "expected"),
    [
        ({"prompt": ""}, ["prompt"]),
        ({"prompt": None}, ["prompt"]),
        ({"prompt": ["x"]}, ["prompt"]),
        ({"messages": None}, ["messages"]),
        ({"messages": "Hello"}, ["messages"]),
        ({"messages": {"role": "user"}}, ["messages"]),
        ({"messages": [], "tools": None}, ["tools"]),
        ({"messages": [], "tools": TOOL}, ["tools"]),
        ({"messages": [], "guided_json": None}, ["guided_json"]),
        ({"messages": [], "guided_json": "{}"}, ["guided_json"]),
        ({"messages": [], "guided_json": True}, ["guided_json"]),
        ({"messages": [], "lora": None}, ["lora"]),
        ({"messages": [], "lora": 1}, ["lora"]),
        ({"messages": [], "stream": 1}, ["stream"]),
        ({"prompt": "x", "raw": "true"}, ["raw"]),
        ({"prompt": "x", "seed": True}, ["seed"]),
        ({"prompt": "x", "other": [0, {"deep value": math.nan}]}, ['other[1]["deep value"]']),
        ({"prompt": "x", "other": {1, 2}}, ["other"]),
        ({"prompt": "x", "other": 10**5000}, ["other"]),
        (
            {"prompt": "x", "guided_json": {"a": [b"", 1j, (1,)]}},
            [f"guided_json.a[{n}]" for n in range(3)],
        ),
        ({"prompt": "x", 5: 1}, [""]),
        ({"prompt": "x", "\ud800": 1}, [""]),
        (
            {"prompt": "", "top_k": 0, "max_tokens": "5", "stream": None, "lora": 5},
            ["max_tokens", "top_k", "stream", "lora", "prompt"],
        ),
        (
            {"messages": [{"content": 1}, {}, {"role": 2}], "tools": [{}], "temperature": 5.1},
            [
                "temperature",
                "messages[0].content",
                "messages[2].role",
                "tools[0].name",
                "tools[0].description",
                "tools[0].parameters",
            ],
        ),
    ],
)
def test_each_fault_has_its_path(request_body: dict[str, Any], expected: Any) -> None:
    assert paths(request_body) == expected


@pytest.mark.parametrize("value", [None, [], "{}", 5, True, b"{}"])
def test_a_request_is_an_object(value: Any) -> None:
    (fault,) = faults(value)
    assert fault.path == ""
    assert "must be a JSON object" in fault.message


@pytest.mark.parametrize("prompt", ["x", "", None])
@pytest.mark.parametrize("messages", [HELLO, [], None])
def test_both_forms_together_are_refused_with_the_reason(prompt: Any, messages: Any) -> None:
    first, *_ = faults({"prompt": prompt, "messages": messages})
    assert first.path == ""
    assert "both" in first.message


def test_neither_form_is_refused_with_the_reason() -> None:
    first, second = faults({"temperature": 9})
    assert "neither" in first.message
    assert second == Fault("temperature", "9 is not accepted; the range is 0 to 5")


def test_both_forms_are_refused_together_with_the_other_faults() -> None:
    assert paths({"prompt": "x", "messages": [5], "top_k": 0}) == ["", "top_k", "messages[0]"]


def test_the_constructors_refuse_both_forms() -> None:
    with pytest.raises(ValidationError, match="both"):
        ChatRequest(messages=[], prompt="x")
    with pytest.raises(ValidationError, match="both"):
        PromptRequest(prompt="x", messages=[])


def test_no_sentence_speaks_of_the_machinery() -> None:
    broken = {
        "messages": [5, {"role": 1, "content": 2}],
        "tools": 3,
        "lora": 4,
        "seed": {},
        "raw": 6,
    }
    for fault in faults(broken):
        assert fault.message[0].isalnum()
        assert "Input should" not in fault.message
        assert "pydantic" not in fault.message.lower()


@pytest.mark.parametrize("place", ["guided_json", "unknown", "messages", "tools"])
@pytest.mark.parametrize("levels", [10_000, 100_000])
def test_endless_nesting_is_refused_and_not_a_crash(place: str, levels: int) -> None:
    deep = nested(levels)
    value = (
        {"messages": [{"content": "x", "deep": deep}]} if place == "messages" else {"messages": []}
    )
    if place == "tools":
        value["tools"] = [{**TOOL, "deep": deep}]
    elif place != "messages":
        value[place] = deep
    (fault,) = faults(value)
    assert fault.message == f"nested more than {DEEPEST_NESTING} levels deep; that cannot be sent"


def test_what_contains_itself_is_refused() -> None:
    loop = {}
    loop["self"] = [loop, loop]
    assert paths({"messages": [], "guided_json": loop}) == ["guided_json"]


def test_the_deepest_nesting_can_be_sent_from_deep_inside_a_program() -> None:
    def called(depth: int) -> Any:
        if depth:
            return called(depth - 1)
        request = parse_request({"messages": [], "guided_json": nested(DEEPEST_NESTING)})
        return json.loads(request.json_bytes())

    assert called(400)["guided_json"] == nested(DEEPEST_NESTING)
    assert paths({"messages": [], "guided_json": nested(DEEPEST_NESTING + 2)}) == ["guided_json"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("é 😀 \u2028 \x00 </script>", "é 😀 \u2028 \x00 </script>"),
        ("half \ud83d", "half \ufffd"),
        ("\ude00 half", "\ufffd half"),
        ("\ud83d\ude00 whole", "😀 whole"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
    ],
)
def test_half_characters_never_break_the_bytes(given: str, sent: str) -> None:
    request = parse_request({"messages": [{"content": given}], "guided_json": {given: given}})
    decoded = json.loads(request.json_bytes().decode("utf-8", "strict"))
    assert decoded == {"messages": [{"content": sent}], "guided_json": {sent: sent}}
    assert json.loads(PromptRequest(prompt=given).json_bytes()) == {"prompt": sent}


def test_the_bytes_are_compact_utf_8() -> None:
    assert (
        parse_request({"prompt": "é", "top_k": 5}).json_bytes()
        == '{"prompt":"é","top_k":5}'.encode()
    )


def test_ten_megabytes_of_picture_are_read_and_written_without_a_change() -> None:
    url = "data:image/png;base64," + "A" * 10_000_000
    body = {"messages": [{"content": [{"type": "image_url", "image_url": {"url": url}}]}]}
    request = parse_request(body)
    assert request.messages[0].images[0] is url
    assert json.loads(request.json_bytes()) == body


def test_a_request_is_written_with_flat_keywords() -> None:
    request = ChatRequest(
        messages=[Message(role="user", content=[TextPart(text="Hi"), ImagePart.of("data:,")])],
        tools=[Tool(**TOOL)],
        temperature=0.5,
        stream=True,
    )
    assert request.body() == {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Hi"},
                    {"type": "image_url", "image_url": {"url": "data:,"}},
                ],
            }
        ],
        "tools": [TOOL],
        "temperature": 0.5,
        "stream": True,
    }
    assert parse_request(request.body()) == request


def test_parameters_go_in_and_come_out() -> None:
    parameters = Parameters(temperature=0.5, top_k=3, raw=False)
    request = PromptRequest(prompt="x", **parameters.body())
    assert request.parameters == parameters
    assert parse_request(EVERYTHING).parameters.body().keys() <= EVERYTHING.keys()


def test_the_constructors_keep_the_bounds() -> None:
    with pytest.raises(ValidationError):
        ChatRequest(messages=[], temperature=5.1)
    with pytest.raises(ValidationError):
        PromptRequest(prompt="x", unknown=math.nan)


def test_a_request_is_replaced_and_never_changed() -> None:
    request = parse_request(EVERYTHING)
    streamed = request.replace(stream=True, seed=None, options=1)
    assert streamed.body() == {
        **{key: value for key, value in EVERYTHING.items() if key != "seed"},
        "stream": True,
        "options": 1,
    }
    assert request.body() == EVERYTHING
    with pytest.raises(ValidationError):
        request.replace(temperature=9)
    with pytest.raises(ValidationError):
        request.stream = True


def test_neither_the_given_value_nor_the_body_is_a_way_in() -> None:
    given = json.loads(json.dumps(EVERYTHING))
    request = parse_request(given)
    given["guided_json"]["type"] = given["options"]["rejectIfBusy"] = math.nan
    given["tools"][0]["parameters"]["properties"].clear()
    given["messages"].clear()
    body = request.body()
    body["tools"][0]["parameters"]["properties"].clear()
    body["guided_json"].clear()
    assert request.body() == EVERYTHING


@pytest.mark.parametrize(
    ("request_body", "tokens"),
    [
        ({"messages": []}, 1),
        ({"messages": [{"role": "user", "content": "x" * 400}]}, 1 + 5 + 100),
        ({"messages": [{"role": "user", "content": "é" * 100}]}, 1 + 5 + 50),
        ({"messages": [{"content": "abcde"}, {"content": ""}]}, 1 + 5 + 2 + 5),
        ({"messages": [{"content": [{"image_url": {"url": "data:," + "A" * 9999}}]}]}, 1 + 5 + 260),
        ({"prompt": "x" * 40}, 1 + 5 + 10),
        ({"prompt": "x" * 40, "raw": True}, 1 + 10),
    ],
)
def test_tokens_are_estimated(request_body: dict[str, Any], tokens: int) -> None:
    assert estimate_tokens(parse_request(request_body)) == tokens


def test_tools_cost_tokens() -> None:
    bare = estimate_tokens(parse_request({"messages": []}))
    assert estimate_tokens(parse_request({"messages": [], "tools": [TOOL]})) > bare + 20
