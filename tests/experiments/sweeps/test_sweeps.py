"""The cells of a sweep: their order, keys, parameters and requests."""

from typing import Any

import pytest

from experiments import Axis, Cell, Sweep, read_axis
from experiments.sweeps.sweep import MOST_CELLS
from workers_ai import ChatRequest, InvalidRequestError, Parameters, PromptRequest

TEMPERATURES = Axis("temperature", (0, 0.6))
TOP_KS = Axis("top_k", (1, 10, 50))
REQUEST = ChatRequest.model_validate(
    {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                ],
            }
        ],
        "tools": [
            {
                "name": "look",
                "description": "Look",
                "parameters": {
                    "type": "object",
                    "properties": {"at": {"type": "string", "description": "Where"}},
                    "required": ["at"],
                },
            }
        ],
        "guided_json": {"type": "object"},
        "top_p": 0.9,
        "seed": 5,
        "stream": True,
        "own_key": 1,
    }
)


def refused(**given: Any) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        Sweep(**given)
    return caught.value.message


def test_without_axes_there_are_only_samples() -> None:
    cells = list(Sweep(samples=2).cells())

    assert cells == [Cell((), (), 1, "sample=1"), Cell((), (), 2, "sample=2")]


def test_the_last_axis_changes_fastest_and_samples_stay_together() -> None:
    sweep = Sweep([TEMPERATURES, TOP_KS], samples=2)
    cells = list(sweep.cells())

    assert sweep.count == len(cells) == 12
    assert [(*cell.values, cell.sample) for cell in cells[:4]] == [
        (0, 1, 1), (0, 1, 2), (0, 10, 1), (0, 10, 2),
    ]  # fmt: skip
    assert cells[-1].place == (1, 2)
    assert cells[-1].key == "temperature=0.6,top_k=50,sample=2"


def test_keys_are_unique_and_stay_when_values_and_samples_are_added() -> None:
    few = {cell.key for cell in Sweep([TOP_KS], samples=2, seeds="per sample").cells()}
    more = Axis("top_k", (5, 50, 10, 1))
    many = [cell.key for cell in Sweep([more], samples=3, seeds="per sample").cells()]

    assert len(set(many)) == len(many)
    assert few < set(many)


def test_another_seed_is_another_cell() -> None:
    sweeps = (Sweep(), Sweep(seeds="fixed"), Sweep(seeds="fixed", first_seed=2))

    assert len({next(sweep.cells()).key for sweep in sweeps}) == 3


@pytest.mark.parametrize(
    ("seeds", "sent"),
    [("unset", [None] * 4), ("fixed", [7] * 4), ("per sample", [7, 8, 7, 8])],
)
def test_seeds_are_unset_fixed_or_one_for_each_sample(seeds: Any, sent: list[int | None]) -> None:
    sweep = Sweep([TEMPERATURES], samples=2, seeds=seeds, first_seed=7)
    base = Parameters(seed=5, top_p=0.9)
    found = [sweep.parameters(base, cell) for cell in sweep.cells()]

    assert [each.seed for each in found] == sent
    assert [each.temperature for each in found] == [0, 0, 0.6, 0.6]
    assert {each.top_p for each in found} == {0.9}


def test_a_swept_seed_is_the_seed() -> None:
    sweep = Sweep([Axis("seed", (3, 4))])

    assert [sweep.parameters(Parameters(), cell).seed for cell in sweep.cells()] == [3, 4]


def test_a_request_keeps_all_that_is_not_swept() -> None:
    made = [(key, make()) for key, make in Sweep([TEMPERATURES]).requests(REQUEST)]

    assert [key for key, _ in made] == ["temperature=0,sample=1", "temperature=0.6,sample=1"]
    for (_, request), temperature in zip(made, (0, 0.6), strict=True):
        unset = {name: part for name, part in REQUEST.body().items() if name != "seed"}
        assert request.body() == {**unset, "temperature": temperature}


def test_a_prompt_can_be_swept_too() -> None:
    (_, make), *_ = Sweep([TOP_KS]).requests(PromptRequest(prompt="Hello"))

    assert make().body() == {"prompt": "Hello", "top_k": 1}


def test_the_parameters_of_a_request_give_parameters_alone() -> None:
    sweep = Sweep([TEMPERATURES])

    assert type(sweep.parameters(REQUEST, next(sweep.cells()))) is Parameters


def test_too_many_cells_are_refused_with_their_number() -> None:
    wide = [Axis("top_k", range(1, 11)), Axis("temperature", range(6))]

    assert Sweep(wide, samples=20).count == 1200
    sentence = refused(axes=[*wide, Axis("presence_penalty", (0, 1))], samples=20)
    assert sentence == (
        f"this sweep has 2,400 cells; at most {MOST_CELLS:,} are allowed. "
        "Use fewer values or samples"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"samples": 0}, "samples: 0 is not accepted; the range is 1 to 20"),
        ({"samples": 21}, "samples: 21 is not accepted"),
        ({"seeds": "often"}, 'seeds: "often" is not accepted; it must be one of unset'),
        ({"first_seed": 0}, "first_seed: 0 is not accepted; the range is 1 to 9999999999"),
        (
            {"first_seed": 9_999_999_999, "samples": 2, "seeds": "per sample"},
            "first_seed: 10000000000 is not accepted",
        ),
        ({"axes": [TOP_KS, TOP_KS]}, "axes: top_k is swept twice"),
        (
            {"axes": [read_axis(name, "1") for name in ("top_k", "top_p", "seed", "temperature")]},
            "axes: at most 3 parameters can be swept, not 4",
        ),
        ({"axes": [Axis("seed", (1,))], "seeds": "fixed"}, "seeds: seed is swept"),
    ],
)
def test_what_is_out_of_bounds_is_reported(given: dict[str, Any], sentence: str) -> None:
    assert sentence in refused(**given)
