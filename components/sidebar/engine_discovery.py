"""The engines on this machine, and the addresses that engines may have."""

import re
from urllib.parse import urlsplit

import streamlit as st

from backends import ENGINE_PORTS, FoundEngine, find_engines
from workers_ai import InvalidRequestError
from workers_ai.address_policy import AddressRule

from ..shell.configuration import Configuration

CACHE_SECONDS = 20.0
"""Seconds for which the engines found are cached."""

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_PATIENCE = 0.25


def engine_address_rule(configured: Configuration) -> AddressRule:
    """Return the rule for the addresses that engines may have.

    Without a setting, a server that listens on this machine alone allows any address. A server
    for others allows only the operator's own engine: a visitor must not make the server call
    internal addresses.
    """
    private = st.get_option("server.address") in _THIS_MACHINE
    setting = configured.engine_addresses or ("any" if private else "")
    try:
        return AddressRule.of(f"{setting}, {_host_and_port(configured.local_url)}")
    except InvalidRequestError:
        return AddressRule.of(_host_and_port(configured.local_url))


def local_engines(configured: Configuration) -> tuple[FoundEngine, ...]:
    """Return the engines on this machine, those with Gemma 3 first."""
    return _engines(_ports(configured.engine_ports), engine_address_rule(configured))


def clear_engine_cache() -> None:
    """Clear the cache, so that the next call searches again."""
    _engines.clear()


@st.cache_resource(show_spinner=False, ttl=CACHE_SECONDS)
def _engines(ports: tuple[int, ...], rule: AddressRule) -> tuple[FoundEngine, ...]:
    return tuple(find_engines(ports, _PATIENCE, rule))


def _ports(setting: str) -> tuple[int, ...]:
    """Return the ports to search; a setting without any, such as `none`, turns the search off."""
    return tuple(map(int, re.findall(r"\b\d{1,5}\b", setting))) if setting else ENGINE_PORTS


def _host_and_port(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    host = parts.hostname or ""
    if not host:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
