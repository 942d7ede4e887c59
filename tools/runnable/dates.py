"""The current time, and date arithmetic."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from .tool import RunnableTool, ToolError, define

Clock = Callable[[], dt.datetime]

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_MOST = 4_000_000
_MONTHS_A_YEAR = 12
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def current_time(clock: Clock = _now) -> RunnableTool:
    """Return a tool that reports the time of `clock`, whose times have a time zone."""

    def run(arguments: dict[str, Any]) -> Any:
        name = arguments.get("time_zone", "UTC")
        now = clock().astimezone(_zone(name))
        return {
            "date_time": now.isoformat(timespec="seconds"),
            "weekday": _DAYS[now.weekday()],
            "time_zone": name,
        }

    zone = {
        "type": "string",
        "description": "An IANA time zone, as Europe/Berlin. UTC if it is left out.",
        "maxLength": 64,
    }
    description = "Tells the current date, time and day of the week in a time zone."
    definition = define("current_time", description, {"time_zone": zone}, optional=("time_zone",))
    return RunnableTool(definition, run)


def _zone(name: str) -> dt.tzinfo:
    if name.upper() in {"UTC", "Z"}:
        return dt.UTC
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise ToolError(f'"{name}" is not a known time zone; write it like Europe/Berlin.')


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ToolError(f'"{text}" is not a date; write it like 2025-12-31.') from error


def _between(arguments: dict[str, Any]) -> Any:
    days = (_date(arguments["end"]) - _date(arguments["start"])).days
    return {"days": days}


def _add(arguments: dict[str, Any]) -> Any:
    counts = {unit: int(arguments.get(unit, 0)) for unit in ("days", "weeks", "months", "years")}
    try:
        months = counts["months"] + _MONTHS_A_YEAR * counts["years"]
        date = _after_months(_date(arguments["date"]), months)
        date += dt.timedelta(days=counts["days"], weeks=counts["weeks"])
    except (ValueError, OverflowError) as error:
        raise ToolError("The date would be before year 1 or after year 9999.") from error
    return {"date": date.isoformat(), "weekday": _DAYS[date.weekday()]}


def _after_months(date: dt.date, months: int) -> dt.date:
    year, month = divmod(date.year * _MONTHS_A_YEAR + date.month - 1 + months, _MONTHS_A_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return date.replace(year=year, month=month + 1, day=min(date.day, last))


def _day(description: str) -> dict[str, Any]:
    return {"type": "string", "format": "date", "description": f"{description}, as 2025-12-31"}


def _count(unit: str, note: str = "") -> dict[str, Any]:
    return {
        "type": "integer",
        "description": f"{unit} to add; negative to go back.{note}",
        "minimum": -_MOST,
        "maximum": _MOST,
    }


DAYS_BETWEEN = RunnableTool(
    define(
        "days_between",
        "Counts the days from one date to another; negative if the end comes first.",
        {"start": _day("The first date"), "end": _day("The second date")},
    ),
    _between,
)

ADD_TO_DATE = RunnableTool(
    define(
        "add_to_date",
        "Adds years, months, weeks and days to a date, the largest unit first.",
        {
            "date": _day("The date to start from"),
            "days": _count("Days"),
            "weeks": _count("Weeks"),
            "months": _count("Months", " A day that the month does not have becomes its last."),
            "years": _count("Years"),
        },
        optional=("days", "weeks", "months", "years"),
    ),
    _add,
)
