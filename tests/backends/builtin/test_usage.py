import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image


def test_an_answer_that_is_cut_has_exactly_max_tokens(
    result: Callable[..., dict[str, Any]],
) -> None:
    usage = result("What is a neuron?", max_tokens=7)["usage"]
    assert usage["completion_tokens"] == 7
    assert usage["total_tokens"] == usage["prompt_tokens"] + 7


def test_max_tokens_is_256_when_it_is_not_sent(result: Callable[..., dict[str, Any]]) -> None:
    assert result("hi", temperature=5, seed=1)["usage"]["completion_tokens"] == 256


def test_a_whole_answer_has_fewer(result: Callable[..., dict[str, Any]]) -> None:
    assert result("What is a neuron?", temperature=0)["usage"]["completion_tokens"] < 120


@pytest.mark.parametrize("pictures", [0, 1, 3])
def test_a_picture_counts_260_tokens(result: Callable[..., dict[str, Any]], pictures: int) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    parts = [{"type": "text", "text": "hi"}]
    parts += [{"type": "image_url", "image_url": {"url": url}}] * pictures
    bare = result("hi")["usage"]["prompt_tokens"]
    seen = result(messages=[{"role": "user", "content": parts}])["usage"]["prompt_tokens"]
    assert seen == bare + 260 * pictures


def test_every_turn_counts_5_more_than_its_words(result: Callable[..., dict[str, Any]]) -> None:
    one = [{"role": "user", "content": "hi"}]
    three = [*one, {"role": "assistant", "content": "hi"}, *one]
    counts = [result(messages=m)["usage"]["prompt_tokens"] for m in (one, three)]
    assert counts == [7, 19]
