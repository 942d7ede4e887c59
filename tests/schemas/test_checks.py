import re
import socket
import sys
import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from schemas import check_answer, check_schema
from schemas.checks.answer_check import MOST_FAULTS

LONGEST = 5.0
"""Seconds that any check may take, whatever the schema."""


def paths(value: Any, schema: Any) -> list[str]:
    return [fault.path for fault in check_answer(value, schema)]


def problems(value: Any, schema: Any) -> str:
    return "; ".join(map(str, check_answer(value, schema)))


def refused(schema: Any) -> str:
    return "; ".join(map(str, check_schema(schema)))


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"a": inner}
    return inner


def doubling(levels: int) -> dict[str, Any]:
    """Return a schema in which every level offers the next one twice."""
    defs: dict[str, Any] = {
        f"a{at}": {"anyOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(levels)
    }
    return {"$ref": "#/$defs/a0", "$defs": defs | {f"a{levels}": {"type": "string"}}}


KEYWORDS: list[tuple[Any, list[Any], list[Any]]] = [
    ({"type": "integer"}, [1, 1.0, -5, 10**3999], [1.5, True, "1", None]),
    ({"type": "number"}, [1, 1.5], [True, "1", None, [], {}]),
    ({"type": "string"}, ["", "a"], [1, None, []]),
    ({"type": "boolean"}, [True, False], [0, 1, "true"]),
    ({"type": "null"}, [None], [0, "", False]),
    ({"type": "array"}, [[], [1]], [{}, "a"]),
    ({"type": "object"}, [{}], [[], None]),
    ({"type": ["string", "null"]}, ["a", None], [1]),
    ({"enum": ["a", 1, None, [1]]}, ["a", 1, 1.0, None, [1.0]], ["b", True, [True], {}]),
    ({"const": {"a": 1}}, [{"a": 1}, {"a": 1.0}], [{"a": True}, {}, 1]),
    ({"const": False}, [False], [0, None]),
    ({"minimum": 2}, [2, 2.5, "1", True], [1, 1.9]),
    ({"maximum": 2}, [2, -5], [2.1, 3]),
    ({"exclusiveMinimum": 2}, [2.1, 3], [2, 1]),
    ({"exclusiveMaximum": 2}, [1], [2, 3]),
    ({"multipleOf": 0.01}, [19.99, 0.3, 5, "x"], [0.005, 1e-300]),
    ({"multipleOf": 1e-300}, [1e308], []),
    ({"minLength": 2}, ["ab", "😀😀", 1], ["a", "😀"]),
    ({"maxLength": 2}, ["ab", "😀😀"], ["abc"]),
    ({"pattern": "b+"}, ["abc", 5], ["", "a"]),
    ({"minItems": 1}, [[1], {}], [[]]),
    ({"maxItems": 1}, [[1], []], [[1, 2]]),
    ({"uniqueItems": True}, [[1, "1", True], [{}, []]], [[1, 1.0], [{"a": [0]}, {"a": [0.0]}]]),
    ({"uniqueItems": False}, [[1, 1]], []),
    ({"items": {"type": "integer"}}, [[], [1], "a"], [["a"]]),
    ({"items": False}, [[]], [[1]]),
    ({"prefixItems": [{"type": "string"}], "items": False}, [[], ["a"]], [[1], ["a", 1]]),
    ({"contains": {"const": 1}}, [[1], [2, 1]], [[], [2]]),
    ({"contains": {"const": 1}, "minContains": 2}, [[1, 1]], [[1]]),
    ({"contains": {"const": 1}, "minContains": 0, "maxContains": 1}, [[], [1]], [[1, 1]]),
    ({"required": ["a"]}, [{"a": None}, []], [{}]),
    ({"minProperties": 1}, [{"a": 1}], [{}]),
    ({"maxProperties": 1}, [{}], [{"a": 1, "b": 1}]),
    ({"dependentRequired": {"a": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{"b": 1}], [{"a": 1}]),
    ({"properties": {"a": {"type": "null"}}}, [{}, {"a": None}], [{"a": 1}]),
    ({"patternProperties": {"^x": {"type": "null"}}}, [{"y": 1}], [{"x1": 1}]),
    ({"additionalProperties": False, "properties": {"a": {}}}, [{"a": 1}], [{"b": 1}]),
    ({"additionalProperties": False, "patternProperties": {"^x": {}}}, [{"x": 1}], [{"y": 1}]),
    ({"additionalProperties": {"type": "null"}}, [{"a": None}], [{"a": 1}]),
    ({"propertyNames": {"maxLength": 1}}, [{"a": 1}], [{"ab": 1}]),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
    ({"anyOf": [{"type": "string"}, {"minimum": 2}]}, ["a", 2], [1]),
    ({"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, [2, 3], [6, 7]),
    ({"not": {"type": "string"}}, [1], ["a"]),
    ({"if": {"minimum": 5}, "then": {"maximum": 7}, "else": {"const": 1}}, [6, 1], [8, 2]),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, [None], [1]),
    ({"$ref": "#name", "$defs": {"a": {"$anchor": "name", "type": "null"}}}, [None], [1]),
    ({"$id": "urn:x", "$ref": "urn:y", "$defs": {"a": {"$id": "urn:y", "const": 1}}}, [1], [2]),
    (
        {"$dynamicAnchor": "n", "properties": {"a": {"$dynamicRef": "#n"}}, "required": ["v"]},
        [{"v": 1, "a": {"v": 1}}],
        [{"v": 1, "a": {}}],
    ),
    (
        {"anyOf": [{"properties": {"a": {}}, "required": ["a"]}], "unevaluatedProperties": False},
        [{"a": 1}],
        [{"a": 1, "b": 1}],
    ),
    (
        {
            "$ref": "#/$defs/x",
            "$defs": {"x": {"patternProperties": {"^x": {}}}},
            "unevaluatedProperties": {"type": "null"},
        },
        [{"x1": 1, "b": None}],
        [{"b": 1}],
    ),
    (
        {"allOf": [{"prefixItems": [{}]}], "contains": {"const": 7}, "unevaluatedItems": False},
        [[1, 7], [7]],
        [[1, 7, 2]],
    ),
    (True, [1, None], []),
    (False, [], [1, None]),
    ({"$comment": "x", "title": "t", "default": 5, "unknown": 7}, [1], []),
]

FORMATS = [
    ("date", ["2024-02-29"], ["2023-02-29", "20240101", "2024-W01-1", "2024-1-1"]),
    ("date-time", ["2024-01-01T00:00:00Z", "2024-01-01t10:00:00.5+02:00"], ["2024-01-01", ""]),
    ("time", ["23:59:60Z", "10:00:00+01:00"], ["10:00", "24:00:00Z", "10:00:00"]),
    ("email", ["a.b+c@example.com", "a@[127.0.0.1]"], ["a", "a@", "@b", "a b@c.d", "a@b@c"]),
    ("uuid", ["2EB8AA08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08aa9811eab4aa73b441d16380"]),
    ("ipv4", ["127.0.0.1"], ["256.0.0.1", "127.1", "01.2.3.4"]),
    ("ipv6", ["::1", "2001:db8::ff"], ["1", "::g", "fe80::1%eth0"]),
    (
        "uri",
        ["https://a.b/c?d#e", "mailto:a@b.c", "urn:x:y"],
        ["/a", "a b:c", "http://[a", "x:%zz"],
    ),
    ("hostname", ["a.example.com", "x-1"], ["-a", "a..b", "a_b", "a" * 64]),
]


@pytest.mark.parametrize(("schema", "good", "bad"), KEYWORDS)
def test_every_keyword_is_checked(schema: Any, good: list[Any], bad: list[Any]) -> None:
    assert check_schema(schema) == ()
    assert [value for value in good if check_answer(value, schema)] == []
    assert [value for value in bad if not check_answer(value, schema)] == []


@pytest.mark.parametrize(("name", "good", "bad"), FORMATS)
def test_formats_are_checked(name: str, good: list[str], bad: list[str]) -> None:
    schema = {"format": name}

    assert [text for text in good if check_answer(text, schema)] == []
    assert [text for text in bad if not check_answer(text, schema)] == []
    assert check_answer(5, schema) == ()


def test_an_unknown_format_has_no_effect() -> None:
    assert check_answer("x", {"format": "color"}) == ()


@pytest.mark.parametrize(
    ("value", "schema", "sentence"),
    [
        ("5", {"type": "number"}, '"5" is not accepted; it must be a number'),
        ("c", {"enum": ["a", "b"]}, 'it must be one of "a", "b"; "c" is not accepted'),
        (2, {"const": 1}, "it must be 1; 2 is not accepted"),
        ([1] * 7, {"maxItems": 5}, "at most 5 items; there are 7"),
        ([], {"minItems": 1}, "at least 1 item; there are none"),
        ("a", {"maxLength": 0}, "at most 0 characters; there is 1"),
        (3, {"exclusiveMaximum": 3}, "it must be less than 3; it is 3"),
        (0.25, {"multipleOf": 0.1}, "it must be a multiple of 0.1; it is 0.25"),
        ("x", {"pattern": "^a$"}, '"x" does not match the pattern "^a$"'),
        ("x", {"format": "date"}, '"x" is not a date such as 2025-12-31'),
        ({}, {"required": ["a"]}, "a: it is missing"),
        ({"b": 1}, {"additionalProperties": False}, "b: this key is not accepted"),
        ([1, 2, 1], {"uniqueItems": True}, "[2]: it equals item 0 (counted from 0); items"),
        (1, {"not": {"type": "integer"}}, "1 is excluded by the schema (not: type)"),
        (6, {"oneOf": [{}, True, False]}, "it matches 2 of the 3 alternatives; it must match"),
        ({"a": 1}, {"properties": {"a": False}}, "a: nothing is accepted here"),
        ([1], {"contains": {"const": 2}}, "at least 1 item must match contains; none of 1"),
    ],
)
def test_a_fault_is_a_sentence(value: Any, schema: Any, sentence: str) -> None:
    assert problems(value, schema).startswith(sentence)


def test_a_fault_has_its_path() -> None:
    item = {"properties": {"price": {"type": "number"}, "a b": {"type": "null"}}}
    schema = {"properties": {"items": {"items": item | {"required": ["price"]}}}}

    assert paths({"items": [{"price": "1"}, {}, {"price": 1, "a b": 1}]}, schema) == [
        "items[0].price",
        "items[1].price",
        'items[2]["a b"]',
    ]


def test_alternative_types_and_values_are_reported_together() -> None:
    schema = {"anyOf": [{"type": "string"}, {"const": 4}, {"type": ["null", "array"]}]}

    sentence = "an object is not accepted; it must be a string, 4, null or a list"
    assert problems({}, schema) == sentence


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_nearest_alternative_is_reported(keyword: str) -> None:
    circle = {"properties": {"kind": {"const": "circle"}, "r": {"type": "number"}}}
    square = {"properties": {"kind": {"const": "square"}, "side": {"type": "number"}}}
    schema = {keyword: [{"type": "null"}, circle, square]}

    assert paths({"kind": "square", "side": "x", "r": "y"}, schema) == ["side"]
    assert paths({"kind": "circle", "side": "x", "r": "y"}, schema) == ["r"]


def test_fifty_faults_are_listed_and_the_rest_counted() -> None:
    found = check_answer([0] * 120, {"items": {"type": "string"}})

    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == ("", "70 more errors are not listed")


def test_an_invalid_schema_is_reported_and_not_used() -> None:
    start = "the schema itself is not valid: minimum: "
    assert problems(1, {"minimum": "a"}).startswith(start)


@pytest.mark.parametrize(
    ("schema", "path", "part"),
    [
        (5, "", "a schema is an object"),
        ({"type": "strng"}, "type", "must be one of null, boolean"),
        ({"properties": {"a": {"type": 5}}}, "properties.a.type", "must be one of"),
        ({"items": [{}]}, "items", "prefixItems"),
        ({"required": True}, "required", "list of property names; it belongs next to"),
        ({"required": ["a", "a"]}, "required", "twice"),
        ({"anyOf": []}, "anyOf", "at least one schema"),
        ({"anyOf": [1]}, "anyOf[0]", "a schema is an object"),
        ({"minLength": -1}, "minLength", "at least 0"),
        ({"multipleOf": 0}, "multipleOf", "above 0"),
        ({"pattern": "(a"}, "pattern", "not a regular expression"),
        ({"pattern": "a**"}, "pattern", "* has nothing to repeat"),
        ({"patternProperties": {"[": {}}}, "patternProperties", "never closed"),
        ({"$ref": "#/$defs/no"}, '["$ref"]', "points to nothing"),
        ({"$ref": "#no"}, '["$ref"]', "points to nothing"),
        ({"$ref": "#/title", "title": "x"}, '["$ref"]', "not to a schema"),
        ({"$ref": "http://[x"}, '["$ref"]', "nothing is ever fetched"),
        ({"items": {"$ref": "other.json"}}, 'items["$ref"]', "nothing is ever fetched"),
        ({"$ref": "#"}, "", "refers back to itself"),
        ({"$id": "a#b"}, '["$id"]', "without a fragment"),
        ({"enum": "a"}, "enum", "must be a list"),
        ({"properties": []}, "properties", "an object with a schema"),
        ({"$ref": "#/x/y", "x": {"y": {"type": 1}}}, '["$ref"].type', "must be one of"),
    ],
)
def test_an_invalid_schema_is_refused_with_the_place(schema: Any, path: str, part: str) -> None:
    found = check_schema(schema)

    assert found[0].path == path
    assert part in found[0].message


def test_a_circle_that_looks_at_parts_is_not_a_fault() -> None:
    tree = {"properties": {"left": {"$ref": "#"}, "rest": {"items": {"$ref": "#"}}}}

    assert check_schema(tree) == ()
    assert paths({"left": {"left": 5}, "rest": [{"rest": []}]}, tree) == []


def test_a_keyword_in_a_value_is_not_a_reference() -> None:
    assert check_schema({"const": {"$ref": "http://x/"}, "enum": [{"type": 5}]}) == ()
    assert check_schema({"properties": {"$ref": {"type": "string"}}}) == ()


# What each pattern matches by ECMA-262, where `re` would often differ.
@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^\d+$", ["12"], ["٣", "1\n", ""]),
        (r"^\w$", ["a", "_"], ["é"]),
        (r"^[\w.-]+@[\w-]+\.[a-z]{2,}$", ["a.b@c.de"], ["a@b", "a b@c.de"]),
        (r"^\s$", ["\u00a0", "\ufeff", " "], ["a"]),
        (r"^\S\D\W$", ["aa-", "xé "], ["a1-", "aaa"]),
        (r"^[\S]$", ["a", "é"], [" ", "\u3000"]),
        (r"^.$", ["a", "\x85"], ["\n", "\u2028"]),
        (r"^[^]$", ["\n"], [""]),
        ("[]", [], ["a", ""]),
        (r"^[[&&~~a]$", ["[", "&", "~"], ["b"]),
        (r"^[a\-z]$", ["-", "a", "z"], ["m"]),
        (r"^[+--]$", [",", "-", "+"], ["."]),
        (r"^[\w-z]$", ["-", "a"], ["."]),
        (r"^\p{Lu}\p{Script=Greek}$", ["Äλ"], ["äλ", "ÄA"]),
        (r"^\u00e9\x41\u{1F600}\uD83D\uDE00$", ["éA😀😀"], ["eA"]),
        (r"^\cJ\0\/\.$", ["\n\0/."], ["j"]),
        (r"^(?<year>\d{4})-\k<year>$", ["2024-2024"], ["2024-2025"]),
        (r"^(a|b)\1$", ["aa", "bb"], ["ab"]),
        (r"^(?=.*[A-Z])(?=.*\d).{4,}$", ["Abc1"], ["abc1", "Ab1"]),
        (r"^(?=\p{Lu})", ["Ä"], ["ä"]),
        (r"(?<!a)b$", ["b", "cb"], ["ab"]),
        (r"\bcat\b", ["a cat"], ["cats"]),
        (r"\Bat", ["cat"], ["at"]),
        ("^{a}$", ["{a}"], ["a"]),
        ("^a{2}b{1,}c{0,1}?$", ["aab", "aabbc"], ["ab"]),
        ("(?i)^abc$", ["ABC"], ["x"]),
        (r"\Aab\Z", ["ab"], ["ab\n"]),
        ("^.{1,50000}$", ["x" * 50], [""]),
        ("^a b#c$", ["a b#c"], ["ab"]),
    ],
)
def test_patterns_mean_what_ecma_says(pattern: str, good: list[str], bad: list[str]) -> None:
    schema = {"pattern": pattern}

    assert check_schema(schema) == ()
    assert [text for text in good if check_answer(text, schema)] == []
    assert [text for text in bad if not check_answer(text, schema)] == []


@pytest.mark.parametrize("pattern", ["(", "[a", "a)", "*", "a{2,1}", r"\y", "(?x", "[z-a]", "\\"])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    assert "not a regular expression" in refused({"pattern": pattern})


ATOMS = st.sampled_from(["a", "b", ".", r"\d", r"\w", "[ab]", "[^a]", r"\s", "(a|b)", "(?:ab)"])
PATTERNS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}"])), max_size=5).map(
    lambda parts: "".join(map("".join, parts))
)


