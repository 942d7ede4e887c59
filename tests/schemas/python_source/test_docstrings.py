import time

import pytest

from schemas import read_docstring

GOOGLE = """Get the weather.

    Of today and the days after it.

    Args:
        city (str): The city: its name
            in English.
        days (int, optional): How many days.
        *more: Further words

    Returns:
        dict: The weather.

    Raises:
        ValueError: If there is no such city.
    """
NUMPY = """Get the weather.

    Of today and the days after it.

    Parameters
    ----------
    city : str
        The city: its name
        in English.
    days : int, optional
        How many days.
    *more
        Further words

    Returns
    -------
    dict
        The weather.
    """
REST = """Get the weather.

    Of today and the days after it.

    :param str city: The city: its name
        in English.
    :param days: How many days.
    :type days: int
    :param more: Further words
    :returns: The weather.
    :raises ValueError: If there is no such city.
    """


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, REST])
def test_the_three_styles_mean_the_same(text: str) -> None:
    read = read_docstring(text)
    assert read.text == "Get the weather.\n\nOf today and the days after it."
    assert read.descriptions == {
        "city": "The city: its name in English.",
        "days": "How many days.",
        "more": "Further words",
    }
    assert read.types == {"city": "str", "days": "int"}


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "Note: a colon",
        "Do.\n\nUsage:\n    run it",
        "Title\n=====\n\nText",
        "::",
        ":x",
        "Args",
    ],
)
def test_what_is_in_no_style_is_text(text: str) -> None:
    assert read_docstring(text).text == text
    assert read_docstring(text).descriptions == {}


@pytest.mark.parametrize("text", [None, "", "   \n  "])
def test_an_empty_docstring_is_empty(text: str | None) -> None:
    assert read_docstring(text).text == ""


def test_text_after_a_google_section_does_not_join_the_last_argument() -> None:
    read = read_docstring("Find.\n\nArgs:\n    q: Words\nIt is slow.")
    assert read.text == "Find."
    assert read.descriptions == {"q": "Words"}


def test_names_can_share_a_numpy_entry() -> None:
    read = read_docstring("Add.\n\nParameters\n----------\na, b : float\n    A number")
    assert read.descriptions == {"a": "A number", "b": "A number"}
    assert read.types == {"a": "float", "b": "float"}


@pytest.mark.parametrize(
    "text",
    [
        "X\n\nArgs:\n    a" + " (" * 400_000 + "b: c",
        "X\n\nArgs:\n    a" + " " * 900_000 + "b: c",
        "X\n\nParameters\n---\n" + "a," * 400_000,
        ":param " * 140_000,
        ":param" + " " * 900_000,
        "-" * 900_000 + "x",
    ],
)
def test_time_depends_only_on_the_length(text: str) -> None:
    start = time.perf_counter()
    read_docstring(text)
    assert time.perf_counter() - start < 5
