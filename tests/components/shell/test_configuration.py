"""The operator's settings: every variable, from both sources."""

import re
from pathlib import Path
from typing import Any

import pytest

from components.shell.configuration import VARIABLES
from tests.components.conftest import ACCOUNT, OpenTab
from workers_ai import model_card
from workers_ai.backend import CLOUDFLARE_API

README = Path(__file__).parents[3] / "README.md"

ENVIRONMENT = {
    "CABOCHON_BACKEND": "cloudflare",
    "CABOCHON_MODEL": "@cf/from/environment",
    "CABOCHON_LOCAL_URL": "http://127.0.0.1:1/environment",
    "CABOCHON_LOCAL_API_KEY": "key-from-environment",
    "CABOCHON_ENGINE_PORTS": "1, 2",
    "CABOCHON_ENGINE_ADDRESSES": "loopback",
    "CLOUDFLARE_ACCOUNT_ID": "e" * 32,
    "CLOUDFLARE_API_TOKEN": "token-from-environment",
    "CLOUDFLARE_AUTH_TOKEN": "auth-from-environment",
    "CLOUDFLARE_BASE_URL": "http://127.0.0.1:1/environment",
}
SECRETS = {
    "cabochon": {"backend": "cloudflare", "model": "@cf/from/secrets"},
    "local": {
        "url": "http://127.0.0.1:1/secrets",
        "api_key": "key-from-secrets",
        "ports": "3",
        "addresses": "10.0.0.0/8",
    },
    "cloudflare": {
        "account_id": "5" * 32,
        "api_token": "token-from-secrets",
        "auth_token": "auth-from-secrets",
        "base_url": "http://127.0.0.1:1/secrets",
    },
}
FIELDS = {
    "CABOCHON_BACKEND": "backend",
    "CABOCHON_MODEL": "model",
    "CABOCHON_LOCAL_URL": "local_url",
    "CABOCHON_LOCAL_API_KEY": "local_api_key",
    "CABOCHON_ENGINE_PORTS": "engine_ports",
    "CABOCHON_ENGINE_ADDRESSES": "engine_addresses",
    "CLOUDFLARE_ACCOUNT_ID": "account_id",
    "CLOUDFLARE_API_TOKEN": "api_token",
    "CLOUDFLARE_AUTH_TOKEN": "api_token",
    "CLOUDFLARE_BASE_URL": "base_url",
}


def secrets_for(name: str) -> dict[str, dict[str, str]]:
    """Return secrets that set only one variable."""
    [variable] = [known for known in VARIABLES if known.name == name]
    return {variable.section: {variable.key: SECRETS[variable.section][variable.key]}}


def test_these_are_all_variables() -> None:
    assert {variable.name for variable in VARIABLES} >= set(FIELDS)
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
    assert len({(variable.section, variable.key) for variable in VARIABLES}) == len(VARIABLES)
    assert {variable.section for variable in VARIABLES} == {
        "cabochon",
        "local",
        "cloudflare",
    }


def test_without_anything_the_built_in_model_answers(open_tab: OpenTab) -> None:
    tab = open_tab()
    configured = tab.session.configured

    assert tab.session.backend_name == "builtin"
    assert configured.model == model_card.model
    assert configured.base_url == CLOUDFLARE_API
    assert (configured.account_id, configured.api_token) == ("", "")


@pytest.mark.parametrize("name", FIELDS)
def test_each_variable_is_read_from_the_environment_then_from_the_secrets(
    name: str, open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name, raising=False)
    secrets = secrets_for(name)
    [[from_secrets]] = [list(section.values()) for section in secrets.values()]
    read = getattr(open_tab(secrets=secrets).session.configured, FIELDS[name])
    assert read == from_secrets
    monkeypatch.setenv(name, f" {ENVIRONMENT[name]}\n")

    assert getattr(open_tab(secrets=secrets).session.configured, FIELDS[name]) == ENVIRONMENT[name]


def test_an_empty_variable_counts_as_unset(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FIELDS:
        monkeypatch.setenv(name, "")

    assert open_tab(secrets=SECRETS).session.configured.model == "@cf/from/secrets"


def test_the_api_token_takes_precedence_over_the_name_in_the_docs(open_tab: OpenTab) -> None:
    assert open_tab(secrets=SECRETS).session.configured.api_token == "token-from-secrets"


@pytest.mark.parametrize(
    ("account_id", "api_token", "backend"),
    [(ACCOUNT, "abc", "cloudflare"), (ACCOUNT, "", "builtin"), ("", "abc", "builtin")],
)
def test_an_account_with_a_token_is_asked_first(
    open_tab: OpenTab, account_id: str, api_token: str, backend: str
) -> None:
    secrets = {"cloudflare": {"account_id": account_id, "api_token": api_token}}

    assert open_tab(secrets=secrets).session.backend_name == backend


@pytest.mark.parametrize("section", ["a text", 5, ["a"], {"api_token": 5}])
def test_odd_secrets_do_not_break_the_page(open_tab: OpenTab, section: Any) -> None:
    tab = open_tab(secrets={"cloudflare": section})

    assert tab.session.backend_name == "builtin"
    assert tab.at.chat_input


def test_the_readme_has_every_variable_in_its_table() -> None:
    rows = re.findall(r"^\|\s*`(\w+)`\s*\|(.*)\|\s*$", README.read_text(), re.MULTILINE)

    assert [name for name, _ in rows if name.isupper()] == [v.name for v in VARIABLES]
    assert all(meaning.strip(" |") for _, meaning in rows)
