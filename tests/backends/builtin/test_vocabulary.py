import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.builtin.vocabulary import END, START, Vocabulary

TEXTS = ["The `top_k` value is 1 to 50.", "Costs $0.35 per million; top_k again."]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(TEXTS)


@given(st.text())
def test_any_text_comes_back_unchanged(text: str) -> None:
    vocabulary = Vocabulary(TEXTS)
    assert vocabulary.decode(vocabulary.encode(text)) == text


def test_a_known_word_is_one_token_with_and_without_its_space(vocabulary: Vocabulary) -> None:
    for word in ("million", " million", "0.35", "top_k"):
        assert len(vocabulary.encode(word)) == 1


def test_unknown_words_are_spelled_in_pieces_before_bytes(vocabulary: Vocabulary) -> None:
    ids = vocabulary.encode(" mill")
    assert 1 < len(ids) < 5 or len(ids) == 1
    assert vocabulary.decode(ids) == " mill"


def test_the_same_texts_give_the_same_ids() -> None:
    assert Vocabulary(TEXTS).tokens == Vocabulary(TEXTS).tokens


def test_special_tokens_have_no_text_and_are_never_spelled(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode([START, END]) == ""
    assert not {START, END} & set(vocabulary.encode("<end><start>"))


def test_lone_surrogates_do_not_raise(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode(vocabulary.encode("a\ud83d")) == "a?"
