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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("interface User {\n  name: string;\n  age: number;\n}", "TypeScript or JavaScript"),
        ("export type A = {\n  a: string,\n  b?: number[]\n}", "TypeScript or JavaScript"),
        ("type A = { a: string; b: number }", "TypeScript or JavaScript"),
        ("const x = z.object({\n  a: z.string(),\n  b: z.number(),\n});", "JavaScript"),
        ("enum Color { Red, Green }", "TypeScript or JavaScript"),
        ("<table>\n<tr><td>a,b</td></tr>\n</table>", "HTML or XML"),
        ('<?xml version="1.0"?>\n<a>b, c</a>', "HTML or XML"),
        ("name: Ada\nborn: 1815\nlist:\n  - a, b\n", "YAML"),
        ("openapi: 3.1.0\ninfo:\n  title: A, B\n", "YAML"),
        ("public class A {\n  int a, b;\n}", ""),
        ("SELECT a, b FROM t;\nSELECT c, d FROM u;", ""),
        ("message A {\n string a = 1;\n string b = 2;\n}", ""),
        ("Dear Sir,\nthank you for your letter, which came today.\nYours, Ada", ""),
        ("I bought apples, pears, and a melon.\nIt was, all in all, a nice day.", ""),
        ("# Title\n\n- one, two\n- three, four", ""),
        ("x: int, y: str", ""),
    ],
)
def test_other_languages_and_prose_are_not_tables(text: str, language: str) -> None:
    message = str(refusal(text))
    assert message.startswith("No schema can be made from this.")
    assert language in message


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("\ufeffa;b\n1;2", ["a", "b"]),
        ("a;b;\n1;2;", ["a", "b", "column_3"]),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", ["a", "b"]),
        ("How satisfied are you with it,Comments\n5,none", None),
        ('name,address\nAda,"1 Main St; Apt"', ["name", "address"]),
        ("Item no.,Price in EUR\n1,2", ["Item no.", "Price in EUR"]),
        ("age,count\n<18,5\n18-30,7", ["age", "count"]),
        ('name,snippet\na,"if x {\n}"\nb,"<b>\n</b>"', ["name", "snippet"]),
        ("path,size\n//share/a,1", ["path", "size"]),
    ],
)
def test_tables_as_people_have_them_are_tables(text: str, names: list[str] | None) -> None:
    made = schema_from(text)
    assert made.source == "csv"
    assert names is None or list(made.schema["items"]["properties"]) == names
