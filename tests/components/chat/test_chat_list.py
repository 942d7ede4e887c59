"""The list of chats: what is in it, what can be done there, and whose it is."""

import json

import pytest

from components.chat.import_export import file_name
from conversations import export_json
from tests.components.conftest import OpenTab
from tests.components.pictures import png
from tests.components.tab import Tab

MINE, THEIRS = "m" * 32, "t" * 32


@pytest.fixture(autouse=True)
def own_database(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{tmp_path}/chats.db")


def begun(open_tab: OpenTab, *questions: str, browser: str = MINE) -> Tab:
    """Return the tab of someone who has asked these questions, each in its own chat."""
    tab = open_tab(browser=browser)
    tab.set("select_slider", "pace", "Unpaced")
    for question in questions:
        if tab.session.conversation.turns:
            tab.click("New chat")
        tab.ask(question)
    tab.click("open-chats")
    return tab


def names(tab: Tab) -> list[str]:
    """Return the names in the list, without the formatting of the open chat."""
    opening = [each for each in tab.at.button if (each.key or "").startswith("open-")][1:]
    return [each.label.strip("*").replace("\\", "") for each in opening]


def ids(tab: Tab) -> list[str]:
    return [key.removeprefix("menu-chat-") for key in tab.keys("menu_button") if "-chat-" in key]


def reopened(tab: Tab) -> Tab:
    tab.click("open-chats")
    return tab


def set_there(tab: Tab, kind: str, key: str, value: object) -> None:
    """Set a widget of the list and reopen the list in one run: AppTest runs no fragments."""
    getattr(tab.at, kind)(key=key).set_value(value)
    tab.click("open-chats")


def test_an_empty_list_says_what_will_be_there(open_tab: OpenTab) -> None:
    assert "Your chats will appear here" in begun(open_tab).everything


def test_the_newest_chat_is_first_and_each_opens(open_tab: OpenTab) -> None:
    tab = begun(open_tab, "What does top_k do?", "What does seed do?")
    assert names(tab) == ["What does seed do?", "What does top_k do?"]
    tab.click(f"open-{ids(tab)[1]}")

    assert [turn.question.text for turn in tab.session.conversation.turns if turn.question] == [
        "What does top_k do?"
    ]
    assert tab.link["c"] == tab.session.conversation.id


def test_everybody_sees_only_what_is_theirs(open_tab: OpenTab) -> None:
    begun(open_tab, "What does top_k do?")
    theirs = begun(open_tab, "What does seed do?", browser=THEIRS)

    assert names(theirs) == ["What does seed do?"]
    set_there(theirs, "text_input", "chat_search", "top_k")
    assert names(theirs) == []
    assert "top_k do?" not in theirs.sent_to_browser


def test_search_finds_words_of_questions_and_answers(open_tab: OpenTab) -> None:
    tab = begun(open_tab, "What does top_k do?", "What does seed do?")
    set_there(tab, "text_input", "chat_search", "SEED same")
    assert names(tab) == ["What does seed do?"]
    set_there(tab, "text_input", "chat_search", "100% no such words")

    assert "No chats found" in tab.everything


def test_a_chat_is_renamed_and_its_name_is_text(open_tab: OpenTab) -> None:
    tab = begun(open_tab, "What does top_k do?")
    [chat] = ids(tab)
    tab.choose(f"menu-chat-{chat}", "Rename")
    reopened(tab)
    tab.at.text_input(key="chat_name").set_value(":red[Mine] ![x](http://evil.invalid/x.png)")
    tab.click("Rename")

    assert tab.session.conversation.name == ":red[Mine] ![x](http://evil.invalid/x.png)"
    assert "![x](http" not in reopened(tab).sent_to_browser


def test_a_deleted_chat_leaves_the_list_and_undo_restores_it(open_tab: OpenTab) -> None:
    tab = begun(open_tab, "What does top_k do?", "What does seed do?")
    tab.choose(f"menu-chat-{ids(tab)[0]}", "Delete")
    assert names(reopened(tab)) == ["What does top_k do?"]
    assert tab.session.conversation.turns == []
    assert open_tab(browser=MINE, c=tab.session.listing.deleted.id).toasts
    tab.click("Undo")

    assert names(reopened(tab)) == ["What does seed do?", "What does top_k do?"]


def test_everything_is_deleted_only_after_confirmation(open_tab: OpenTab) -> None:
    theirs = begun(open_tab, "What does seed do?", browser=THEIRS)
    tab = begun(open_tab, "What does top_k do?", "What does seed do?")
    [erase] = [button for button in tab.at.button if button.label == "Delete all my chats"]
    assert erase.disabled
    set_there(tab, "checkbox", "erase_sure", value=True)
    tab.click("Delete all my chats")

    assert "2 chats" in tab.toasts
    assert names(reopened(tab)) == []
    assert names(reopened(theirs)) == ["What does seed do?"]


def test_an_export_is_imported_as_another_chat(open_tab: OpenTab) -> None:
    tab = open_tab(browser=MINE)
    tab.set("select_slider", "pace", "Unpaced")
    tab.ask("What can you tell me about this picture?", {"a.png": png(40, 30)})
    tab.click("open-chats")
    tab.choose(f"menu-chat-{ids(tab)[0]}", "Export")
    reopened(tab)
    assert {"export-json", "export-zip", "export-jsonl"} <= set(tab.keys("download_button"))
    tab.click("Back to the list")
    reopened(tab)
    exported = export_json([tab.session.conversation])
    set_there(tab, "file_uploader", "import_file", ("x.json", exported, "application/json"))
    assert "2 messages, 1 picture" in tab.everything
    tab.click("Add to my chats")

    assert "Imported: 1 chat" in tab.toasts
    assert "a.png" in tab.everything
    assert len(names(reopened(tab))) == 2


def test_a_file_that_cannot_be_imported_is_refused_with_the_path(open_tab: OpenTab) -> None:
    tab = begun(open_tab)
    wrong = json.dumps({"format": "cabochon", "version": 99, "conversations": []}).encode()
    set_there(tab, "file_uploader", "import_file", ("x.json", wrong, "application/json"))

    assert "Nothing was imported" in "".join(error.value for error in tab.at.error)
    assert any("version" in code.value for code in tab.at.code)
    assert not any(button.label == "Add to my chats" for button in tab.at.button)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("What's this?", "what-s-this"),
        ("日本語", "chat"),
        ("x" * 500, "x" * 40),
    ],
)
def test_the_name_of_a_file_is_made_of_plain_letters(name: str, expected: str) -> None:
    assert file_name(name) == expected
