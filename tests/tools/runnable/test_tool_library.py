import datetime as dt
import json
import sys
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas import check_schema
from tools import RUNNABLE_TOOLS, HttpStub, RunnableTool, run_tool
from tools.runnable.dates import current_time
from tools.runnable.text_statistics import text_statistics
from tools.runnable.tool import ToolError
from tools.runnable.tool_library import ToolRun
from tools.runnable.units import UNITS, Unit, convert, find_unit
from workers_ai import InvalidRequestError, Tool, ToolCall
from workers_ai.validation import parse_tool

DEFINITION = Tool(
    name="weather",
    description="The weather",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string", "description": "A city"}},
        "required": ["city"],
    },
)


def run(name: str, **arguments: Any) -> ToolRun:
    return run_tool(ToolCall(name, arguments, "call_1"))


def value(name: str, **arguments: Any) -> Any:
    found = run(name, **arguments)
    assert found.ok, found.error
    return found.value


def error(name: str, **arguments: Any) -> str:
    found = run(name, **arguments)
    assert not found.ok
    assert found.value is None
    return found.error


@pytest.mark.parametrize("name", RUNNABLE_TOOLS)
def test_every_tool_has_a_documented_definition(name: str) -> None:
    tool = RUNNABLE_TOOLS[name].definition

    assert tool.name == name
    assert parse_tool(tool.body()) == tool
    assert check_schema(tool.parameters) == ()
    Draft202012Validator.check_schema(tool.parameters)
    assert all(each["description"] for each in tool.parameters["properties"].values())


def test_the_library_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        RUNNABLE_TOOLS["calculator"] = RUNNABLE_TOOLS["current_time"]  # type: ignore[index]


def test_a_call_is_run_and_its_result_sent_as_json() -> None:
    found = run("calculator", expression="2 * 21")

    assert (found.ok, found.value, found.content) == (True, 42, "42")


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("shell", {}, "is not a tool that can be run; available: calculator"),
        ("calculator", '{"expression":', "not a JSON object"),
        ("calculator", {}, "expression: it is missing"),
        ("calculator", {"expression": 5}, "expression: 5 is not accepted"),
        ("calculator", {"expression": "1", "code": "x"}, "code: this key is not accepted"),
        ("calculator", {"expression": "1/0"}, "Division by zero."),
        ("convert_units", {"value": True, "from_unit": "m", "to_unit": "m"}, "value: true"),
    ],
)
def test_a_call_that_cannot_be_run_has_a_reason(name: str, arguments: Any, part: str) -> None:
    found = run_tool(ToolCall(name, arguments, "call_1"))

    assert part in found.error
    assert json.loads(found.content) == {"error": found.error}


NOON = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "date_time", "weekday"),
    [
        ("UTC", "2024-07-01T12:00:00+00:00", "Monday"),
        ("Europe/Berlin", "2024-07-01T14:00:00+02:00", "Monday"),
        ("Asia/Kolkata", "2024-07-01T17:30:00+05:30", "Monday"),
        ("Pacific/Kiritimati", "2024-07-02T02:00:00+14:00", "Tuesday"),
    ],
)
def test_the_clock_is_read_in_a_time_zone(zone: str, date_time: str, weekday: str) -> None:
    tool = current_time(lambda: NOON)

    found = tool.run({"time_zone": zone})

    assert found == {"date_time": date_time, "weekday": weekday, "time_zone": zone}


def test_the_current_time_is_in_utc() -> None:
    now = dt.datetime.fromisoformat(value("current_time")["date_time"])

    assert abs(dt.datetime.now(dt.UTC) - now) < dt.timedelta(seconds=10)


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "../../etc/passwd", "/etc/passwd", "Europe", "", "\0"]
)
def test_an_invalid_time_zone_is_refused(zone: str) -> None:
    assert "not a known time zone" in error("current_time", time_zone=zone)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2024-02-28", "2024-03-01", 2), ("2023-03-01", "2023-02-28", -1), ("2024-01-01",) * 2 + (0,)],
)
def test_days_are_counted(start: str, end: str, days: int) -> None:
    assert value("days_between", start=start, end=end) == {"days": days}


