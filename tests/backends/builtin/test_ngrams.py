import numpy as np
import pytest

from backends import Logits
from backends.builtin.ngrams import CERTAIN, Context, Texts, floor_for
from backends.builtin.sentence_skips import SentenceSkips
from backends.builtin.vocabulary import END, START

A, B, C, D = 2, 3, 4, 5
FLOOR = floor_for([b"<end>", b"<start>", b" a", b" b", b" c", b" d"])


def context(
    texts: list[list[int]],
    weights: list[float] | None = None,
    openings: list[float] | None = None,
    detours: SentenceSkips | None = None,
) -> Context:
    even = np.ones(len(texts))
    weights = even if weights is None else np.array(weights, float)
    openings = even if openings is None else np.array(openings, float)
    return Context(Texts.of(texts), weights, openings, FLOOR, detours)


def after(model: Context, *tokens: int) -> Logits:
    model.begin()
    for token in tokens:
        model.write(token)
    return model.probabilities()


def test_probabilities_add_up_to_1_in_any_state() -> None:
    model = context([[A, B, C], [A, C, D]])
    for tokens in [(), (A,), (A, B), (D, D), (C, A, B, D), (A, B, C)]:
        assert after(model, *tokens).sum() == pytest.approx(1)


def test_what_followed_before_is_likely_and_longer_agreement_counts_more() -> None:
    model = context([[A, B, C], [D, B, D]])
    chances = after(model, A, B)
    assert np.argmax(chances) == C
    assert chances[C] > chances[D] > chances[A]


def test_an_answer_ends_where_its_text_ends() -> None:
    assert np.argmax(after(context([[A, B]]), A, B)) == END


def test_the_start_is_never_written_and_the_end_never_comes_from_nowhere() -> None:
    chances = after(context([[A, B], [B, A]]), C, D)
    assert chances[START] == 0
    assert chances[END] == 0


def test_an_answer_begins_like_a_relevant_text() -> None:
    model = context([[A, B], [C, D]], openings=[0.01, 10])
    assert np.argmax(after(model)) == C


def test_a_heavier_text_wins_over_a_lighter_one() -> None:
    texts = [[A, B], [A, C]]
    assert np.argmax(after(context(texts, weights=[1, 9]), D, A)) == C
    assert np.argmax(after(context(texts, weights=[9, 1]), D, A)) == B


def test_every_word_keeps_a_chance() -> None:
    assert np.all(after(context([[A, B]]), A)[[A, B, C, D]] > 0)


def test_a_detour_opens_another_place_by_its_weight() -> None:
    texts = [[A, B, C, D, A, B]]
    # Position 5 is the D; after four matching tokens, the B at position 6 may come instead.
    plain = after(context(texts), A, B, C, D)
    model = context(texts, detours={5: [(3, 5.0)]})
    opened = after(model, A, B, C, D)
    assert np.argmax(plain) == A
    assert np.argmax(opened) == C


def test_logits_are_lifted_logarithms() -> None:
    model = context([[A, B]])
    model.begin()
    assert np.exp(model.logits() - CERTAIN) == pytest.approx(model.probabilities())
