"""Calls written into the text: which count, and which do not."""

import json
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import RecoveredForm, recover_calls
from tools.calls_in_text import LONGEST_TEXT, MOST_CALLS
from workers_ai import FunctionTool, Tool

Named = tuple[str, Any]


def tool(name: str, /, *required: str, **optional: str) -> Tool:
    types = dict.fromkeys(required, "string") | optional
    properties = {each: {"type": kind, "description": each} for each, kind in types.items()}
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    return Tool(name=name, description=f"Do {name}", parameters=schema)


WEATHER = tool("weather", "city", unit="string", days="integer")
CONVERT = FunctionTool(type="function", function=tool("convert", "amount", "to"))
NOW = tool("now")
RUN = tool("run-it", arguments="string")
LATE = Tool(
    name="late",
    description="The required property comes last",
    parameters={
        "type": "object",
        "properties": {
            "unit": {"type": "string", "description": "x"},
            "city": {"type": "string", "description": "x"},
        },
        "required": ["city"],
    },
)
TOOLS: list[Tool | FunctionTool] = [WEATHER, CONVERT, NOW, RUN, LATE]

PARIS = ("weather", {"city": "Paris"})
ROME = ("weather", {"city": "Rome"})
PARIS_JSON = '{"name": "weather", "parameters": {"city": "Paris"}}'
ROME_JSON = '{"name": "weather", "arguments": {"city": "Rome"}}'


def found(text: str) -> list[Named]:
    recovered = recover_calls(text, TOOLS)
    return [(call.name, call.arguments) for call in recovered.calls] if recovered else []


def form(text: str) -> RecoveredForm | None:
    recovered = recover_calls(text, TOOLS)
    return recovered.form if recovered else None


def fenced(body: str, language: str = "") -> str:
    return f"```{language}\n{body}\n```"


