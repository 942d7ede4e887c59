"""Arguments of tool calls: JSON objects, or the model's own text."""

import json

import pytest

from workers_ai.wire import decode_body


def arguments(text: str) -> object:
    call = {"name": "dig", "arguments": text}
    body = json.dumps({"success": True, "result": {"response": "", "tool_calls": [call]}})
    return decode_body(body.encode()).tool_calls[0].arguments


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": -Infinity}', '{"a": ', "[1]", "7", "a"])
def test_what_is_not_a_json_object_stays_text(text: str) -> None:
    assert arguments(text) == text


@pytest.mark.parametrize(("levels", "kind"), [(1, dict), (150, dict), (151, str), (5000, str)])
def test_arguments_that_are_nested_too_deeply_stay_text(levels: int, kind: type) -> None:
    text = '{"a":' * levels + "1" + "}" * levels

    assert type(arguments(text)) is kind


@pytest.mark.parametrize("neurons", ["Infinity", "NaN", "-1", "1e300", '"1"', "true"])
def test_an_invalid_price_is_left_out(neurons: str) -> None:
    usage = f'{{"prompt_tokens":1,"completion_tokens":2,"neurons":{neurons}}}'
    body = f'{{"success":true,"result":{{"response":"a","usage":{usage}}}}}'
    found = decode_body(body.encode()).usage

    assert found
    assert found.neurons is None