@pytest.mark.parametrize(
    ("date", "counts", "result"),
    [
        ("2024-01-31", {"months": 1}, "2024-02-29"),
        ("2023-12-31", {"months": 2}, "2024-02-29"),
        ("2024-02-29", {"years": 1}, "2025-02-28"),
        ("2024-03-31", {"months": -1}, "2024-02-29"),
        ("2024-01-31", {"months": 1, "days": 1}, "2024-03-01"),
        ("2024-01-01", {"weeks": 2, "days": -14}, "2024-01-01"),
        ("2024-01-01", {"days": 366.0}, "2025-01-01"),
        ("2024-01-01", {}, "2024-01-01"),
    ],
)
def test_time_is_added_to_a_date(date: str, counts: dict[str, Any], result: str) -> None:
    assert value("add_to_date", date=date, **counts)["date"] == result


def test_dates_out_of_range_are_refused() -> None:
    assert "year 9999" in error("add_to_date", date="9999-12-31", days=1)
    assert "year 9999" in error("add_to_date", date="2024-01-01", years=-2024)
    assert "at most 4000000" in error("add_to_date", date="2024-01-01", days=10**9)
    assert "is not a date" in error("days_between", start="2023-02-29", end="2024-01-01")


@settings(max_examples=50, deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(-9999, 9999))
def test_days_added_are_the_days_between(start: dt.date, days: int) -> None:
    end = value("add_to_date", date=start.isoformat(), days=days)["date"]

    assert value("days_between", start=start.isoformat(), end=end) == {"days": days}


@pytest.mark.parametrize(
    ("number", "source", "target", "result"),
    [
        (1, "mile", "km", 1.609344),
        (12, "inches", "feet", 1),
        (100, "km/h", "m/s", 250 / 9),
        (1, "kn", "km/h", 1.852),
        (98.6, "F", "celsius", 37),
        (-40, "°C", "°F", -40),
        (0, "K", "C", -273.15),
        (1, "pound", "g", 453.59237),
        (16, "oz", "lb", 1),
        (1, "gallon", "litre", 3.785411784),
        (16, "tbsp", "us_cup", 1),
        (1, "acre", "ft2", 43560),
        (1, "week", "hours", 168),
        (1, "GiB", "MB", 1073.741824),
        (8, "bit", "byte", 1),
        (1, "kWh", "MJ", 3.6),
        (760, "Torr", "atm", 1),
        (1, "atm", "psi", 14.695948775513),
        (1, "square metre", "cm2", 10000),
        (0.1, "m", "cm", 10),
    ],
)
def test_units_are_converted(number: float, source: str, target: str, result: float) -> None:
    found = value("convert_units", value=number, from_unit=source, to_unit=target)

    assert found["value"] == pytest.approx(result, rel=1e-12)
    assert isinstance(found["value"], type(result))


def test_incompatible_units_are_refused() -> None:
    assert "kg is a unit of mass" in error("convert_units", value=1, from_unit="kg", to_unit="m")
    assert "is not a known unit" in error("convert_units", value=1, from_unit="cubits", to_unit="m")
    assert "absolute zero" in error("convert_units", value=-1, from_unit="K", to_unit="C")
    assert "at most" in error("convert_units", value=1e300, from_unit="m", to_unit="km")


def test_every_name_of_a_unit_is_found_and_unique() -> None:
    names = [name for unit in UNITS for name in unit.names]

    assert len(names) == len(set(names))
    assert all(find_unit(name) is unit for unit in UNITS for name in unit.names)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.integers(0, 10**6))
