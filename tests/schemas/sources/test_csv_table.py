import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import InferredSchema, SchemaSourceError, check_answer, check_schema, schema_from


def sourced(text: str) -> InferredSchema:
    found = schema_from(text)
    assert found.source == "csv"
    return found


def columns(text: str) -> dict[str, Any]:
    return dict(sourced(text).schema["items"]["properties"])


def notes(text: str) -> list[str]:
    return list(map(str, sourced(text).notes))


def test_a_table_is_a_list_of_its_rows() -> None:
    text = (
        "name,born,children,height,is_known\n"
        "Ada,1815-12-10,3,1.65,true\n"
        "Alan,1912-06-23,0,2,false\n"
    )
    assert sourced(text).schema == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "born": {"type": "string", "format": "date"},
                "children": {"type": "integer"},
                "height": {"type": "number"},
                "is_known": {"type": "boolean"},
            },
            "required": ["name", "born", "children", "height", "is_known"],
            "additionalProperties": False,
        },
    }
    assert notes(text) == ["items.born: the format date was guessed from the rows"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_recognized(separator: str, end: str) -> None:
    lines = (separator.join(row) for row in (("a", "b", "c"), ("1", "x", "2.5")))
    assert columns(f"\ufeff{end.join(lines)}{end}") == {
        "a": {"type": "integer"},
        "b": {"type": "string"},
        "c": {"type": "number"},
    }


def test_the_separator_splits_all_rows_alike() -> None:
    assert list(columns("name, first;born;note\nAda;1815;a, b, c\n")) == [
        "name, first",
        "born",
        "note",
    ]


def test_a_header_alone_has_columns_of_text() -> None:
    assert columns("id,name") == {"id": {"type": "string"}, "name": {"type": "string"}}
    assert notes("id,name") == ["there were no rows to infer types from; every column is a string"]


def test_quotes_hold_separators_and_lines() -> None:
    assert columns('"a, b","c\nd"\n"x, ""y""",1\n') == {
        "a, b": {"type": "string"},
        "c d": {"type": "integer"},
    }


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-2", "+3"], "integer"),
        (["1", "2.5"], "number"),
        (["1e5"], "number"),
        (["01067"], "string"),
        (["1,5"], "string"),
        (["TRUE", "false"], "boolean"),
        (["yes", "no"], "string"),
        (["1", "x"], "string"),
        (["٣"], "string"),
        (["9" * 30], "string"),
    ],
)
def test_the_type_is_what_all_rows_agree_on(cells: list[str], kind: str) -> None:
    rows = "\n".join(f"x;{cell}" for cell in cells)
    assert columns(f"a;b\n{rows}")["b"] == {"type": kind}


def test_an_empty_cell_allows_null() -> None:
    text = "a,b,c,d\n1,,,\n,2025-12-31,x,\n"
    assert columns(text) == {
        "a": {"type": ["integer", "null"]},
        "b": {"type": ["string", "null"], "format": "date"},
        "c": {"type": "string"},
        "d": {"type": "string"},
    }
    assert "items.a: it is empty in some rows, so null is accepted" in notes(text)


def test_missing_and_repeated_names_are_replaced() -> None:
    text = "name,,name,name_2,name, a  b \n1,2,3,4,5,6"
    assert list(columns(text)) == ["name", "column_2", "name_3", "name_2", "name_4", "a b"]
    assert notes(text) == [
        "items.column_2: column 2 had no name",
        "items.name_3: column 3 was also named `name`",
        "items.name_4: column 5 was also named `name`",
    ]


def test_rows_of_another_width_are_reported_with_their_line() -> None:
    text = "a,b,c\n1,2,3\n\n1,2\n1,2,3,4\n"
    assert notes(text)[:2] == [
        "line 4 has 2 cells, the header has 3",
        "line 5 has 4 cells, the header has 3",
    ]
    assert columns(text)["c"] == {"type": ["integer", "null"]}


def test_prose_with_commas_is_not_a_table() -> None:
    for text in ("Hello there, how are you?", "Please tell me about the weather, now", "word"):
        with pytest.raises(SchemaSourceError, match="No schema can be made from this"):
            schema_from(text)
    assert list(columns("How was it?,Would you come again?\n1,2")) == [
        *("How was it?", "Would you come again?"),
    ]


def test_a_quote_that_is_not_closed_is_refused_with_its_line() -> None:
    with pytest.raises(SchemaSourceError, match="This CSV cannot be read at line 3") as caught:
        schema_from('a,b\n1,"x\n2,y')
    assert (caught.value.line, caught.value.column) == (3, None)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(SchemaSourceError, match="more than 500 columns"):
        schema_from(",".join(f"c{at}" for at in range(501)))


def read(cell: str, column: dict[str, Any]) -> Any:
    kind, *null = column["type"] if isinstance(column["type"], list) else [column["type"]]
    if null and not cell.strip():
        return None
    readers: dict[str, Any] = {
        "integer": int,
        "number": float,
        "boolean": lambda text: text.lower() == "true",
    }
    return readers.get(kind, str)(cell)


CELLS = st.text("ab1 ,;\"'-.", max_size=6) | st.sampled_from(
    ["", "7", "-1.5", "true", "2025-12-31"]
)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS).filter(lambda row: "".join(row).strip()), max_size=6)
)
def test_the_rows_follow_the_schema_of_their_table(rows: list[tuple[str, ...]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([("x", "y", "z"), *rows])
    found = sourced(file.getvalue())
    properties = found.schema["items"]["properties"]
    values = [
        {name: read(cell, properties[name]) for name, cell in zip("xyz", row, strict=True)}
        for row in rows
    ]
    assert check_schema(found.schema) == ()
    assert check_answer(values, found.schema) == ()