CALLS: dict[str, tuple[str, RecoveredForm, list[Named]]] = {
    "documented form": (PARIS_JSON, "json", [PARIS]),
    "arguments": (ROME_JSON, "json", [ROME]),
    "blank around": (f"\n  {PARIS_JSON}\r\n", "json", [PARIS]),
    "arguments next to the name": ('{"name": "weather", "city": "Paris"}', "json", [PARIS]),
    "one foreign argument next to the name": (
        '{"name": "weather", "city": "Paris", "zoom": 3}',
        "json",
        [("weather", {"city": "Paris", "zoom": 3})],
    ),
    "a name alone, nothing required": ('{"name": "now"}', "json", [("now", {})]),
    "no arguments": ('{"name": "now", "parameters": null}', "json", [("now", {})]),
    "arguments as text": (
        '{"name": "weather", "arguments": "{\\"city\\": \\"Paris\\"}"}',
        "json",
        [PARIS],
    ),
    "arguments as broken text stay text": (
        '{"name": "weather", "arguments": "{city: Paris}"}',
        "json",
        [("weather", "{city: Paris}")],
    ),
    "arguments against the schema": (
        '{"name": "weather", "parameters": {"town": [1, null]}}',
        "json",
        [("weather", {"town": [1, None]})],
    ),
    "a property called arguments": (
        '{"name": "run-it", "arguments": "-la"}',
        "json",
        [("run-it", {"arguments": "-la"})],
    ),
    "a list": (f"[{PARIS_JSON}, {ROME_JSON}]", "json", [PARIS, ROME]),
    "one on each line": (f"{PARIS_JSON}\n{ROME_JSON}", "json", [PARIS, ROME]),
    "type next to the name": (
        '{"type": "function", "name": "weather", "parameters": {"city": "Paris"}}',
        "json",
        [PARIS],
    ),
    "type and arguments next to the name": (
        '{"type": "function", "name": "weather", "city": "Paris"}',
        "json",
        [PARIS],
    ),
    "OpenAI's shape": (f'{{"type": "function", "function": {ROME_JSON}}}', "json", [ROME]),
    "tool_calls": (
        f'{{"tool_calls": [{PARIS_JSON}, {{"function": {ROME_JSON}}}]}}',
        "json",
        [PARIS, ROME],
    ),
    "a message with tool_calls": (
        f'{{"role": "assistant", "content": null, "tool_calls": [{PARIS_JSON}]}}',
        "json",
        [PARIS],
    ),
    "function_call": (f'{{"function_call": {ROME_JSON}}}', "json", [ROME]),
    "a namespace in JSON": (PARIS_JSON.replace("weather", "functions.weather"), "json", [PARIS]),
    "json fence": (fenced(PARIS_JSON, "json"), "fenced json", [PARIS]),
    "bare fence": (fenced(f"[{PARIS_JSON}]"), "fenced json", [PARIS]),
    "fence with CRLF": (fenced(PARIS_JSON, "json").replace("\n", "\r\n"), "fenced json", [PARIS]),
    "JSON in a tool_call fence": (fenced(PARIS_JSON, "tool_call"), "tool_code", [PARIS]),
    "JSON in a python fence": (fenced(PARIS_JSON, "python"), "fenced json", [PARIS]),
    "a call in a list": ("[weather(city='Paris')]", "python", [PARIS]),
    "calls in a list": ('[weather(city="Paris"), now()]', "python", [PARIS, ("now", {})]),
    "one call": ('weather(city="Paris")', "python", [PARIS]),
    "calls on lines": (
        'weather(city="Paris")\nweather(city="Rome")',
        "python",
        [PARIS, ROME],
    ),
    "no argument where one is required": ("weather()", "python", [("weather", {})]),
    "over several lines": ('weather(\n    city="Paris",\n)', "python", [PARIS]),
    "printed": ('print(weather(city="Paris"))', "python", [PARIS]),
    "default_api": ('default_api.weather(city="Paris")', "python", [PARIS]),
    "printed default_api": (
        fenced('print(default_api.weather(city="Paris"))', "tool_code"),
        "tool_code",
        [PARIS],
    ),
    "a comment in a tool_code fence": (
        fenced('# Ask for Paris\nweather(city="Paris")', "tool_code"),
        "tool_code",
        [PARIS],
    ),
    "an indented fence": (
        fenced('  weather(city="Paris")\n  now()', "tool_code"),
        "tool_code",
        [PARIS, ("now", {})],
    ),
    "python fence": (fenced('weather(city="Paris")', "python"), "fenced python", [PARIS]),
    "literals": (
        'weather(city=["a", \'b\'], unit={"x": (1, -2.5)}, days=+3, a=True, b=None)',
        "python",
        [
            (
                "weather",
                {"city": ["a", "b"], "unit": {"x": [1, -2.5]}, "days": 3, "a": True, "b": None},
            )
        ],
    ),
    "JSON's constants": (
        "weather(city=true, unit=false, days=null)",
        "python",
        [("weather", {"city": True, "unit": False, "days": None})],
    ),
    "a stray backslash": (r'weather(city="\d")', "python", [("weather", {"city": r"\d"})]),
    "by position": ('weather("Paris")', "python", [PARIS]),
    "by position and name": (
        'weather("Paris", days=2)',
        "python",
        [("weather", {"city": "Paris", "days": 2})],
    ),
    "markers": (f"<tool_call>\n{PARIS_JSON}\n</tool_call>", "marked", [PARIS]),
    "markers twice": (
        f"<tool_call>{PARIS_JSON}</tool_call>\n<tool_call>{ROME_JSON}</tool_call>",
        "marked",
        [PARIS, ROME],
    ),
    "TOOL_REQUEST": (f"[TOOL_REQUEST]\n{ROME_JSON}\n[END_TOOL_REQUEST]", "marked", [ROME]),
    "Python between markers": (
        '<tool_call>weather(city="Paris")</tool_call>',
        "marked",
        [PARIS],
    ),
    "a marker in an argument": (
        '<tool_call>{"name": "weather", "city": "</tool_call>"}</tool_call>',
        "marked",
        [("weather", {"city": "</tool_call>"})],
    ),
}

DEFINITION = json.dumps(WEATHER.body())
TEACHING = "Here is an example. You write the name of the tool and its arguments:"