def test_a_round_trip_is_exact(source: Unit, target: Unit, number: int) -> None:
    if source.quantity != target.quantity:
        with pytest.raises(ToolError, match="cannot be converted"):
            convert(number, source, target)
        return
    there = convert(number, source, target)

    assert (there * target.factor + target.zero - source.zero) / source.factor == Fraction(number)


def test_a_text_is_counted() -> None:
    found = text_statistics("Hi there. Hi!\nIt’s 3.5 km… ok?\n")  # noqa: RUF001

    assert found["characters"] == 31
    assert (found["words"], found["sentences"], found["lines"]) == (7, 4, 2)
    assert found["most_frequent_words"][0] == {"word": "hi", "count": 2}


def test_an_empty_text_has_zero_counts() -> None:
    found = value("text_statistics", text="")

    assert {found[name] for name in ("characters", "words", "sentences", "lines")} == {0}


def test_a_long_text_is_counted_in_time() -> None:
    started = time.monotonic()

    assert value("text_statistics", text="a-" * 100_000)["words"] == 1
    assert value("text_statistics", text=".\"'" * 60_000)["words"] == 0
    assert time.monotonic() - started < 5


def test_a_stub_gives_its_answer_after_its_delay() -> None:
    stub = HttpStub(DEFINITION, status=503, body={"error": ["busy"]}, delay=0.05)
    started = time.monotonic()

    found = run_tool(ToolCall("weather", {"city": "Oslo"}, "1"), {"weather": stub})

    assert found.value == {"error": "HTTP 503", "body": {"error": ["busy"]}}
    assert time.monotonic() - started >= 0.05


def test_a_stub_keeps_its_answer() -> None:
    stub = HttpStub(DEFINITION, body={"a": []})
    stub.run({})["a"].append(1)

    assert stub.run({}) == {"a": []}


def test_a_stub_checks_its_arguments_too() -> None:
    found = run_tool(ToolCall("weather", {}, "1"), {"weather": HttpStub(DEFINITION, body="x")})

    assert found.error == "city: it is missing"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"status": 99}, "status"),
        ({"status": True}, "status"),
        ({"delay": 10.1}, "delay"),
        ({"delay": -1}, "delay"),
        ({"delay": float("nan")}, "delay"),
        ({"body": {"a": {1}}}, "body.a"),
        ({"body": float("inf")}, "body"),
    ],
)
def test_an_invalid_stub_is_refused(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        HttpStub(DEFINITION, **fields)

    assert [fault.path for fault in caught.value.faults] == [path]


EVENTS: list[str] = []
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "exec", "compile")
_watching: list[bool] = []


def _listen(event: str, _arguments: tuple[Any, ...]) -> None:
    if _watching and event.startswith(FORBIDDEN):
        EVENTS.append(event)


def test_no_tool_executes_connects_or_starts_anything() -> None:
    hostile = "__import__('os').system('true')"
    stub = HttpStub(DEFINITION, body="http://127.0.0.1/")
    tools: dict[str, RunnableTool | HttpStub] = {**RUNNABLE_TOOLS, "weather": stub}
    calls = [
        ToolCall("calculator", {"expression": hostile}, "1"),
        ToolCall("calculator", {"expression": "1 + 1"}, "2"),
        ToolCall("current_time", {"time_zone": hostile}, "3"),
        ToolCall("days_between", {"start": hostile, "end": hostile}, "4"),
        ToolCall("convert_units", {"value": 1, "from_unit": hostile, "to_unit": "m"}, "5"),
        ToolCall("text_statistics", {"text": hostile}, "6"),
        ToolCall("weather", {"city": hostile}, "7"),
        ToolCall(hostile, {}, "8"),
    ]
    for call in calls:  # a first run, so that lazy imports are done
        run_tool(call, tools)
    sys.addaudithook(_listen)
    _watching.append(True)

    results = [run_tool(call, tools).ok for call in calls]

    _watching.clear()
    assert results == [False, True, False, False, False, True, True, False]
    assert EVENTS == []
