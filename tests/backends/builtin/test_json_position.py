import json

from hypothesis import given
from hypothesis import strategies as st

from backends.builtin.json_position import Cursor

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def after(text: str) -> Cursor:
    cursor = Cursor()
    cursor.feed(text.encode())
    return cursor


@given(VALUES)
def test_a_whole_document_leaves_nothing_open(value: object) -> None:
    cursor = after(json.dumps(value, ensure_ascii=False))
    assert (cursor.depth, cursor.in_string) == (0, False)


def test_the_path_leads_to_the_current_value() -> None:
    assert after('{"a": [1, {"b": "x').path == ("a", 1, "b")
    assert after('{"a": 1, "c": ').path == ("c",)


def test_keys_and_strings_are_told_apart() -> None:
    assert after('{"a').in_key
    assert not after('{"a": "b').in_key
    assert after('{"a": "b').text == b"b"
    assert after('{"a": ["b", "c').path == ("a", 1)


def test_an_escaped_quote_does_not_end_a_string() -> None:
    cursor = after('{"a": "x\\"y')
    assert cursor.in_string
    assert cursor.text == b'x\\"y'
    assert not after('{"a": "x\\\\"').in_string


def test_bytes_may_end_within_a_character() -> None:
    cursor = Cursor()
    for value in '{"é": "ü'.encode():
        cursor.feed(bytes([value]))
    assert cursor.path == ("é",)
    assert cursor.text == "ü".encode()


def test_it_knows_where_a_value_or_a_key_is_expected() -> None:
    assert after("{").expects_key
    assert after('{"a": 1,').expects_key
    assert not after("[1,").expects_key
    assert after('["a"').value_done
    assert not after('["a",').value_done
    assert after('{"a": 12').scalar == "12"
    assert after('{"a": 1, "b": 2').keys == ["a", "b"]