NO_CALLS: dict[str, str] = {
    "nothing": "",
    "blank": " \n ",
    "prose": "The weather in Paris is mild.",
    "prose with a call in it": 'I would use weather(city="Paris") for this.',
    "prose in brackets": "It is now (in Paris)",
    "prose before JSON": f"Here it is: {PARIS_JSON}",
    "prose after JSON": f"{PARIS_JSON}\nThat asks for Paris.",
    "a link": "[weather](https://example.org)",
    "the name alone": "weather",
    "a number": "7",
    "JSON of another kind": '{"city": "Paris", "temperature": 20}',
    "an empty object": "{}",
    "an empty list": "[]",
    "a list of numbers": "[1, 2]",
    "an unknown tool": PARIS_JSON.replace("weather", "climate"),
    "a name in other letters": PARIS_JSON.replace("weather", "Weather"),
    "a known and an unknown tool": f'[{PARIS_JSON}, {{"name": "climate", "parameters": {{}}}}]',
    "a name that is not a string": '{"name": ["weather"], "parameters": {}}',
    "data that shares the name": '{"name": "weather", "rows": [1, 2]}',
    "data about a tool without properties": '{"name": "now", "rows": [1, 2]}',
    "the name alone, more required": '{"name": "weather"}',
    "a list of names": '[{"name": "weather"}, {"name": "late"}]',
    "the tool described": DEFINITION,
    "the tools described": f"[{DEFINITION}]",
    "the wrapped tool described": json.dumps({"type": "function", "function": WEATHER.body()}),
    "the tool's schema": json.dumps({"name": "weather", "parameters": WEATHER.parameters}),
    "the tool's properties": json.dumps(
        {"name": "weather", "parameters": WEATHER.parameters["properties"]}
    ),
    "the names of the arguments": '{"name": "weather", "parameters": ["city", "unit"]}',
    "arguments in words": '{"name": "weather", "parameters": "the city"}',
    "arguments twice": '{"name": "weather", "arguments": {}, "parameters": {}}',
    "a type of another kind": '{"name": "weather", "type": "station", "parameters": {}}',
    "a message that also says something": f'{{"content": "Hm", "tool_calls": [{PARIS_JSON}]}}',
    "no tool_calls": '{"tool_calls": []}',
    "a null among tool_calls": '{"tool_calls": [null]}',
    "cut JSON": PARIS_JSON[:-1],
    "cut within a list": f"[{PARIS_JSON}, ",
    "NaN": '{"name": "weather", "parameters": {"days": NaN}}',
    "a number too large": '{"name": "weather", "parameters": {"days": 1e999}}',
    "a fence cut off": f"```json\n{PARIS_JSON}\n",
    "a fence of another language": fenced(PARIS_JSON, "yaml"),
    "a fence among two": f"{fenced(PARIS_JSON)}\n{fenced('20 degrees', 'tool_output')}",
    "a fence within an explanation": f"{TEACHING}\n\n{fenced(PARIS_JSON, 'json')}",
    "a fence with an explanation after it": f"{fenced(PARIS_JSON)}\nThis is how to call it.",
    "a fence as an example": f"For example:\n{fenced('now()', 'python')}",
    "a fence between sentences": f"I look it up.\n{fenced(PARIS_JSON)}\nThe answer is 20.",
    "a fence after a long sentence": f"{'I look it up ' * 20}\n{fenced(PARIS_JSON)}",
    "a function defined": fenced("def weather(city):\n    return get(city)", "python"),
    "a function defined and called": fenced("def now():\n    pass\nnow()", "python"),
    "an import before the call": fenced("import api\nnow()", "python"),
    "a call assigned": fenced('x = weather(city="Paris")', "python"),
    "a call in a loop": fenced("for x in y:\n    now()", "python"),
    "a name as argument": "weather(city=place)",
    "a call as argument": "weather(city=input())",
    "code as argument": "weather(city=__import__('os').getcwd())",
    "an f-string": 'weather(city=f"{1}")',
    "a comprehension": "weather(city=[x for x in (1, 2)])",
    "a generator": "weather(x for x in (1, 2))",
    "starred": 'weather(*["Paris"])',
    "double-starred": 'weather(**{"city": "Paris"})',
    "a double-starred dict": 'weather(city={**{"a": 1}})',
    "a lambda": "weather(city=lambda: 1)",
    "a sum": "weather(days=1+1)",
    "an index": "weather(city=[1][0])",
    "bytes": 'weather(city=b"Paris")',
    "a set": "weather(city={1, 2})",
    "a complex number": "weather(days=2j)",
    "an infinity": "weather(days=1e999)",
    "an integer that cannot be written": f"weather(days=0x{'f' * 5000})",
    "keys that are not strings": "weather(city={1: 2})",
    "not on a truth": "weather(days=-True)",
    "the same argument twice": "weather(city=1, city=2)",
    "by position and again by name": 'weather("Paris", city="Rome")',
    "too many by position": "now(1)",
    "by position, the required one last": 'late("Paris")',
    "an object by position": 'weather({"city": "Paris"})',
    "a method of a call": "weather().now()",
    "a tool of something else": "station.weather()",
    "a comparison": "now() == now()",
    "bullets": "- now()\n- now()",
    "lists within lists": "[[now()]]",
    "a print of a name": "print(weather)",
    "a print into a file": "print(now(), file=1)",
    "wrapped with something else": f'{{"function": {ROME_JSON}, "description": "Rome"}}',
    "a comment after the call": "now()  # tells the time",
    "a fence after two lines": f"I look it up\nin a moment\n{fenced(PARIS_JSON)}",
    "a second fence cut off": f"{fenced(PARIS_JSON)}\n``",
    "a second fence cut off sooner": f"{fenced(PARIS_JSON)}\n`",
    "a fence that does not end": f"```json\n{PARIS_JSON}\n```json",
    "a second marker cut off": f"<tool_call>{PARIS_JSON}</tool_call>\n<tool_",
    "two closing markers": f"<tool_call>{PARIS_JSON}</tool_call></tool_call>",
    "a marker without an end": f"<tool_call>{PARIS_JSON}",
    "markers the wrong way around": f"</tool_call>{PARIS_JSON}<tool_call>",
    "words between markers": f"<tool_call>{PARIS_JSON}</tool_call> or <tool_call>now()</tool_call>",
    "markers within an explanation": f"{TEACHING} <tool_call>{PARIS_JSON}</tool_call>",
    "a zero byte": "weather(city='\0')",
    "a lone surrogate": "weather(city='\ud800')",
}


