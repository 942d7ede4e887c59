import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import SchemaSourceError, check_schema, schema_from
from schemas.sources.inference_result import SCHEMA_SOURCES
from workers_ai import WorkersAIError
from workers_ai.json_values import nesting

PIECES = [
    *(
        "class A(BaseModel):\n",
        "    x: ",
        "int",
        "list[",
        "]",
        "'A'",
        " | None",
        " = Field(ge=1)\n",
    ),
    *(
        "@dataclass\n",
        "class B(Enum):\n",
        "    Y = 1\n",
        "Annotated[()]",
        "RootModel['A']",
        "pass\n",
    ),
    *("{", "}", "[", '"a"', ":", ",", "1", "null", "\n", "\t", ";", "a,b\n", '"', "\0", "\ufeff"),
    *('{"type": "object", "properties": {}}', "import os\n", "tuple[()]", "Literal[", "A = A\n"),
]


def refusal(text: str) -> SchemaSourceError:
    with pytest.raises(SchemaSourceError) as caught:
        schema_from(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ('\ufeff  {"a": 1}', "example json"),
        ("[]", "example json"),
        ("5", "example json"),
        ("null", "example json"),
        ('"text"', "example json"),
        ("1\n2\n3", "example json"),
        ('{"type": "object", "properties": {}}', "json schema"),
        ("from pydantic import BaseModel\n\nclass A(BaseModel):\n    a: int", "python"),
        ("    class A(TypedDict):\n        a: int", "python"),
        ("@dataclass\nclass A:\n    a: int", "python"),
        ("a,b\n1,2", "csv"),
        ('"a","b"\n"x",1', "csv"),
        ("1,2,3\n4,5,6", "csv"),
        ("from\tto\n1\t2", "csv"),
        ("class,score\nA,1", "csv"),
        ("class\tscore\nA\t1", "csv"),
        ("import,export\n1,2", "csv"),
        ("true;false\n1;2", "csv"),
    ],
)
def test_a_text_is_recognized(text: str, source: str) -> None:
    assert schema_from(text).source == source


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No schema can be made from this. Paste an example"),
        (" \n ", "No schema can be made from this."),
        (",,\n ,", "No schema can be made from this."),
        ("Please tell me the weather", "No schema can be made from this."),
        ("import os", "This Python has no class with fields."),
        ("def f(x: int): ...", "This Python has no class with fields."),
        ("[NaN]", "NaN is not a JSON number"),
        (f"[{'9' * 5000}]", "too many digits"),
        ("[" * 101 + "]" * 101, "more than 100 levels"),
        ('{"a": "\\ud800"}', "lone surrogate"),
        ('{"a": "\ud800"}', "lone surrogate"),
        ("class A(B): x: int\0", "null bytes"),
        ("x" * 5_000_001, "larger than 5 MB"),
        ("".join(f"class A{at}: ...\n" for at in range(501)), "more than 500 classes"),
        (f"class A: '''{'x' * 1_000_000}'''", "more than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, sentence: str) -> None:
    error = refusal(text)
    assert sentence in error.message
    assert isinstance(error, WorkersAIError)
    assert (error.line, error.column) == (None, None)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,\n "b" 2}', 2, 6),
        ('{"a": 1}\n{"a": }', 2, 7),
        ('{"a": 1} and more', 1, 10),
        ("class A(BaseModel):\n    a: = 1", 2, 8),
        ("class A(BaseModel):\nx: int", 2, 1),
    ],
)
def test_a_syntax_error_has_a_position(text: str, line: int, column: int) -> None:
    error = refusal(text)
    assert (error.line, error.column) == (line, column)
    assert f"at line {line}, column {column}" in error.message


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_makes_a_schema_or_is_refused(text: str) -> None:
    try:
        found = schema_from(text)
    except SchemaSourceError:
        return
    assert found.source in SCHEMA_SOURCES
    assert check_schema(found.schema) == ()
    assert nesting(found.schema) > 0


@pytest.mark.parametrize(
    "text",
    [
        "[" + ",".join(['{"a": [1, "x", {"b": null}]}'] * 100_000) + "]",
        "a,b,c\n" + "1,2025-12-31,x\n" * 150_000,
        '"' * 1_000_000,
        "class A(B):\n    x: " + "int | " * 30_000 + "int",
        "class A(B):\n" + "    x: int\n" * 50_000,
        "class " * 100_000,
        "class A0(Z):\n    y: int\n"
        + "".join(f"class A{at}(A{at - 1}):\n    x: A{at - 2}\n" for at in range(2, 500)),
    ],
)
def test_large_texts_take_bounded_time(text: str) -> None:
    start = time.monotonic()
    try:
        schema_from(text)
    except SchemaSourceError as error:
        assert error.message  # noqa: PT017 - either outcome is fine if it comes soon
    assert time.monotonic() - start < 20
