from typing import Any

import pytest

from backends.builtin.conversation_values import Facts

TEXT = {"type": "string"}
NUMBER = {"type": "number"}


@pytest.mark.parametrize(
    ("text", "name", "part", "value"),
    [
        ("I live in New York", "city", TEXT, "New York"),
        ("Book a table at Chez Nous for Maria", "restaurant_name", TEXT, "Chez Nous"),
        ("My name is Ada Lovelace", "name", TEXT, "Ada Lovelace"),
        ("write to ada@example.org soon", "email", TEXT, "ada@example.org"),
        ("see https://example.org/a?b=1 please", "url", TEXT, "https://example.org/a?b=1"),
        ("on 2024-05-03 at noon", "day", {**TEXT, "format": "date"}, "2024-05-03"),
        ("what is 3 plus 4", "expression", TEXT, "3 + 4"),
        ('search for "blue whales" now', "query", TEXT, "blue whales"),
        ("Please look up the tallest tower", "query", TEXT, "tallest tower"),
        ("translate: good morning", "text", TEXT, "good morning"),
        ("10 km to miles", "from_unit", TEXT, "km"),
        ("10 km to miles", "to_unit", TEXT, "miles"),
        ("color is teal, size is 4", "color", TEXT, "teal"),
        ("Total 3.70, tax 0.40", "tax", NUMBER, "0.40"),
        ("Total 3.70, tax 0.40", "total", NUMBER, "3.70"),
        ("It costs 1,250 euros", "price", NUMBER, "1250"),
        ("-4 degrees", "temperature", NUMBER, "-4"),
        ("between 3 and 30", "n", {"type": "integer", "minimum": 10}, "30"),
        ("I was really happy", "mood", {"enum": ["sad", "happy"]}, "happy"),
        ("hello there", "city", TEXT, None),
        ("hello there", "count", {"type": "integer"}, None),
        ("it is true", "flag", {"type": "boolean"}, None),
    ],
)
def test_a_value_is_found(text: str, name: str, part: dict[str, Any], value: str | None) -> None:
    assert Facts([text]).suggest((name,), part) == value


def test_the_same_place_keeps_its_value_and_another_gets_the_next() -> None:
    facts = Facts(["from Oslo to Rome"])
    assert facts.suggest(("cities", 0), TEXT) == facts.suggest(("cities", 0), TEXT)
    assert Facts(["in Oslo and Rome"]).all("city", TEXT) == ["Oslo", "Rome"]
    city = Facts(["in Oslo and Rome"])
    assert [city.suggest(("city", n), TEXT) for n in range(3)] == ["Oslo", "Rome", None]


def test_what_was_said_last_comes_first() -> None:
    assert Facts(["now in Rome", "before in Oslo"]).suggest(("city",), TEXT) == "Rome"


@pytest.mark.parametrize("text", ["(" * 5000, "a " * 20_000, "1-" * 5000, "A " * 5000, "''" * 5000])
def test_hostile_texts_are_searched_quickly(text: str) -> None:
    for name in ("city", "name", "expression", "query", "email", "date"):
        Facts([text]).suggest((name,), TEXT)