@pytest.mark.parametrize(("text", "_form", "calls"), CALLS.values(), ids=CALLS)
def test_a_call_is_found(text: str, _form: RecoveredForm, calls: list[Named]) -> None:
    assert found(text) == calls


@pytest.mark.parametrize(("text", "expected", "_calls"), CALLS.values(), ids=CALLS)
def test_the_form_is_reported(text: str, expected: RecoveredForm, _calls: list[Named]) -> None:
    assert form(text) == expected


@pytest.mark.parametrize("text", NO_CALLS.values(), ids=NO_CALLS)
def test_anything_else_is_not_a_call(text: str) -> None:
    assert recover_calls(text, TOOLS) is None


@pytest.mark.parametrize("text", [case[0] for case in CALLS.values()], ids=CALLS)
def test_a_call_does_not_count_if_its_tool_is_not_offered(text: str) -> None:
    assert recover_calls(text, []) is None
    assert recover_calls(text, [tool("other")]) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Okay, I'll check the weather in Paris:", ""),
        ("Let me look that up for you with `weather`.", ""),
        ("It is 3.5 degrees colder there, I think", ""),
        ("", "One moment, please."),
        ("天気を調べます。", ""),
    ],
)
@pytest.mark.parametrize(
    "call", [fenced(PARIS_JSON, "json"), f"<tool_call>{PARIS_JSON}</tool_call>"]
)
def test_one_short_sentence_is_allowed_around_a_call(before: str, after: str, call: str) -> None:
    recovered = recover_calls(f"{before}\n\n{call}\n{after}", TOOLS)

    assert recovered
    assert (recovered.before, recovered.after) == (before, after)
    assert [(each.name, each.arguments) for each in recovered.calls] == [PARIS]


