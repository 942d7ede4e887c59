"""Every stage, compared with its formula, reimplemented here, and with actual draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backends import Logits, SamplingSettings
from backends.builtin.sampling import Sampler, penalized
from experiments import SamplingStages, sampling_stages
from experiments.next_token.sampling_stages import STAGES
from workers_ai import ChatRequest, Message, Parameters

DRAWS = 20_000
LOGITS = np.array([3.0, 2.0, 1.0, 0.5, 0.0, -0.5, -1.0, -3.0])
PROMPT, ANSWER = (1, 5), (0, 0, 2, 0)


@dataclass(frozen=True)
class Known:
    logits: Logits = field(default_factory=LOGITS.copy)
    prompt: Sequence[int] = PROMPT
    answer: Sequence[int] = ANSWER
    vocabulary: Sequence[bytes] = tuple(b"%c" % letter for letter in b"abcdefgh")


def shaped(**given: Any) -> SamplingStages:
    return sampling_stages(Known(), Parameters(**given))


def by_hand(
    *,
    temperature: float = 0.6,
    top_k: int = 50,
    top_p: float = 1,
    repetition_penalty: float = 1,
    frequency_penalty: float = 0,
    presence_penalty: float = 0,
    seed: int = 1,
) -> list[float]:
    """Apply the documented formulas token by token, without the tested code."""
    scores = LOGITS.tolist()
    for token in {*PROMPT, *ANSWER}:
        factor = max(repetition_penalty, 0.01)
        scores[token] = scores[token] / factor if scores[token] > 0 else scores[token] * factor
    for token in ANSWER:
        scores[token] -= frequency_penalty
    for token in set(ANSWER):
        scores[token] -= presence_penalty
    if temperature == 0:
        return [float(token == scores.index(max(scores))) for token in range(len(scores))]
    chances = [math.exp(score / temperature) for score in scores]
    ranked = sorted(range(len(chances)), key=lambda token: -chances[token])
    kept = ranked[:top_k]
    total, reached, nucleus = sum(chances[token] for token in kept), 0.0, []
    for token in kept:
        nucleus.append(token)
        reached += chances[token]
        if top_p < 1 and reached >= top_p * total:
            break
    whole = sum(chances[token] for token in nucleus)
    return [chances[token] / whole if token in nucleus else 0.0 for token in range(len(chances))]


SETTINGS: list[dict[str, Any]] = [
    {},
    *({"temperature": value} for value in (0, 0.05, 1, 2, 5)),
    *({"temperature": 2, "top_k": value} for value in (1, 2, 7, 50)),
    *({"temperature": 2, "top_p": value} for value in (0, 0.3, 0.9, 0.999, 1, 2)),
    *({"temperature": 2, "repetition_penalty": value} for value in (0, 0.5, 1, 1.3, 2)),
    *({"temperature": 2, "frequency_penalty": value} for value in (0, 0.4, 2)),
    *({"temperature": 2, "presence_penalty": value} for value in (0, 0.7, 2)),
    {"temperature": 1.5, "top_k": 5, "top_p": 0.8},
    {"temperature": 5, "top_k": 3, "top_p": 0.7, "frequency_penalty": 1},
    {
        "temperature": 3,
        "top_k": 6,
        "top_p": 0.95,
        "repetition_penalty": 1.2,
        "frequency_penalty": 0.3,
        "presence_penalty": 0.5,
    },
    {"temperature": 0, "repetition_penalty": 2, "frequency_penalty": 2, "presence_penalty": 2},
]
NAMES = [", ".join(f"{k} {v}" for k, v in each.items()) or "nothing" for each in SETTINGS]


def drawn(given: dict[str, Any], seed: int) -> NDArray[np.intp]:
    sampler = Sampler(SamplingSettings(**{**given, "seed": seed}), PROMPT)
    for token in ANSWER:
        sampler.remember(token)
    return sampler.draws(LOGITS, DRAWS)


def is_plausible(counts: NDArray[np.intp], expected: Sequence[float]) -> bool:
    """Chi-square test with Wilson and Hilferty's normal approximation: 4 sigma, 1 in 30,000."""
    pairs = [(count, chance * DRAWS) for count, chance in zip(counts, expected, strict=True)]
    if any(count for count, mean in pairs if mean == 0):
        return False
    # Cells with hardly any draws are merged, as the test requires.
    rare = [pair for pair in pairs if 0 < pair[1] < 5]
    cells = [pair for pair in pairs if pair[1] >= 5]
    if sum(mean for _, mean in rare) >= 5:
        cells.append((sum(count for count, _ in rare), sum(mean for _, mean in rare)))
    freedom = len(cells) - 1
    if not freedom:
        return True
    statistic = sum((count - mean) ** 2 / mean for count, mean in cells)
    spread = 2 / (9 * freedom)
    return bool(((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread) < 4)


@pytest.mark.parametrize("given", SETTINGS, ids=NAMES)
def test_what_is_shown_is_the_documented_formula(given: dict[str, Any]) -> None:
    assert shaped(**given).probabilities.tolist() == pytest.approx(by_hand(**given))


@pytest.mark.parametrize("given", SETTINGS, ids=NAMES)
def test_what_is_shown_is_what_is_drawn(given: dict[str, Any]) -> None:
    for seed in (1, 2, 9_999_999_999):
        counts = np.bincount(drawn(given, seed), minlength=len(LOGITS))
        assert is_plausible(counts, shaped(**given).probabilities.tolist())


def test_the_check_itself_finds_a_wrong_distribution() -> None:
    counts = np.bincount(drawn({"temperature": 2}, 1), minlength=len(LOGITS))

    assert not is_plausible(counts, shaped(temperature=2.1).probabilities.tolist())
    assert not is_plausible(counts, shaped(temperature=2, top_k=7).probabilities.tolist())


def test_a_seed_gives_the_same_draws_and_another_one_others() -> None:
    first, again, other = (drawn({"temperature": 2}, seed).tolist() for seed in (7, 7, 8))

    assert first == again != other


def test_many_draws_are_the_single_ones() -> None:
    one_by_one = Sampler(SamplingSettings(temperature=2, seed=3))
    at_once = Sampler(SamplingSettings(temperature=2, seed=3))

    singles = [one_by_one.draw(LOGITS) for _ in range(200)]
    assert at_once.draws(LOGITS, 200).tolist() == singles


def test_temperature_0_draws_the_most_likely_whatever_the_seed() -> None:
    assert {int(token) for seed in (1, 2, 3) for token in drawn({"temperature": 0}, seed)} == {0}


def test_the_stages_are_in_the_order_of_the_sampler() -> None:
    found = shaped(temperature=2, top_k=6, top_p=0.5, presence_penalty=1)

    assert tuple(stage.name for stage in found.stages) == STAGES
    assert [stage.value for stage in found.stages] == [None, None, None, 1, 2, 6, 0.5]
    assert [stage.kept for stage in found.stages] == [8, 8, 8, 8, 8, 6, 2]


@pytest.mark.parametrize("given", SETTINGS, ids=NAMES)
def test_every_stage_adds_up_to_1_and_the_last_one_is_the_samplers(given: dict[str, Any]) -> None:
    found = shaped(**given)
    sampler = Sampler(SamplingSettings(**given), PROMPT)
    for token in ANSWER:
        sampler.remember(token)

    assert [stage.probabilities.sum() for stage in found.stages] == pytest.approx([1] * 7)
    assert found.probabilities.tolist() == sampler.probabilities(LOGITS).tolist()


def test_each_penalty_is_a_stage_of_its_own() -> None:
    given = {"repetition_penalty": 1.5, "frequency_penalty": 0.5, "presence_penalty": 0.25}
    found = shaped(**given)
    so_far: dict[str, float] = {}
    for name, value in given.items():
        so_far[name] = value
        scores = penalized(LOGITS, SamplingSettings(**so_far), PROMPT, ANSWER)  # type: ignore[arg-type]
        expected = np.exp(scores) / np.exp(scores).sum()
        stage = next(stage for stage in found.stages if stage.name == name)
        assert stage.probabilities.tolist() == pytest.approx(expected.tolist())


def test_raw_is_the_model_at_temperature_1_without_any_setting() -> None:
    expected = (np.exp(LOGITS) / np.exp(LOGITS).sum()).tolist()

    for given in ({}, {"temperature": 0}, {"presence_penalty": 2, "top_k": 1}):
        assert shaped(**given).stages[0].probabilities.tolist() == pytest.approx(expected)


def test_what_is_not_sent_has_no_effect_but_the_default_temperature() -> None:
    unset, sent = shaped(), shaped(temperature=0.6)

    assert unset.probabilities.tolist() == sent.probabilities.tolist()
    assert unset.stages[3].probabilities.tolist() == unset.stages[0].probabilities.tolist()


def test_a_row_names_the_stage_that_cut_its_token() -> None:
    logits = np.array([2.0, 1.5, 1.0, -np.inf])
    known = Known(logits, (), (), (b"a", b"b", b"c", b"d"))
    rows = sampling_stages(known, Parameters(temperature=1, top_k=2, top_p=0.5)).rows()

    assert [(row.text, row.cut_by) for row in rows] == [
        ("a", None), ("b", "top_p"), ("c", "top_k"), ("d", "raw"),
    ]  # fmt: skip
    assert [len(row.probabilities) for row in rows] == [len(STAGES)] * 4
    cold = sampling_stages(known, Parameters(temperature=0)).rows()
    assert [row.cut_by for row in cold] == [None, "temperature", "temperature", "raw"]


def test_rows_are_most_likely_first_and_no_more_than_requested() -> None:
    rows = shaped(temperature=1, presence_penalty=2).rows(3)

    assert len(rows) == 3
    chances = [row.probabilities[-1] for row in rows]
    assert chances == sorted(chances, reverse=True)
    assert rows[0].text == "b"


def test_entropy_counts_the_open_choices_in_bits() -> None:
    four = Known(np.array([1.0, 1.0, 1.0, 1.0]), (), (), (b"a",) * 4)

    assert sampling_stages(four, Parameters(temperature=1)).stages[-1].entropy == pytest.approx(2)
    assert sampling_stages(four, Parameters(temperature=0)).stages[-1].entropy == 0


def test_a_request_brings_its_parameters() -> None:
    request = ChatRequest(messages=[Message(role="user", content="Hi")], top_k=2)

    assert sampling_stages(Known(), request).stages[-1].kept == 2
