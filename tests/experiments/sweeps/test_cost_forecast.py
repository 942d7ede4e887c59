import pytest

from experiments import Axis, Sweep, forecast
from workers_ai import ChatRequest, Message, PromptRequest, Usage, model_card
from workers_ai.requests import estimate_tokens

REQUEST = ChatRequest(messages=[Message(role="user", content="Hello")], max_tokens=100)
SWEEP = Sweep([Axis("temperature", (0, 1))], samples=5)


def test_calls_and_tokens_are_those_of_all_cells() -> None:
    found = forecast(SWEEP, REQUEST)

    assert found.calls == 10
    assert found.input_tokens == 10 * estimate_tokens(REQUEST)
    assert found.output_tokens == 1000


def test_the_cost_is_the_documented_price() -> None:
    found = forecast(SWEEP, REQUEST)

    expected = model_card.cost(Usage(found.input_tokens, found.output_tokens))
    assert found.cost == pytest.approx(expected)
    assert found.cost > 0.56 * 1000 / 1_000_000


def test_the_default_counts_where_max_tokens_is_not_sent() -> None:
    assert forecast(Sweep(), PromptRequest(prompt="Hello")).output_tokens == 256


def test_a_swept_max_tokens_counts_cell_by_cell() -> None:
    sweep = Sweep([Axis("max_tokens", (10, 200))], samples=2)

    assert forecast(sweep, REQUEST).output_tokens == 2 * (10 + 200)


@pytest.mark.parametrize(("concurrency", "seconds"), [(1, 20), (3, 8), (10, 2), (99, 2)])
def test_the_time_is_that_of_the_rounds(concurrency: int, seconds: float) -> None:
    found = forecast(SWEEP, REQUEST, seconds_per_call=2, concurrency=concurrency)

    assert found.seconds == seconds


def test_an_unknown_time_is_not_zero() -> None:
    assert forecast(SWEEP, REQUEST).seconds is None