def test_a_call_keeps_its_id_and_the_others_get_one_of_their_own() -> None:
    given = f'{{"id": "a", "function": {ROME_JSON}}}'
    text = f"[{given}, {given}, {PARIS_JSON}, {PARIS_JSON}]"
    recovered, again = recover_calls(text, TOOLS), recover_calls(text, TOOLS)

    assert recovered
    assert recovered == again
    assert recovered.calls[0].id == "a"
    assert len({call.id for call in recovered.calls}) == 4


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("type", "string", "function"),
        ("properties", "object", {"a": 1}),
        ("place", "object", {"type": "city"}),
        ("tool_calls", "array", [1]),
        ("name", "string", "Anna"),
    ],
)
def test_an_argument_can_have_the_name_of_something_in_the_wrapper(
    name: str, kind: str, value: object
) -> None:
    text = json.dumps({"name": "take", "arguments": {name: value}})
    recovered = recover_calls(text, [tool("take", **{name: kind})])

    assert recovered
    assert recovered.calls[0].arguments == {name: value}


def test_a_property_called_type_can_be_next_to_the_name() -> None:
    text = '{"name": "take", "type": "function"}'
    recovered = recover_calls(text, [tool("take", type="string")])

    assert recovered
    assert recovered.calls[0].arguments == {"type": "function"}


def test_a_tool_can_be_called_print() -> None:
    recovered = recover_calls("print(print(text=1))", [tool("print", text="string")])
    plain = recover_calls("print(text=1)", [tool("print", text="string")])

    assert recovered is None
    assert plain
    assert plain.calls[0].arguments == {"text": 1}


def test_a_model_that_repeats_itself_calls_nothing() -> None:
    assert len(found("now()\n" * MOST_CALLS)) == MOST_CALLS
    assert found("now()\n" * (MOST_CALLS + 1)) == []


@pytest.mark.parametrize(("levels", "count"), [(149, 1), (150, 0), (900, 0), (20_000, 0)])
def test_what_is_nested_deeper_than_a_call_keeps_is_not_a_call(levels: int, count: int) -> None:
    value = "[" * levels + "]" * levels

    assert len(found(f'{{"name": "weather", "parameters": {{"city": {value}}}}}')) == count
    assert len(found(f"weather(city={value})")) == count


def test_an_answer_longer_than_the_limit_is_not_searched() -> None:
    assert found(PARIS_JSON.ljust(LONGEST_TEXT)) == [PARIS]
    assert found(PARIS_JSON.ljust(LONGEST_TEXT + 1)) == []


