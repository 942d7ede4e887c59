"""The operator's settings: from the environment first, then from `.streamlit/secrets.toml`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from conversations import default_database_url
from workers_ai import model_card
from workers_ai.backend import CLOUDFLARE_API


class Variable(NamedTuple):
    """A setting: its environment variable, and its section and key in secrets.toml."""

    name: str
    section: str
    key: str
    meaning: str


VARIABLES = (
    Variable("CABOCHON_BACKEND", "cabochon", "backend", "The backend to start with"),
    Variable("CABOCHON_MODEL", "cabochon", "model", "The model ID, if not the default"),
    Variable("CABOCHON_LOCAL_URL", "local", "url", "The address of your own engine"),
    Variable("CABOCHON_LOCAL_API_KEY", "local", "api_key", "A key for that engine"),
    Variable("CABOCHON_ENGINE_PORTS", "local", "ports", "Ports to search for engines"),
    Variable("CABOCHON_ENGINE_ADDRESSES", "local", "addresses", "Addresses that may be used"),
    Variable("CABOCHON_DATABASE_URL", "cabochon", "database_url", "Where chats are stored"),
    Variable("CLOUDFLARE_ACCOUNT_ID", "cloudflare", "account_id", "The account that is billed"),
    Variable("CLOUDFLARE_API_TOKEN", "cloudflare", "api_token", "A token for Workers AI"),
    Variable("CLOUDFLARE_AUTH_TOKEN", "cloudflare", "auth_token", "The same, as the docs call it"),
    Variable("CLOUDFLARE_BASE_URL", "cloudflare", "base_url", "The API's address"),
)
"""All variables that the app reads."""

_LOCAL_URL = "CABOCHON_LOCAL_URL"


@dataclass(frozen=True)
class Configuration:
    """The settings, with the documented defaults for those that are not set."""

    backend: str = ""
    """The backend to start with; "" if not set."""

    model: str = model_card.model
    account_id: str = ""
    api_token: str = field(default="", repr=False)
    base_url: str = CLOUDFLARE_API
    database_url: str = field(default_factory=default_database_url, repr=False)
    local_url: str = ""
    local_api_key: str = field(default="", repr=False)
    local_model: str = ""
    engine_ports: str = ""
    """Ports of this machine to search for engines; "" for the usual ones."""

    engine_addresses: str = ""
    """Addresses that engines may have, as `AddressRule` reads them; "" if not set."""


def configuration() -> Configuration:
    """Return the operator's settings."""
    found = {variable.name: _value(variable) for variable in VARIABLES}
    api_token = found["CLOUDFLARE_API_TOKEN"] or found["CLOUDFLARE_AUTH_TOKEN"]
    default = "cloudflare" if api_token and found["CLOUDFLARE_ACCOUNT_ID"] else ""
    backend = found["CABOCHON_BACKEND"] or default or ("local" if found[_LOCAL_URL] else "")
    return Configuration(
        backend=backend,
        model=(found["CABOCHON_MODEL"] if backend != "local" else "") or model_card.model,
        local_url=found[_LOCAL_URL],
        local_api_key=found["CABOCHON_LOCAL_API_KEY"],
        local_model=found["CABOCHON_MODEL"] if backend == "local" else "",
        engine_ports=found["CABOCHON_ENGINE_PORTS"],
        engine_addresses=found["CABOCHON_ENGINE_ADDRESSES"],
        account_id=found["CLOUDFLARE_ACCOUNT_ID"],
        api_token=api_token,
        base_url=found["CLOUDFLARE_BASE_URL"] or CLOUDFLARE_API,
        database_url=found["CABOCHON_DATABASE_URL"] or default_database_url(),
    )


def _value(variable: Variable) -> str:
    return (os.environ.get(variable.name) or _secret(variable)).strip()


def _secret(variable: Variable) -> str:
    try:
        section = st.secrets.get(variable.section, {})
    except StreamlitSecretNotFoundError:
        return ""
    return str(section.get(variable.key, "")) if isinstance(section, Mapping) else ""
