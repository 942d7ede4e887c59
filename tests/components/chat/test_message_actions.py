"""Message actions: variants, edits, branches, deletion and undo."""

from components.chat import send_message
from conversations import Turn
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer


def shown(tab: Tab) -> list[tuple[str, str]]:
    """Return the visible path: questions and answers."""
    return [_texts(turn) for turn in tab.session.conversation.turns]


def _texts(turn: Turn) -> tuple[str, str]:
    return (
        turn.question.text if turn.question else "",
        turn.answer.text if turn.answer else "",
    )


def step(tab: Tab, side: str) -> None:
    """Go to the previous or next variant of the first message that has one."""
    tab.click(next(key for key in tab.keys("button") if key.endswith(f"-{side}")))


def talk(tab: Tab, operator: WireServer, *answers: str) -> None:
    """Ask `a`, `b`, … and receive these answers."""
    operator.script(*(Answer.stream([text]) for text in answers))
    for letter, _ in zip("abcdef", answers, strict=False):
        tab.ask(letter)


def edit(tab: Tab, menu: str, action: str, text: str) -> None:
    tab.choose(menu, action)
    [box] = [key for key in tab.keys("text_area") if key.startswith("edit-")]
    tab.set("text_area", box, text)
    tab.click(next(key for key in tab.keys("button") if key.startswith("edited-")))


def test_another_answer_is_a_variant_and_the_first_is_reached_again(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "One")
    operator.script(Answer.stream(["Two"]))
    cloud.choose("menu-answer", "Regenerate")
    cloud.settled()

    assert shown(cloud) == [("a", "Two")]
    assert "2/2" in cloud.everything
    step(cloud, "left")
    assert shown(cloud) == [("a", "One")]
    assert "1/2" in cloud.everything
    step(cloud, "right")
    assert shown(cloud) == [("a", "Two")]


def test_the_variant_that_is_shown_is_the_one_that_is_sent(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "One")
    operator.script(Answer.stream(["Two"]), Answer.stream(["Three"]))
    cloud.choose("menu-answer", "Regenerate")
    cloud.settled()
    step(cloud, "left")
    cloud.ask("b")

    sent = operator.requests[-1].json()["messages"]
    assert [part["content"][0]["text"] for part in sent] == ["a", "One", "b"]


def test_an_edited_question_is_a_branch_with_the_pictures_of_the_first(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(*(Answer.stream([text]) for text in ("One", "Two", "Three")))
    cloud.ask("a", {"a.png": png(40, 30)})
    cloud.ask("b")
    first = next(k for k in cloud.keys("menu_button") if k.startswith("menu-question"))
    edit(cloud, first, "Edit and ask again", "Other words")
    cloud.settled()

    assert shown(cloud) == [("Other words", "Three")]
    [message] = operator.requests[-1].json()["messages"]
    assert [part["type"] for part in message["content"]] == ["image_url", "text"]
    step(cloud, "left")
    assert shown(cloud) == [("a", "One"), ("b", "Two")]


def test_an_edited_answer_is_another_variant_and_can_be_continued(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "The cat sat")
    edit(cloud, "menu-answer", "Edit", "The dog")
    assert shown(cloud) == [("a", "The dog")]
    assert "Edited by hand" in cloud.answer
    operator.script(Answer.stream([" barked"]))
    cloud.choose("menu-answer", "Continue")
    cloud.settled()

    assert shown(cloud) == [("a", "The dog barked")]
    assert "3/3" in cloud.everything


def test_a_canceled_edit_changes_nothing(cloud: Tab, operator: WireServer) -> None:
    talk(cloud, operator, "One")
    cloud.choose("menu-question", "Edit and ask again")
    cloud.click("Cancel")

    assert shown(cloud) == [("a", "One")]
    assert len(operator.requests) == 1
    assert not any(key.startswith("edit-") for key in cloud.keys("text_area"))


def test_an_edit_to_nothing_is_refused_and_stays_open(cloud: Tab, operator: WireServer) -> None:
    talk(cloud, operator, "One")
    edit(cloud, "menu-question", "Edit and ask again", "  ")

    assert "nothing to send" in cloud.toasts
    assert len(operator.requests) == 1
    assert any(key.startswith("edit-") for key in cloud.keys("text_area"))


def test_a_deleted_answer_is_not_sent_and_undo_restores_it(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "One", "Two")
    first = next(k for k in cloud.keys("menu_button") if k.startswith("menu-answer"))
    cloud.choose(first, "Delete the answer")
    assert shown(cloud) == [("a", ""), ("b", "Two")]
    operator.script(Answer.stream(["Three"]))
    cloud.ask("c")
    sent = operator.requests[-1].json()["messages"]
    assert [[part["text"] for part in each["content"]] for each in sent] == [
        ["a", "b"],
        ["Two"],
        ["c"],
    ]
    cloud.click("Undo")

    assert shown(cloud) == [("a", "One"), ("b", "Two"), ("c", "Three")]
    assert not any(button.label == "Undo" for button in cloud.at.button)


def test_deleting_a_variant_shows_the_other_one_and_undo_shows_it_again(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "One")
    operator.script(Answer.stream(["Two"]))
    cloud.choose("menu-answer", "Regenerate")
    cloud.settled()
    cloud.choose("menu-answer", "Delete the answer")
    assert shown(cloud) == [("a", "One")]
    assert "/2" not in cloud.everything
    cloud.click("Undo")

    assert shown(cloud) == [("a", "Two")]
    assert "2/2" in cloud.everything


def test_deleting_a_question_touches_no_other_message(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["One"]), Answer.stream(["Two"]))
    cloud.ask("a", {"a.png": png(40, 30)})
    cloud.ask("b", {"b.png": png(50, 30)})
    cloud.choose("menu-question", "Delete the question")

    assert shown(cloud) == [("a", "One"), ("", "Two")]
    kept = cloud.session.conversation.turns[0].question
    assert kept
    assert [picture.name for picture in kept.pictures] == ["a.png"]
    assert "a.png" in cloud.everything
    assert "b.png" not in cloud.everything


def test_the_settings_of_an_answer_are_set_again_by_one_click(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.set("toggle", "temperature_sent", value=True)
    cloud.set("text_area", "system", "Be brief")
    talk(cloud, operator, "One")
    made_it = cloud.session.settings
    cloud.click("Reset all")
    cloud.set("text_area", "system", "Be long")
    assert cloud.session.settings != made_it
    cloud.choose("menu-answer", "Use its settings")

    assert cloud.session.settings == made_it
    assert cloud.at.text_area(key="system").value == "Be brief"
    assert cloud.at.toggle(key="temperature_sent").value is True


def test_nothing_can_be_changed_while_an_answer_is_written(
    cloud: Tab, operator: WireServer
) -> None:
    talk(cloud, operator, "One")
    operator.script(Answer.stream(["Half"]).broken(1, "hold"))
    assert send_message.ask(cloud.session, "b")
    assert operator.until(lambda server: len(server.requests) == 2)
    cloud.choose("menu-answer", "Regenerate")

    assert "still being written" in cloud.toasts
    assert len(operator.requests) == 2