MASSES = {
    "square brackets": "[" * LONGEST_TEXT,
    "braces": "{" * LONGEST_TEXT,
    "pairs of brackets": "[" * (LONGEST_TEXT // 2) + "]" * (LONGEST_TEXT // 2),
    "objects": '{"a":' * (LONGEST_TEXT // 6) + "1" + "}" * (LONGEST_TEXT // 6),
    "backticks": "`" * LONGEST_TEXT,
    "lines of backticks": "```\n" * (LONGEST_TEXT // 4),
    "blank in a fence": fenced(" " * (LONGEST_TEXT - 10)),
    "blank before a fence": " " * (LONGEST_TEXT - 50) + fenced("now()"),
    "open calls": "now(" * (LONGEST_TEXT // 4),
    "closed calls": "now(" * 20_000 + ")" * 20_000,
    "calls of calls": "now" + "()" * 49_000,
    "calls on lines": "now()\n" * (LONGEST_TEXT // 6),
    "calls in JSON": '{"name":"now"}\n' * (LONGEST_TEXT // 15),
    "minus signs": f"weather(days={'-' * 90_000}1)",
    "sums": f"weather(days={'1+' * 45_000}1)",
    "attributes": "now" + ".a" * 49_000 + "()",
    "open markers": "<tool_call>" * (LONGEST_TEXT // 11),
    "closed markers": "<tool_call></tool_call>" * (LONGEST_TEXT // 23),
    "dots": ". " * (LONGEST_TEXT // 2),
    "a long integer": f"weather(days={'9' * 90_000})",
    "a long integer in JSON": f'{{"name": "weather", "days": {"9" * 90_000}}}',
}


@pytest.mark.parametrize("text", MASSES.values(), ids=MASSES)
def test_masses_of_anything_are_read_quickly(text: str) -> None:
    begin = process_time()
    recover_calls(text, TOOLS)

    assert len(text) <= LONGEST_TEXT
    assert process_time() - begin < 2


@pytest.mark.parametrize(("text", "_form", "calls"), CALLS.values(), ids=CALLS)
def test_a_call_cut_anywhere_is_not_another_call(
    text: str, _form: RecoveredForm, calls: list[Named]
) -> None:
    for end in range(len(text)):
        shorter = found(text[:end])

        # Calls on separate lines are complete before the next one arrives.
        assert shorter == calls[: len(shorter)]
        assert shorter in ([], calls) or "\n" in text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.sampled_from(["get_weather", "f", "_x1", "größe", "都市", "name", "parameters", "type"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
FINITE = SCALARS.filter(lambda value: value not in (float("inf"), float("-inf")))
VALUES = st.recursive(
    FINITE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
WRITTEN_CALLS = st.lists(
    st.tuples(NAMES, st.dictionaries(NAMES, VALUES, max_size=3)), min_size=1, max_size=3
)


def flat(name: str, arguments: dict[str, Any], key: str = "parameters") -> str:
    return json.dumps({"name": name, key: arguments})


def python(name: str, arguments: dict[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


def in_openai_shape(calls: list[Named]) -> str:
    return json.dumps(
        {
            "tool_calls": [
                {"type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
                for name, given in calls
            ]
        }
    )


def json_list(calls: list[Named]) -> str:
    return f"[{', '.join(flat(*call, key='arguments') for call in calls)}]"


def python_list(calls: list[Named]) -> str:
    return f"[{', '.join(python(*call) for call in calls)}]"


def python_lines(calls: list[Named]) -> str:
    return "\n".join(f"print(default_api.{python(*call)})" for call in calls)


def marked(calls: list[Named]) -> str:
    return "\n".join(f"<tool_call>{flat(*call)}</tool_call>" for call in calls)


WRITERS: dict[str, Callable[[list[Named]], str]] = {
    "lines of JSON": lambda calls: "\n".join(flat(*call) for call in calls),
    "a list of JSON": json_list,
    "OpenAI's shape": in_openai_shape,
    "fenced JSON": lambda calls: fenced(json_list(calls), "json"),
    "a list in Python": python_list,
    "tool_code": lambda calls: fenced(python_lines(calls), "tool_code"),
    "marked": marked,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@settings(max_examples=20, deadline=None)
@given(calls=WRITTEN_CALLS)
def test_whatever_is_called_is_recovered_exactly(
    write: Callable[[list[Named]], str], calls: list[Named]
) -> None:
    tools = [tool(name, **dict.fromkeys(arguments, "string")) for name, arguments in calls]
    recovered = recover_calls(write(calls), tools)

    assert recovered
    read = [(call.name, call.arguments) for call in recovered.calls]
    assert json.dumps(read) == json.dumps(calls)


SIGNS = ["(", ")", "[", "]", "{", "}", '"', "'", ":", ",", "=", "-", "1", " ", "\n", "\\", "```"]
PARTS = ["weather", "now()", "name", "parameters", "json", "tool_code", PARIS_JSON]
PIECES = st.sampled_from([*SIGNS, *PARTS, "<tool_call>", "</tool_call>"])


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60) | st.lists(PIECES, max_size=14).map("".join))
def test_no_text_raises_an_error(text: str) -> None:
    recovered = recover_calls(text, TOOLS)

    assert recovered is None or {call.name for call in recovered.calls} <= {"weather", "now"}
