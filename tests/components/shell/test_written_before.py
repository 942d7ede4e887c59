"""Links, settings and chats from before the code was moved into rooms still work in a page.

Commit f0bc7b6 wrote `links.json` with its pages in AppTest: the query strings of the link to share,
with every parameter, and of the tuning page with a sweep, and what its own pages made of them when
they were opened again. `configuration.json` is what it read from `secrets.toml`, from the
environment in the same file, and from both. For the rest of the folder see
`tests/conversations/test_written_before.py`.
"""

import shutil
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from components.shell.configuration import VARIABLES
from conversations import Answer
from tests.components.conftest import OpenTab
from tests.conversations.plain_facts import WRITTEN, written

LINKS = written("links.json")
CONFIGURATION = written("configuration.json")
EXPECTED = written("expected.json")


def with_title(title: str) -> str:
    [chat_id] = [each["id"] for each in EXPECTED["chats"] if each["title"] == title]
    return str(chat_id)


def ended_run(kind: str) -> dict[str, Any]:
    """Return what is expected of the run whose calls were all made."""
    [found] = [
        run
        for run in EXPECTED["runs"]
        if run["kind"] == kind
        and {each["state"] for each in run["outcomes"].values()} == {"done", "failed"}
    ]
    return dict(found)


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of the database as the one that the operator has configured."""
    copy = shutil.copy(WRITTEN / "chats.sqlite", tmp_path)
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{copy}")


# Links


def test_a_settings_link_is_applied(open_tab: OpenTab) -> None:
    link = LINKS["settings"]
    tab = open_tab(**dict(parse_qsl(link["query"], strict_parsing=True)))

    assert tab.session.settings.parameters.body() == link["parameters"]
    assert tab.toasts == ""
    assert tab.link == link["link"]


def test_a_sweep_link_is_applied(open_tab: OpenTab) -> None:
    link = LINKS["sweep"]
    tab = open_tab(**dict(parse_qsl(link["query"], strict_parsing=True)))
    assert tab.toasts == ""
    tab.go("tuning")

    assert asdict(tab.session.tuning_page.sweep) == link["draft"]
    assert tab.session.settings.parameters.body() == link["parameters"]
    assert tab.toasts == ""
    assert tab.link == link["link"]


# Chats and runs behind links


@pytest.mark.parametrize("title", ["Colors", "Tools", "Failures", "Everything"])
@pytest.mark.usefixtures("database")
def test_a_chat_is_shown_by_its_link(open_tab: OpenTab, title: str) -> None:
    tab = open_tab(c=with_title(title))
    conversation = tab.session.conversation
    answers = [node for node in conversation.path() if isinstance(node, Answer)]
    words = [(each.calls.text if each.calls else each.text).strip() for each in answers]

    assert conversation.writable
    assert tab.session.owner == EXPECTED["owner"]
    assert tab.session.settings == conversation.settings
    assert len(tab.at.chat_message) >= len(conversation.turns)
    assert any(words)
    assert [each for each in words if each not in tab.everything] == []


@pytest.mark.usefixtures("database")
def test_the_stored_presets_are_offered(open_tab: OpenTab) -> None:
    assert open_tab().session.own_presets() == EXPECTED["presets"]


@pytest.mark.usefixtures("database")
def test_a_sweep_is_shown_with_its_answers(open_tab: OpenTab) -> None:
    run = ended_run("sweep")
    tab = open_tab()
    tab.session.tuning_page.run = run["id"]
    tab.go("tuning")
    answers = tab.at.dataframe[1].value

    assert tab.link == {"run": run["id"]}
    assert tab.toasts == ""
    assert len(answers) == 8
    assert list(answers["text"]) == [run["outcomes"][key]["text"] for key in run["keys"]]
    assert list(answers["state"]) == [run["outcomes"][key]["state"] for key in run["keys"]]


@pytest.mark.usefixtures("database")
def test_a_picture_run_is_shown_by_its_link(open_tab: OpenTab) -> None:
    run = ended_run("pictures")
    tab = open_tab(run=run["id"])
    tab.go("images")
    rows = tab.at.dataframe[0].value

    assert tab.link == {"run": run["id"]}
    assert tab.toasts == ""
    assert list(rows["picture"]) == [each["name"] for each in run["pictures"] for _ in range(2)]
    assert list(rows["answer.color"].dropna()) == ["red", "blue", "grün"]


# Settings of the operator


@pytest.mark.parametrize("name", ["secrets", "environment", "both"])
def test_settings_of_the_operator_are_read(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    for variable, text in CONFIGURATION["environment"].items() if name != "secrets" else ():
        monkeypatch.setenv(variable, text)
    secrets = tomllib.loads((WRITTEN / "secrets.toml").read_text("utf-8"))
    tab = open_tab(secrets=secrets if name != "environment" else None)

    expected = CONFIGURATION["expected"][name]
    assert asdict(tab.session.configured) == expected["configuration"]
    assert tab.session.backend_name == expected["backend"]
