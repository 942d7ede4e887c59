import ast
import json
import shlex
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import Snippet
from exports.code_snippets.literals import HERE_DOCUMENT, JAVASCRIPT, JSON, PYTHON, WIDTH
from exports.code_snippets.quoting import (
    f_string,
    javascript_text,
    json_text,
    python_text,
    shell_text,
    shell_word,
    template,
)
from tests.exports.code_snippets.hostile import TEXTS
from tests.exports.code_snippets.running import run_node, run_shell

PIECES = st.sampled_from(
    [
        "\\",
        '"',
        "'",
        "`",
        "$",
        "{",
        "}",
        "$(",
        "\n",
        "\r",
        "\0",
        "\u2028",
        "\u202e",
        "</script",
        "é",
    ]
)
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(PIECES, max_size=12).map("".join),
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_in_python_is_the_value(value: Any) -> None:
    assert ast.literal_eval(PYTHON.written(value)) == value


@given(VALUES)
def test_a_value_in_json_is_the_value(value: Any) -> None:
    assert json.loads(JSON.written(value)) == value


@given(TEXT)
def test_a_word_of_a_shell_is_one_word(text: str) -> None:
    assert shlex.split(shell_word(text)) == [text]


@pytest.mark.parametrize("write", [python_text, javascript_text, json_text])
@given(text=TEXT)
def test_nothing_that_hides_is_in_a_literal(write: Any, text: str) -> None:
    literal = write(text)
    hidden = {char for char in literal if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}}

    assert hidden <= {"\u200c", "\u200d"}
    assert "</script" not in javascript_text(text).lower()


def samples() -> list[str]:
    """Return texts for languages in which each text needs its own process."""
    found: list[str] = [text for name, text in TEXTS.items() if name != "surrogate"]

    @given(TEXT)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


def test_a_value_in_javascript_is_the_value(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    values = [*samples(), {text: [text, {text: None}] for text in samples()}]
    code = f"process.stdout.write(JSON.stringify({JAVASCRIPT.written(values)}));"
    ran = run_node(tmp_path, {"case": Snippet("", "", "", "run.mjs", code)})["case"]

    assert json.loads(ran.out) == values


def test_a_value_in_a_here_document_is_the_value(tmp_path: Path) -> None:
    if shutil.which("dash") is None or shutil.which("bash") is None:
        pytest.skip("dash or bash is not installed")
    values = [*samples(), {text: [text, {text: None}] for text in samples()}]
    code = f"cat <<JSON\n{HERE_DOCUMENT.written(values)}\nJSON\n"
    for shell in ("dash", "bash"):
        root = tmp_path / shell
        root.mkdir()
        ran = run_shell(root, {"case": Snippet("", "", "", "run.sh", code)}, shell)["case"]
        assert json.loads(ran.out) == values


@given(TEXT, TEXT)
def test_a_variable_within_a_python_text_is_the_only_expression(before: str, after: str) -> None:
    (value,) = [
        node
        for node in ast.walk(ast.parse(f_string(before, "x", after)))
        if isinstance(node, ast.JoinedStr)
    ]
    names = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
    texts = [str(part.value) for part in value.values if isinstance(part, ast.Constant)]

    assert [ast.unparse(name) for name in names] == ["x"]
    assert "".join(texts) == before + after


def test_a_variable_within_other_texts_is_the_only_expression() -> None:
    assert template("a`${b}\\", "x", "$") == "`a\\`\\${b}\\\\${x}$`"
    assert shell_text('a"$b`\\', "x", "$(id)") == '"a\\"\\$b\\`\\\\$x\\$(id)"'


def test_a_key_that_would_set_the_prototype_is_computed() -> None:
    assert (
        JAVASCRIPT.written({"__proto__": 1, "a": 2, "1": 3}) == '{ ["__proto__"]: 1, a: 2, "1": 3 }'
    )


def test_short_values_stay_on_one_line_and_long_ones_spread() -> None:
    short = {"role": "user", "content": "Hello"}
    long = {"messages": [short, {"role": "user", "content": "x" * 55}], "stream": True}

    assert PYTHON.written(short) == '{"role": "user", "content": "Hello"}'
    assert JAVASCRIPT.written(short) == '{ role: "user", content: "Hello" }'
    assert JSON.written(long) == (
        '{\n  "messages": [\n    { "role": "user", "content": "Hello" },\n'
        f'    {{ "role": "user", "content": "{"x" * 55}" }}\n  ],\n  "stream": true\n}}'
    )
    assert max(map(len, PYTHON.written(long).split("\n"))) <= WIDTH


def test_a_text_of_several_lines_has_a_line_for_each() -> None:
    text = "The first line, which is rather long.\n\nThe third, which isn't short."

    assert PYTHON.written(text) == (
        '(\n    "The first line, which is rather long.\\n"\n    "\\n"\n'
        '    "The third, which isn\'t short."\n)'
    )
    assert JAVASCRIPT.written(text) == (
        '[\n  "The first line, which is rather long.",\n  "",\n'
        '  "The third, which isn\'t short.",\n].join("\\n")'
    )
    assert PYTHON.written("a\nb") == '"a\\nb"'
