import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from backends import SamplingSettings
from backends.builtin.sampling import Sampler, distribution, penalized

LOGITS = np.array([2.0, 1.0, 0.5, 0.0, -0.5, -1.0, -3.0])
DRAWS = 20_000


def softmax(values: Iterable[float]) -> list[float]:
    weights = [math.exp(value) for value in values]
    return [weight / sum(weights) for weight in weights]


def keep(probabilities: Sequence[float], places: Iterable[int]) -> list[float]:
    total = sum(probabilities[place] for place in places)
    return [p / total if n in places else 0 for n, p in enumerate(probabilities)]


def chi_square_is_plausible(counts: Iterable[int], expected: Sequence[float]) -> bool:
    """Check within five standard deviations: fails by chance once in a million runs."""
    assert all(count == 0 for count, p in zip(counts, expected, strict=True) if p == 0)
    cells = [(c, p * DRAWS) for c, p in zip(counts, expected, strict=True) if p > 0]
    statistic = sum((count - mean) ** 2 / mean for count, mean in cells)
    freedom = len(cells) - 1
    return statistic <= freedom + 5 * math.sqrt(2 * max(freedom, 1))


def drawn(settings: SamplingSettings) -> NDArray[np.intp]:
    sampler = Sampler(settings)
    return np.bincount([sampler.draw(LOGITS) for _ in range(DRAWS)], minlength=len(LOGITS))


@pytest.mark.parametrize("temperature", [0.1, 0.6, 1, 2, 5])
def test_frequencies_follow_the_temperature(temperature: float) -> None:
    expected = softmax(LOGITS / temperature)
    assert chi_square_is_plausible(
        drawn(SamplingSettings(temperature=temperature, seed=1)), expected
    )


@pytest.mark.parametrize("top_k", [1, 2, 3, 7, 50])
def test_frequencies_follow_top_k(top_k: int) -> None:
    expected = keep(softmax(LOGITS), range(min(top_k, 7)))
    settings = SamplingSettings(temperature=1, top_k=top_k, seed=2)
    assert chi_square_is_plausible(drawn(settings), expected)


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0, 1), (0.5, 1), (0.6, 2), (0.95, 5), (0.999, 7), (1, 7), (2, 7)]
)
def test_frequencies_follow_top_p(top_p: float, kept: int) -> None:
    expected = keep(softmax(LOGITS), range(kept))
    settings = SamplingSettings(temperature=1, top_p=top_p, seed=3)
    assert chi_square_is_plausible(drawn(settings), expected)


def test_top_p_looks_at_what_top_k_left_over() -> None:
    # Of the two that top_k keeps, the first has 73%: enough for a top_p of 0.7.
    settings = SamplingSettings(temperature=1, top_k=2, top_p=0.7, seed=4)
    assert chi_square_is_plausible(drawn(settings), [1, 0, 0, 0, 0, 0, 0])


def test_top_p_looks_at_what_the_temperature_made() -> None:
    hot = distribution(LOGITS, temperature=5, top_p=0.5)
    cold = distribution(LOGITS, temperature=0.5, top_p=0.5)
    assert (np.count_nonzero(hot), np.count_nonzero(cold)) == (3, 1)


def test_all_parameters_together() -> None:
    settings = SamplingSettings(temperature=2, top_k=4, top_p=0.9, seed=5)
    expected = keep(softmax(LOGITS / 2), range(4))
    assert chi_square_is_plausible(drawn(settings), expected)


@pytest.mark.parametrize("seed", [1, 2, 9_999_999_999])
def test_the_same_seed_draws_the_same(seed: int) -> None:
    first, second = (Sampler(SamplingSettings(temperature=2, seed=seed)) for _ in range(2))
    assert [first.draw(LOGITS) for _ in range(99)] == [second.draw(LOGITS) for _ in range(99)]


def test_other_seeds_and_no_seed_draw_differently() -> None:
    draws = [
        tuple(sampler.draw(LOGITS) for _ in range(99))
        for sampler in (
            Sampler(SamplingSettings(temperature=2, seed=seed)) for seed in (1, 2, None, None)
        )
    ]
    assert len(set(draws)) == 4


def test_temperature_0_is_greedy_and_takes_the_lowest_id_of_equals() -> None:
    assert distribution(np.array([1.0, 3.0, 3.0]), temperature=0).tolist() == [0, 1, 0]


def test_top_k_takes_the_lowest_ids_of_equals() -> None:
    even = distribution(np.zeros(4), temperature=1, top_k=3)
    assert even.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])


def test_what_is_forbidden_is_never_drawn() -> None:
    logits = np.array([-np.inf, 0.0, -np.inf])
    for top_k, top_p, temperature in itertools.product((None, 1, 3), (None, 0, 0.5, 2), (0, 5)):
        chances = distribution(logits, temperature=temperature, top_k=top_k, top_p=top_p)
        assert chances.tolist() == [0, 1, 0]


def test_repetition_penalty_divides_positive_and_multiplies_negative_logits() -> None:
    settings = SamplingSettings(repetition_penalty=2.0)
    after = penalized(LOGITS, settings, prompt=[0], answer=[5])
    assert after.tolist() == [1.0, 1.0, 0.5, 0.0, -0.5, -2.0, -3.0]


def test_repetition_penalty_below_1_invites_repeats_and_0_is_not_a_division_by_zero() -> None:
    assert penalized(LOGITS, SamplingSettings(repetition_penalty=0.5), [0], [])[0] == 4
    assert np.all(
        np.isfinite(penalized(LOGITS, SamplingSettings(repetition_penalty=0), range(7), []))
    )


def test_frequency_penalty_counts_every_use_in_the_answer_and_none_in_the_prompt() -> None:
    after = penalized(LOGITS, SamplingSettings(frequency_penalty=0.5), prompt=[1], answer=[0, 0, 2])
    assert after.tolist() == [1.0, 1.0, 0.0, 0.0, -0.5, -1.0, -3.0]


def test_presence_penalty_counts_once() -> None:
    after = penalized(LOGITS, SamplingSettings(presence_penalty=0.5), prompt=[1], answer=[0, 0, 2])
    assert after.tolist() == [1.5, 1.0, 0.0, 0.0, -0.5, -1.0, -3.0]


def test_penalties_come_before_the_temperature() -> None:
    sampler = Sampler(SamplingSettings(temperature=2, presence_penalty=2.0))
    sampler.remember(0)
    expected = softmax(np.array([0.0, *LOGITS[1:]]) / 2)
    assert sampler.probabilities(LOGITS).tolist() == pytest.approx(expected)


def test_settings_are_read_from_a_body() -> None:
    body = {"messages": [], "temperature": 0, "top_k": 3, "stream": True}
    assert SamplingSettings.of(body) == SamplingSettings(temperature=0, top_k=3)