@settings(max_examples=80, deadline=None)
@given(PATTERNS, st.text("ab1 _-\n", max_size=8))
def test_simple_patterns_mean_what_re_says(pattern: str, text: str) -> None:
    expected = re.search(pattern, text) is not None

    assert (check_answer(text, {"pattern": pattern}) == ()) == expected


HOSTILE: list[tuple[Any, Any]] = [
    ("a" * 5000 + "!", {"pattern": "^(a+)+$"}),
    ("a" * 5000 + "!", {"pattern": r"^(\w+\s?)*$"}),
    ({"a" * 40: 1}, {"patternProperties": {"^(a|a)*$": False}}),
    ({"a" * 40 + "!": 1}, {"patternProperties": {"^(a|a)*$": {}}, "additionalProperties": False}),
    ("a" * 40 + "!", {"pattern": "^(?=(a+)+$)"}),
    ([["a" * 40 + "!"] * 50], {"items": {"items": {"pattern": "^(a+)+$(?<!b)"}}}),
    *(("a" * n, {"pattern": "(?=(a+)+$)b"}) for n in (1_000, 5_000, 50_000)),
    *(("a" * n, {"pattern": "(?=.*x)(?=.*y)z"}) for n in (1_000, 5_000, 50_000)),
    *(("a" * n, {"pattern": "(?:a(?=(a+)+$))*b"}) for n in (1_000, 4_000, 50_000)),
    *(("a" * n, {"pattern": r"(a*)\1*(?=a*b)c"}) for n in (1_000, 4_000, 50_000)),
    (5, {"$ref": "#"}),
    (5, {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
    (5, {"allOf": [{"not": {"anyOf": [{"$ref": "#"}]}}]}),
    (nested(390), {"additionalProperties": {"$ref": "#"}}),
    (nested(10_000), {"properties": {"a": {"$ref": "#"}}}),
    (5, {"properties": nested(10_000)}),
    (10**5000, {"type": "string"}),
    (5, {"minimum": 10**5000}),
    ([10**3999] * 50, {"items": {"multipleOf": 1e-300, "type": "string"}}),
    ("a", {"pattern": "(" * 2000 + ")" * 2000}),
    ("b", {"pattern": "((a{1,1000}){1,1000}){1,1000}"}),
    ("a", {"pattern": "a{99999999}"}),
    ([{"a": at} for at in range(20_000)], {"uniqueItems": True, "minItems": 20_001}),
]


@pytest.mark.parametrize(("value", "schema"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_hostile_is_answered_at_once(value: Any, schema: Any) -> None:
    started = time.monotonic()
    check_schema(schema)
    found = check_answer(value, schema)

    assert time.monotonic() - started < LONGEST
    assert found


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (5, doubling(18)),
        ("a" * 20_000, {"pattern": "(a?){20000}b"}),
        ("a" * 60 + "cx", {"pattern": r"^(?:(a)|a|aa)+\1c$"}),
    ],
)
def test_what_takes_too_long_is_reported(
    value: Any, schema: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemas.checks.limits.LONGEST_CHECK", 0.2)
    started = time.monotonic()

    assert "could not be checked in time" in problems(value, schema)
    assert time.monotonic() - started < LONGEST


def test_checks_in_threads_do_not_mix() -> None:
    found: dict[int, str] = {}

    def check(at: int) -> None:
        found[at] = problems(f"x{at}", {"pattern": f"^(?=x{at % 2})"})

    threads = [threading.Thread(target=check, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(found[at] == "" for at in (0, 1))
    assert all(found[at] for at in range(2, 8))


WATCHED = {"socket.connect", "socket.getaddrinfo", "urllib.Request", "http.client.connect"}
LEFT: list[str] = []


def _listen(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in WATCHED and _watching:
        LEFT.append(event)


_watching: list[bool] = []


def test_no_reference_opens_a_socket() -> None:
    sys.addaudithook(_listen)
    _watching.append(True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        schemas: list[Any] = [
            {"$ref": f"{base}/a"},
            {"$id": f"{base}/b", "$ref": "c"},
            {"$dynamicRef": f"{base}/d#x"},
            {"$schema": f"{base}/e", "$ref": f"{base}/e"},
            {"$id": base, "properties": {"a": {"$ref": "file:///etc/passwd"}}},
            {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        ]
        for schema in schemas:
            assert "nothing is ever fetched" in refused(schema)
            assert problems({"a": 1}, schema)
        with pytest.raises(TimeoutError):
            server.accept()
    _watching.clear()

    assert LEFT == []


def test_a_pattern_is_searched_for_and_not_executed() -> None:
    found = problems("x", {"pattern": '(?="])\nraise SystemExit(1)#'})

    assert "does not match" in found


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, "", "a", "string", "#"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "type"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted(Draft202012Validator.VALIDATORS.keys() - {"$ref", "$dynamicRef"}))


def schemas() -> st.SearchStrategy[Any]:
    """Return valid schemas of all kinds, most keywords with a suitable value."""
    simple = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "integer", "object", "array", ["null", "number"]]),
            "enum": st.lists(JSON, max_size=2),
            "const": JSON,
            "minimum": st.integers(-2, 2),
            "maxLength": st.integers(0, 2),
            "minItems": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "required": st.lists(st.sampled_from(["a", "b"]), unique=True),
            "maxProperties": st.integers(0, 2),
            "dependentRequired": st.just({"a": ["b"]}),
        },
    )

    def richer(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        some = st.lists(inner, min_size=1, max_size=2)
        named = st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
        single = ["items", "contains", "additionalProperties", "propertyNames", "not", "if", "then"]
        single += ["else", "unevaluatedProperties", "unevaluatedItems"]
        groups = ["allOf", "anyOf", "oneOf", "prefixItems"]
        maps = ["properties", "patternProperties", "dependentSchemas"]
        return st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(single, inner)
            | dict.fromkeys(groups, some)
            | dict.fromkeys(maps, named),
        )

    return st.recursive(simple | st.booleans(), richer, max_leaves=5)


@settings(max_examples=100, deadline=None)
@given(schemas(), JSON)
def test_values_are_judged_as_the_library_judges_them(schema: Any, value: Any) -> None:
    assert check_schema(schema) == ()
    assert (check_answer(value, schema) == ()) == Draft202012Validator(schema).is_valid(value)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(NAMES | st.sampled_from(["title", "$id", "$defs", "default"]), JSON))
def test_schemas_are_judged_as_the_metaschema_judges_them(schema: Any) -> None:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        assert check_schema(schema)
    else:
        assert [fault for fault in check_schema(schema) if "itself" not in fault.message] == []
