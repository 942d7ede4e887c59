import pytest

from backends.builtin.answer import next_tokens

BODY = {"messages": [{"role": "user", "content": "What does temperature do?"}]}


def test_the_likeliest_token_comes_first_and_all_add_up_to_1() -> None:
    found = next_tokens(BODY, most=100_000)
    chances = [token.probability for token in found]
    assert found[0].token == b"Temperature"
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1)


def test_what_was_written_so_far_counts() -> None:
    assert next_tokens(BODY, written="Temperature controls how")[0].token == b" random"


def test_the_parameters_have_their_effect() -> None:
    cold, hot = (next_tokens({**BODY, "temperature": t})[0].probability for t in (0.6, 2))
    assert hot < cold
    few = next_tokens({**BODY, "top_k": 3, "temperature": 5}, most=10)
    assert [token.probability > 0 for token in few] == [True] * 3 + [False] * 7


def test_logits_do_not_depend_on_the_temperature() -> None:
    cold, hot = (next_tokens({**BODY, "temperature": t})[0].logit for t in (0.6, 2))
    assert cold == hot > 5
