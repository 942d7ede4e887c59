"""Figures of answers: what is measured, and what is None because it cannot be."""

import csv
import io
import json
import math
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import (
    Axis,
    Outcome,
    Sweep,
    export_rows,
    figures_of,
    request_difference,
    word_difference,
)
from experiments.answer_figures.measures import agreement, distinct, repetition
from experiments.answer_figures.words import words
from experiments.differences.request_diff import Change
from experiments.sweeps.results import results
from workers_ai import Finish, Snapshot, Usage, model_card

USAGE = Usage(10, 20, 30)


@dataclass(frozen=True)
class Ended:
    text: str = "Hello there"
    finish: Finish | None = "done"
    usage: Usage | None = USAGE
    seconds: float = 3.0
    first_text: float | None = 1.0


# Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Don't stop: it's 3.5 km, or 1,000!",
            ["don't", "stop", "it's", "3.5", "km", "or", "1,000"],
        ),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("naïve cafe\u0301", ["naïve", "cafe\u0301"]),
        ('{"a_b":1,"c":2}', ["a_b", "1", "c", "2"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("我喜欢 Pizza。", ["我", "喜", "欢", "pizza"]),
        ("ラーメン", ["ラ", "ー", "メ", "ン"]),
        ("กินข้าว", ["กิ", "น", "ข้", "า", "ว"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("🎉 … —", []),
        ("", []),
    ],
)
def test_words_are_found_in_any_script(text: str, found: list[str]) -> None:
    assert words(text) == found


# Variety, repetition, agreement


def test_distinct_n_is_different_runs_over_all_runs() -> None:
    assert distinct(["a b a b"], 1) == 2 / 4
    assert distinct(["a b a b"], 2) == 2 / 3
    assert distinct(["a b", "a b", "c d"], 2) == 2 / 3


def test_runs_do_not_go_from_one_answer_into_the_next() -> None:
    assert distinct(["a b", "b a"], 2) == 1
    assert distinct(["a", "b"], 2) is None


@pytest.mark.parametrize("texts", [[], [""], ["…"]])
def test_without_words_there_is_no_variety(texts: list[str]) -> None:
    assert distinct(texts, 1) is None


def test_repetition_is_what_came_before() -> None:
    assert repetition("one two three four five") == 0
    assert repetition("a b c d a b c d") == pytest.approx(1 / 5)
    assert repetition("a " * 103) == pytest.approx(0.99)
    assert repetition("one two three") is None


def test_agreement_counts_equal_pairs_and_common_words() -> None:
    found = agreement(["a b", "a b", "b c"])

    assert found is not None
    assert found.equal == pytest.approx(1 / 3)
    assert found.similarity == pytest.approx((1 + 1 / 3 + 1 / 3) / 3)


def test_one_answer_has_no_agreement() -> None:
    assert agreement(["a b"]) is None
    assert agreement([]) is None


def test_texts_without_words_agree_if_they_are_identical() -> None:
    assert agreement(["!", "!", "?"]) == (1 / 3, 1 / 3)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_every_measure_is_a_share(texts: list[str]) -> None:
    found = agreement(texts) or ()
    for share in (distinct(texts, 1), distinct(texts, 2), *map(repetition, texts), *found):
        assert share is None or 0 <= share <= 1


# Figures


def test_the_figures_of_some_answers() -> None:
    found = figures_of([Ended("Hello there"), Ended("Hello you", seconds=2.0)])

    assert (found.calls, found.failed, found.cut, found.empty) == (2, 0, 0, 0)
    assert (found.words, found.characters) == (2, 10)
    assert (found.distinct_1, found.distinct_2) == (3 / 4, 1)
    assert found.equal == 0
    assert found.similarity == pytest.approx(1 / 3)
    assert (found.seconds, found.first_text) == (2.5, 1)
    assert found.tokens_per_second == pytest.approx((20 / 2 + 20 / 1) / 2)
    assert found.cost == pytest.approx(2 * model_card.cost(Usage(10, 20, 30)))


def test_without_an_answer_nothing_is_zero_but_the_counts() -> None:
    for given_ in ([], [Ended("half", finish="error", usage=None)], [Ended("", finish=None)]):
        found = figures_of(given_, schema={})
        counts = {found.calls, found.failed, found.unfinished, found.empty, found.cut}
        assert counts <= {0, 1}
        assert [value for value in found.row().values() if value is not None and value > 1] == []
        measured = list(found.row().values())[5:]
        assert measured == [None] * len(measured)


def test_failed_and_unfinished_answers_are_counted_and_left_out() -> None:
    good = Ended("a b c d")
    others = [
        Ended("x", finish="stopped"),
        Ended("x", finish="ended_early"),
        Ended("x", finish="error"),
        Ended("", finish=None, usage=None),
    ]
    found = figures_of([good, *others])

    assert (found.calls, found.failed, found.unfinished) == (5, 2, 2)
    assert (found.words, found.equal, found.seconds) == (4, None, 3)
    assert found.cost == figures_of([good]).cost


def test_what_was_cut_is_measured_and_reported() -> None:
    found = figures_of([Ended("a b", finish="length"), Ended("a b c d")])

    assert (found.cut, found.words) == (1, 3)


def test_an_empty_answer_has_no_words_and_is_reported() -> None:
    found = figures_of([Ended(""), Ended(" \n"), Ended("a b")])

    assert (found.empty, found.words, found.characters, found.equal) == (2, 2, 3, None)


def test_the_share_of_answers_that_follow_the_schema() -> None:
    schema = {"type": "object", "required": ["a"]}
    answers = [
        Ended('{"a": 1}'),
        Ended('{"b": 1}'),
        Ended('{"a": ', finish="length"),
        Ended(""),
        Ended("", finish="error"),
    ]
    assert figures_of(answers, schema).schema_valid == 1 / 4
    assert figures_of(answers).schema_valid is None


def test_an_answer_that_was_not_streamed_has_no_first_text_and_no_speed() -> None:
    found = figures_of([Ended(first_text=None), Ended(first_text=3.0)])

    assert (found.first_text, found.tokens_per_second) == (3, None)


def test_a_cost_is_shown_only_if_every_answer_was_counted() -> None:
    assert figures_of([Ended(), Ended(usage=None)]).cost is None


def test_a_reply_and_an_outcome_of_a_batch_can_be_measured() -> None:
    snapshot = Snapshot("a b", "done", 1, 2.0)
    outcome = Outcome("key", "done", "a b", finish="done", seconds=2.0)

    assert figures_of([snapshot, outcome]).equal == 1


def test_the_results_of_a_sweep_are_listed_by_setting() -> None:
    sweep = Sweep([Axis("temperature", (0, 1)), Axis("top_k", (1, 2))], samples=2)
    keys = [cell.key for cell in sweep.cells()]
    answers = {keys[0]: Ended("a"), keys[1]: Ended("a"), keys[4]: Ended("b"), "other": Ended("c")}
    found = list(results(sweep, answers))

    assert [dict(each.settings) for each in found] == [
        {"temperature": temperature, "top_k": top_k} for temperature in (0, 1) for top_k in (1, 2)
    ]
    assert [each.figures.calls for each in found] == [2, 0, 1, 0]
    assert [each.figures.equal for each in found] == [1, None, None, None]
    assert list(found[0].row())[:3] == ["temperature", "top_k", "calls"]


# Rows as files

ROWS: list[dict[str, Any]] = [
    {"temperature": 0, "words": 1.23456, "text": "=1+1"},
    {"temperature": 0.6, "words": None, "text": 'a|b\n<b>"x"</b>', "ok": True},
]


def test_no_text_becomes_a_spreadsheet_formula() -> None:
    read = list(csv.reader(io.StringIO(export_rows(ROWS, "csv"), newline="")))

    assert read == [
        ["temperature", "words", "text", "ok"],
        ["0", "1.23456", "'=1+1", ""],
        ["0.6", "", 'a|b\n<b>"x"</b>', "true"],
    ]


def test_json_keeps_every_value() -> None:
    assert json.loads(export_rows(ROWS, "json")) == ROWS
    with pytest.raises(ValueError, match="not JSON compliant"):
        export_rows([{"a": math.nan}], "json")


def test_markdown_is_a_table_of_plain_text() -> None:
    assert export_rows(ROWS, "markdown").splitlines() == [
        "| temperature | words | text | ok |",
        "| --- | --- | --- | --- |",
        "| 0 | 1.235 | =1+1 |  |",
        '| 0.6 |  | a\\|b \\<b\\>"x"\\</b\\> | true |',
    ]


def test_no_rows_are_an_empty_file() -> None:
    assert (export_rows([], "csv"), export_rows([], "markdown")) == ("", "")
    assert json.loads(export_rows([], "json")) == []


# Two texts


def marked(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[part.kind].format(part.text) for part in word_difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("the cat sat", "the dog sat", "the [-cat-][+dog+] sat"),
        ("the cat sat", "the cat", "the cat[- sat-]"),
        ("a b", "a b", "a b"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("", "", ""),
        ("one two", "three four", "[-one two-][+three four+]"),
        ("Is it so.", "Is it so!", "Is it so[-.-][+!+]"),
        ("我喜欢茶", "我喜欢水", "我喜欢[-茶-][+水+]"),
    ],
)
def test_whole_words_are_removed_and_added(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d.", "\n", "\u00a0e", "茶"]), max_size=40)


@given(WORDS.map(" ".join) | st.text(max_size=40), WORDS.map(" ".join) | st.text(max_size=40))
def test_the_segments_make_up_both_texts(before: str, after: str) -> None:
    found = word_difference(before, after)

    assert "".join(part.text for part in found if part.kind != "added") == before
    assert "".join(part.text for part in found if part.kind != "removed") == after
    assert all(part.text for part in found)
    kinds = [part.kind for part in found]
    assert all(kind != following for kind, following in pairwise(kinds))


LONG = 10_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([f"w{n}" for n in range(LONG)], [f"w{n}" for n in range(LONG) if n % 7]),
        ([f"w{n}" for n in range(LONG)], [f"v{n}" for n in range(LONG)]),
        ([f"w{n}" for n in range(LONG)], [f"w{LONG - n}" for n in range(LONG)]),
        ([f"w{n % 97}" for n in range(LONG)], [f"w{n % 89}" for n in range(LONG)]),
        (["a", "b"] * (LONG // 2), ["b", "c"] * (LONG // 2)),
        (["a", "b"] * (LONG // 2), ["b", "a", "a"] * (LONG // 3)),
    ],
    ids=["gaps", "nothing in common", "turned around", "few words", "two words", "out of step"],
)
def test_long_texts_are_compared_in_time(before: list[str], after: list[str]) -> None:
    begun = time.process_time()
    found = word_difference(" ".join(before), " ".join(after))

    assert time.process_time() - begun < 5
    assert "".join(part.text for part in found if part.kind != "added") == " ".join(before)


def test_a_long_text_with_few_changes_shows_just_those() -> None:
    before = [f"w{n % 500}" for n in range(LONG)]
    after = [*before[:100], "new", *before[100:7000], *before[7003:]]
    found = word_difference(" ".join(before), " ".join(after))

    changed = sum(len(part.text.split()) for part in found if part.kind != "same")
    assert changed == 4


# Two requests


def test_every_path_that_differs_is_reported() -> None:
    before = {"a": 1, "b": {"c": [1, 2, 3], "d": "x"}, "gone": None}
    after = {"a": 1.0, "b": {"c": [1, 5], "d": "x", "e": {}}, "new": [1]}

    assert request_difference(before, after) == [
        Change("gone", "removed", before=None),
        Change("new", "added", after=[1]),
        Change("b.e", "added", after={}),
        Change("b.c[2]", "removed", before=3),
        Change("b.c[1]", "changed", 2, 5),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, True), (0, False), (None, 0), ([], {}), ({}, ""), ([1], 1), ("1", 1), ({"0": 1}, [1])],
)
def test_another_type_is_a_change(before: Any, after: Any) -> None:
    assert request_difference(before, after) == [Change("", "changed", before, after)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=2),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=2), inside),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_only_equal_values_have_no_difference(before: Any, after: Any) -> None:
    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)

    assert (request_difference(before, after) == []) == same


def test_deep_values_are_compared_too() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]

    assert request_difference(deep, deep) == []
