import pytest

from backends import load_guide
from backends.builtin.passages import parse_passages


def test_a_passage_has_a_question_other_names_and_a_text() -> None:
    (passage,) = parse_passages("## What is x?\nalso: x, an x\n\nIt is x.\nReally.\n", "letters")
    assert passage.question == "What is x?"
    assert passage.also == ("x", "an x")
    assert passage.text == "It is x. Really."
    assert passage.theme == "letters"


@pytest.mark.parametrize("text", ["## x\n\nno names", "## x\nalso: y\n\n"])
def test_a_passage_that_lacks_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="also"):
        parse_passages(text)


def test_what_ships_is_readable_and_distinct() -> None:
    passages = load_guide()
    assert len(passages) > 100
    assert len({passage.question for passage in passages}) == len(passages)
    assert all(passage.text.endswith((".", "!", "?", '."')) for passage in passages)
