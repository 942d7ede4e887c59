import numpy as np
import pytest

from backends import GuidePassage
from backends.builtin.retrieval import Index
from backends.builtin.text_normalization import terms, words

PASSAGES = [
    GuidePassage(
        "What does temperature do?", ("randomness", "creative"), "It sets the heat, 0 to 5."
    ),
    GuidePassage("What does top_k do?", ("how many words",), "It keeps the k likeliest tokens."),
    GuidePassage(
        "How much does a picture cost?", ("price of an image",), "A picture is 256 tokens."
    ),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(PASSAGES)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("temperature?", 0),
        ("temprature", 0),
        ("top k", 1),
        ("TOP_K please", 1),
        ("pictures costs", 2),
        ("price of photos", 2),
        ("what is 256", 2),
    ],
)
def test_the_right_passage_scores_best(index: Index, query: str, best: int) -> None:
    assert int(np.argmax(index.scores(index.query(query)))) == best


@pytest.mark.parametrize("query", ["", "???", "zebra", "what is the zebra of the lion"])
def test_what_no_passage_speaks_of_scores_low(index: Index, query: str) -> None:
    assert index.scores(index.query(query)).max() < 0.5


def test_strangeness_is_the_share_that_no_passage_knows(index: Index) -> None:
    assert index.strangeness(index.query("temperature")) == 0
    assert index.strangeness(index.query("zebra")) == 1
    assert 0 < index.strangeness(index.query("zebra temperature")) < 1


def test_words_keep_names_and_numbers_whole() -> None:
    assert words("What's top_k 0.6 of 80,000?") == ["what", "top_k", "0.6", "of", "80,000"]
    assert words("getWeather") == ["get", "weather", "getweather"]


def test_endings_and_synonyms_do_not_matter() -> None:
    assert terms("penalties") == terms("penalty")
    assert terms("photos") == terms("picture")
    assert terms("stopped") == terms("stop")
