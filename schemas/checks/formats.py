"""The formats that are checked; a format not listed here has no effect."""

import datetime as dt
import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_LABEL = re.compile(r"(?!-)[0-9a-z-]{1,63}(?<!-)", re.IGNORECASE | re.ASCII)
_LOCAL = re.compile(r"[0-9a-z!#$%&'*+/=?^_`{|}~-]+(\.[0-9a-z!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:([!#$&-;=?-Z_a-z~@\[\]]|%[0-9a-f]{2})*", re.IGNORECASE)
_LONGEST_HOSTNAME = 253
_LONGEST_LOCAL = 64


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None and _reads(dt.date.fromisoformat, text)


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


def _is_date_time(text: str) -> bool:
    return text[10:11] in {"T", "t"} and _is_date(text[:10]) and _is_time(text[11:])


def _is_hostname(text: str) -> bool:
    return len(text) <= _LONGEST_HOSTNAME and all(map(_LABEL.fullmatch, text.split(".")))


def _is_email(text: str) -> bool:
    local, at, host = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return False
    if host.startswith("[") and host.endswith("]"):
        return _reads(ipaddress.ip_address, host[1:-1].removeprefix("IPv6:"))
    return _is_hostname(host)


def _is_uri(text: str) -> bool:
    return _URI.fullmatch(text) is not None and _reads(urlsplit, text)


def _is_ipv6(text: str) -> bool:
    return "%" not in text and _reads(ipaddress.IPv6Address, text)


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


CHECKED_FORMATS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (_is_date, "a date such as 2025-12-31"),
    "date-time": (_is_date_time, "a date and time such as 2025-12-31T23:59:00Z"),
    "time": (_is_time, "a time with an offset, such as 23:59:00Z"),
    "email": (_is_email, "an email address"),
    "uuid": (lambda text: _UUID.fullmatch(text) is not None, "a UUID"),
    "ipv4": (lambda text: _reads(ipaddress.IPv4Address, text), "an IPv4 address"),
    "ipv6": (_is_ipv6, "an IPv6 address"),
    "uri": (_is_uri, "an absolute URI such as https://example.com/"),
    "hostname": (_is_hostname, "a hostname"),
}
"""For each format: a function that checks a string for it, and a description."""
