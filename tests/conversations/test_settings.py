"""Settings, and the variables in texts."""

import pytest

from conversations import Settings, fill_variables, variables_in
from workers_ai import Parameters


def test_a_new_session_streams_and_sets_nothing_else() -> None:
    assert Settings() == Settings(Parameters(stream=True), "", "messages", "", "", {})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("no variable", ()),
        ("{{name}}", ("name",)),
        ("{{ name }} and {{\tname\n}}", ("name",)),
        ("{{b}} {{a}} {{b}}", ("b", "a")),
        ("{{größe}} {{_x}} {{x1}}", ("größe", "_x", "x1")),
        ("{{1x}} {{a-b}} {{a b}} {{}} {{ }}", ()),
        ("{name} {{name} {name}}", ()),
        ("{{{name}}}", ("name",)),
        ("{{a\nb}}", ()),
    ],
)
def test_names_in_double_braces_are_variables(text: str, names: tuple[str, ...]) -> None:
    assert variables_in(text) == names


def test_names_are_replaced_with_their_values() -> None:
    values = {"name": "Ada", "thing": r"\1 {{name}} $&"}

    assert (
        fill_variables("Dear {{ name }}, the {{thing}}", values) == r"Dear Ada, the \1 {{name}} $&"
    )


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"other": "x"}])
def test_a_name_without_a_value_stays_as_it_is(values: dict[str, str]) -> None:
    assert fill_variables("Dear {{ name }}", values) == "Dear {{ name }}"
