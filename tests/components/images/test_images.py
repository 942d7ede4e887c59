"""The Images page: a run started, stopped and resumed, and what it shows."""

import csv
import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from conversations import run_csv, run_json
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, Failure, WireServer

SCHEMA = {"type": "object", "properties": {"color": {"type": "string"}}, "required": ["color"]}


@pytest.fixture
def page(tab: Tab) -> Tab:
    tab.go("images")
    return tab


@pytest.fixture
def cloud_page(cloud: Tab) -> Tab:
    cloud.go("images")
    return cloud


def add(page: Tab, **files: bytes) -> None:
    uploader = page.at.file_uploader(key=f"run_files-{page.session.images_page.uploads}")
    for name, data in files.items():
        uploader.upload(name if "." in name else f"{name}.png", data)
    page.run()


def begin(page: Tab, questions: str = "What is it?") -> None:
    page.set("text_area", "run_questions", questions)
    page.click("run-begin")


def ended(page: Tab) -> Any:
    """Wait until all calls of the run have ended, and draw the page."""
    run = page.session.images_page.run
    assert page.session.conversations.runs.batch(run).wait(20)
    page.run()
    found = page.session.conversations.runs.find(run, page.session.owner)
    assert found is not None
    return found


def progress(page: Tab) -> str:
    """Return the text above the progress bar."""
    return str(page.at.get("progress")[0].proto.text)


def states(page: Tab) -> list[str]:
    return list(page.at.dataframe[0].value["state"])


def test_nothing_can_be_begun_without_pictures_and_a_question(page: Tab) -> None:
    assert page.at.button(key="run-begin").disabled
    add(page, a=png(20, 20))
    assert page.at.button(key="run-begin").disabled
    page.set("text_area", "run_questions", "\n \n")
    assert page.at.button(key="run-begin").disabled
    page.set("text_area", "run_questions", "What is it?")
    assert not page.at.button(key="run-begin").disabled
    assert "1 request, about" in page.everything


def test_each_question_is_asked_about_each_picture(page: Tab) -> None:
    add(page, a=png(20, 20, "red"), b=png(30, 20, "blue"))
    begin(page, "Which colors has this picture?\n\nHow large is it?")
    run = ended(page)

    assert [outcome.state for outcome in run.outcomes.values()] == ["done"] * 4
    table = page.at.dataframe[0].value
    assert list(table["picture"]) == ["a.png", "a.png", "b.png", "b.png"]
    assert list(table["question"])[:2] == ["Which colors has this picture?", "How large is it?"]
    assert "blue" in run.outcomes["1-0"].text.lower()
    assert "4 of 4 answered" in progress(page)


def test_a_zip_is_unpacked_and_a_file_that_is_not_a_picture_is_named(page: Tab) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("in/a.png", png(20, 20))
        archive.writestr("notes.txt", "x")
    add(page, **{"all.zip": file.getvalue()})

    assert [picture.name for picture in page.session.images_page.pictures] == ["in/a.png"]
    assert "notes.txt" in page.toasts


def test_answers_are_checked_by_the_schema(cloud_page: Tab, operator: WireServer) -> None:
    page = cloud_page
    page.go("guided_json")
    page.choose("begin-schema", "An empty schema")
    page.set("text_area", "code-schema", json.dumps(SCHEMA))
    page.go("images")
    page.set("toggle", "run_guided", value=True)
    page.set("number_input", "run_concurrency", 1)
    add(page, a=png(20, 20), b=png(20, 20), c=png(20, 20))
    operator.script(
        Answer.json('{"color": "red"}'), Answer.json('{"color": 5}'), Answer.json('{"colo')
    )
    begin(page)
    run = ended(page)

    assert states(page) == ["valid", "1 error", "cut off"]
    assert page.at.dataframe[0].value["answer.color"][0] == "red"
    assert operator.requests[0].json()["guided_json"] == SCHEMA
    rows = list(csv.DictReader(io.StringIO(run_csv(run))))
    assert [row["state"] for row in rows] == ["valid", "1 error", "cut off"]
    exported = json.loads(run_json(run))
    assert exported[0]["value"] == {"color": "red"}
    assert exported[1]["faults"]


def test_only_failed_calls_are_retried(cloud_page: Tab, operator: WireServer) -> None:
    page = cloud_page
    page.set("number_input", "run_concurrency", 1)
    add(page, a=png(20, 20), b=png(20, 20))
    operator.script(Failure.status(code=5006), Answer.stream(["Good."]), Answer.stream(["Better."]))
    begin(page)
    ended(page)
    assert states(page) == ["failed", "answered"]
    assert "1 failed" in progress(page)
    page.click("Retry failed")
    run = ended(page)

    assert [run.outcomes[key].text for key in run.keys] == ["Better.", "Good."]
    assert len(operator.requests) == 3


def test_a_failure_common_to_all_calls_stops_the_run_and_is_explained(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = cloud_page
    page.set("number_input", "run_concurrency", 1)
    add(page, **{f"{at}": png(20, 20) for at in range(5)})
    operator.script(Failure.status(code=3036))
    begin(page)
    ended(page)

    assert "Stopped automatically" in page.everything
    assert len(operator.requests) == 1
    operator.script(*[Answer.stream(["Good."])] * 5)
    page.click("Resume")
    assert {outcome.text for outcome in ended(page).outcomes.values()} == {"Good."}


def test_a_run_is_found_again_by_its_link_and_by_its_owner_alone(
    page: Tab, open_tab: Callable[..., Tab]
) -> None:
    add(page, a=png(20, 20))
    begin(page)
    ended(page)
    link = page.link
    assert link["run"] == page.session.images_page.run
    again = open_tab(**link)
    again.go("images")
    assert "1 of 1 answered" in progress(again)
    other = open_tab(browser="c" * 32, **link)
    other.go("images")

    assert not other.at.get("progress")
    assert "linked run was not found" in other.toasts


def test_an_answer_opens_as_a_chat_that_can_be_continued(page: Tab) -> None:
    add(page, a=png(20, 20, "red"))
    begin(page, "Which colors has this picture?")
    run = ended(page)
    kept = page.session.conversations.keep(run.conversation("0-0"))

    [turn] = kept.turns
    assert turn.question.pictures[0].name == "a.png"
    assert turn.answer.text == run.outcomes["0-0"].text
    assert turn.answer.record.finish == "done"


def test_a_run_is_deleted_with_its_pictures(page: Tab) -> None:
    add(page, a=png(20, 20))
    begin(page)
    run = ended(page)
    page.click("All runs")
    page.click(f"delete-{run.id}")

    assert not page.has(f"open-{run.id}")
    assert page.session.conversations.runs.find(run.id, page.session.owner) is None


def test_a_stopped_run_resumes_where_it_was(cloud_page: Tab, operator: WireServer) -> None:
    page = cloud_page
    page.set("number_input", "run_concurrency", 1)
    add(page, **{f"{at}": png(20, 20) for at in range(6)})
    operator.script(*[Answer.words(20, 100)] * 12)
    begin(page)
    batch = page.session.conversations.runs.batch(page.session.images_page.run)
    until(lambda: batch.snapshot().counts["done"] >= 2)
    page.run()
    page.click("Stop")
    ended(page)
    done = states(page).count("answered")
    assert 2 <= done < 6
    page.click("Resume")
    ended(page)

    assert states(page) == ["answered"] * 6
    assert len(operator.requests) <= 7


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
