"""What is saved, what is not, and what the page shows about it."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import event

from tests.components.conftest import OpenTab
from tests.components.pictures import png
from tests.components.tab import Tab

OTHER = "o" * 32


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database file of this test's chats."""
    file = tmp_path / "chats" / "conversations.db"
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{file}")
    return file


def noise() -> bytes:
    """Draw a picture that fills many database pages."""
    pixels = hashlib.shake_256(b"noise").digest(200 * 200 * 3)
    file = io.BytesIO()
    Image.frombytes("RGB", (200, 200), pixels).save(file, "PNG")
    return file.getvalue()


def unpaced(tab: Tab) -> Tab:
    tab.set("select_slider", "pace", "Unpaced")
    return tab


def test_a_reload_brings_back_text_pictures_and_settings(database: Path, open_tab: OpenTab) -> None:
    tab = unpaced(open_tab())
    tab.set("text_area", "system", "Be brief")
    tab.set("toggle", "top_k_sent", value=True)
    tab.ask("What can you tell me about this picture?", {"a.png": png(40, 30)})
    tab.set("text_area", "system", "Be very brief")
    again = open_tab(**tab.link)

    assert again.answer == tab.answer
    assert "a.png" in again.everything
    assert again.session.settings == tab.session.settings
    assert again.at.text_area(key="system").value == "Be very brief"
    assert database.exists()


def test_a_system_prompt_outlives_a_reload_before_anything_is_said(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.set("text_area", "system", "Be brief")
    again = open_tab(**tab.link)

    assert again.session.settings.system == "Be brief"
    again.click("open-chats")
    assert f"open-{again.session.conversation.id}" not in again.keys("button")


def test_a_temporary_chat_says_so_and_writes_no_byte(database: Path, open_tab: OpenTab) -> None:
    tab = unpaced(open_tab())
    tab.ask("A kept question")
    tab.click("open-chats")
    tab.click("start-temporary")
    assert "It is never saved to disk" in tab.everything
    tab.ask("What does the zebra say?", {"zebra.png": png(44, 33, "blue")})
    on_disk = b"".join(file.read_bytes() for file in database.parent.iterdir())

    assert b"A kept question" in on_disk
    assert b"zebra" not in on_disk
    assert png(44, 33, "blue")[:60] not in on_disk
    assert "zebra" in open_tab(**tab.link).everything


def test_someone_else_reads_and_continues_in_a_copy(open_tab: OpenTab) -> None:
    tab = unpaced(open_tab())
    tab.ask("What does top_k do?")
    reader = unpaced(open_tab(browser=OTHER, **tab.link))
    assert reader.answer.startswith(tab.answer.split("Built-in")[0][:30])
    assert not reader.at.menu_button
    assert not reader.at.chat_input
    reader.click("Continue in a copy")
    reader.ask("And temperature?")

    assert reader.link["c"] != tab.link["c"]
    assert len(reader.session.conversation.turns) == 2
    assert len(open_tab(**tab.link).session.conversation.turns) == 1


def test_a_reader_looks_at_other_variants_and_changes_nothing(open_tab: OpenTab) -> None:
    tab = unpaced(open_tab())
    tab.ask("What does top_k do?")
    tab.choose("menu-answer", "Regenerate")
    tab.settled()
    reader = open_tab(browser=OTHER, **tab.link)
    reader.click(next(key for key in reader.keys("button") if key.endswith("-left")))

    assert "1/2" in reader.everything
    assert "2/2" in open_tab(**tab.link).everything


def test_an_unusable_database_is_reported_and_the_chat_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_tab: OpenTab
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    tab = unpaced(open_tab())
    assert "This chat is not being saved" in tab.everything
    tab.ask("What does top_k do?")

    assert "top_k" in tab.answer
    assert "top_k" in open_tab(**tab.link).answer
    tab.click("Try saving again")
    assert "still cannot be saved" in tab.toasts


def test_a_read_only_database_is_reported_and_the_chat_continues(
    database: Path, monkeypatch: pytest.MonkeyPatch, open_tab: OpenTab
) -> None:
    first = unpaced(open_tab())
    first.ask("What does top_k do?")
    first.session.conversations.close()
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///file:{database}?mode=ro&uri=true")
    tab = unpaced(open_tab(**first.link))
    tab.ask("And temperature?")

    assert "is read-only" in tab.everything
    assert "temperature" in tab.answer.lower()
    assert len(tab.session.conversation.turns) == 2


def limit_pages(tab: Tab, pages: int) -> None:
    """Limit the database file to this many pages; a full disk fails the same way."""

    def limited(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(tab.session.conversations._stores.kept._engine, "checkout", limited)


def test_a_full_disk_is_reported_and_the_chat_is_saved_when_there_is_room(
    database: Path, open_tab: OpenTab
) -> None:
    tab = unpaced(open_tab())
    tab.ask("What does top_k do?")
    limit_pages(tab, 1)
    tab.ask("What can you tell me about this picture?", {"a.png": noise()})
    assert "The disk is full" in tab.everything
    assert "This chat is not being saved" in tab.everything
    tab.ask("And temperature?")
    tab.click("Try saving again")
    assert "still cannot be saved" in tab.toasts
    limit_pages(tab, 1_000_000)
    tab.click("Try saving again")

    assert "This chat is not being saved" not in tab.everything
    again = open_tab(**tab.link)
    assert [turn.question.text for turn in again.session.conversation.turns if turn.question] == [
        "What does top_k do?",
        "What can you tell me about this picture?",
        "And temperature?",
    ]
    assert "a.png" in again.everything
    assert all(turn.answer and turn.answer.text for turn in again.session.conversation.turns)


def test_a_database_that_goes_away_leaves_a_page_that_says_so(
    database: Path, open_tab: OpenTab
) -> None:
    tab = unpaced(open_tab())
    tab.ask("What can you tell me about this picture?", {"a.png": png(40, 30)})
    tab.set("toggle", "show_request", value=True)
    again = open_tab(**tab.link)
    again.set("toggle", "show_request", value=True)
    kept = again.session.conversations._stores.kept
    assert kept
    kept._images.forget()
    kept._engine.dispose()
    for file in database.parent.iterdir():
        file.unlink()
    database.mkdir()
    again.run()

    assert "cannot be opened" in again.everything
    assert "The request cannot be built now" in again.everything
    again.submit("And this?")
    assert "Nothing was sent" in again.toasts
    assert again.at.chat_input(key="message").proto.value == "And this?"
    again.click("open-chats")
    assert "The list cannot be shown" in "".join(each.value for each in again.at.warning)


def test_a_damaged_file_is_set_aside_and_reported(database: Path, open_tab: OpenTab) -> None:
    database.parent.mkdir()
    database.write_bytes(b"This is not a database at all. " * 100)
    tab = open_tab()
    assert "set aside" in tab.toasts
    unpaced(tab).ask("What does top_k do?")

    assert "This chat is not being saved" not in tab.everything
    [aside] = database.parent.glob("*.damaged-*")
    assert aside.read_bytes() == b"This is not a database at all. " * 100


def test_a_chat_with_its_own_system_prompt_says_so(open_tab: OpenTab) -> None:
    tab = unpaced(open_tab())
    tab.set("text_area", "system", "Talk like a pirate")
    tab.ask("What does top_k do?")
    other = open_tab(**tab.link)

    assert "its own system prompt" in other.toasts
    assert any("in use" in each.label for each in other.at.expander)
    assert not any("in use" in each.label for each in open_tab().at.expander)
