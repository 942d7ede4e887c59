"""The Tuning page: sweeps, comparisons, the next token, lessons."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from backends import find_engines
from components.tuning.sweep_drafts import draft_of, sweep_of
from components.tuning.sweep_run import sweep_csv, sweep_json, sweep_markdown
from experiments import LESSONS, Axis, Sweep
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.test_discovery import VLLM
from tests.components.conftest import OpenTab
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, Failure, WireServer


@pytest.fixture
def page(tab: Tab) -> Tab:
    tab.go("tuning")
    return tab


@pytest.fixture
def cloud_page(cloud: Tab) -> Tab:
    cloud.go("tuning")
    return cloud


def prompt(page: Tab, text: str = "Why is pizza so good?") -> None:
    page.set("text_area", "tuning_prompt", text)


def show(page: Tab, view: str) -> None:
    page.set("segmented_control", "tuning_view", view)


def axis(page: Tab, at: int, parameter: str, values: str) -> None:
    if at >= len(page.session.tuning_page.sweep.axes):
        page.click("Add a parameter")
    page.set("selectbox", f"axis-{at}", parameter)
    page.set("text_input", f"values-{at}", values)


def ended(page: Tab) -> Any:
    """Wait until all calls of the sweep have ended, and run the page."""
    runs = page.session.conversations.runs
    batch = runs.batch(page.session.tuning_page.run)
    assert batch is not None
    assert batch.wait(30)
    page.run()
    found = runs.find(page.session.tuning_page.run, page.session.owner)
    assert found is not None
    return found


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# Sweeps


def test_a_sweep_asks_every_combination_and_shows_figures_and_answers(page: Tab) -> None:
    prompt(page)
    axis(page, 0, "temperature", "0, 2")
    axis(page, 1, "top_k", "1, 50")
    page.set("number_input", "samples", 2)
    assert "Start 8 requests" in [button.label for button in page.at.button]
    page.click("sweep-begin")
    run = ended(page)

    assert [each.state for each in run.outcomes.values()] == ["done"] * 8
    figures, answers = page.at.dataframe[0].value, page.at.dataframe[1].value
    assert list(figures["temperature"]) == [0, 0, 2, 2]
    assert list(figures["equal"])[:3] == [1, 1, 1]
    assert len(answers) == 8
    assert len(page.at.get("vega_lite_chart")) == 2


def test_an_invalid_value_is_reported_and_kept(page: Tab) -> None:
    prompt(page)
    axis(page, 0, "temperature", "0, 9")

    assert "9 is not accepted" in page.everything
    assert page.at.text_input(key="values-0").value == "0, 9"
    assert page.at.button(key="sweep-begin").disabled


def test_too_many_cells_are_refused_with_a_sentence(page: Tab) -> None:
    prompt(page)
    axis(page, 0, "temperature", "0..5 step 0.125")
    axis(page, 1, "top_k", "1..50")
    page.set("number_input", "samples", 20)

    assert "at most 2,000" in page.everything
    assert page.at.button(key="sweep-begin").disabled


def test_a_sweep_resumes_where_it_stopped_and_only_failures_are_retried(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = cloud_page
    prompt(page)
    page.set("number_input", "sweep_concurrency", 1)
    operator.script(Failure.status(code=5006), *[Answer.words(20, 100)] * 20)
    page.click("sweep-begin")
    batch = page.session.conversations.runs.batch(page.session.tuning_page.run)
    until(lambda: batch.snapshot().counts["done"] >= 2)
    page.run()
    page.click("Stop")
    ended(page)
    done = list(page.at.dataframe[1].value["state"]).count("done")
    assert 2 <= done < 8
    page.click("Resume")
    ended(page)
    page.click("Retry failed")
    ended(page)

    assert list(page.at.dataframe[1].value["state"]) == ["done"] * 9
    assert len(operator.requests) <= 11
    sent = [request.json() for request in operator.requests]
    assert {body["temperature"] for body in sent} == {0, 0.6, 1}
    assert {body["seed"] for body in sent} == {1, 2, 3}


def test_a_sweep_carries_the_chat_with_its_pictures_and_opens_as_one(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(*[Answer.stream(["Good."])] * 20)
    cloud.ask("First?")
    cloud.ask("What is in it?", {"a.png": png(20, 20)})
    cloud.go("tuning")
    cloud.set("toggle", "after_chat", value=True)
    axis(cloud, 0, "top_k", "1, 2")
    cloud.set("number_input", "samples", 1)
    cloud.click("sweep-begin")
    run = ended(cloud)

    [*_, body] = [request.json() for request in operator.requests]
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert body["messages"][-1]["content"][0]["image_url"]["url"].startswith("data:image/png")
    assert "data:image" not in run.plan.body
    before = cloud.session.conversations.open(run.plan.chat, cloud.session.owner)
    opened = run.conversation(run.keys[0], before.path_to(run.plan.leaf))
    assert [turn.answer.text for turn in opened.turns] == ["Good.", "Good."]
    assert opened.turns[-1].question.pictures[0].name == "a.png"
    assert opened.settings.parameters.top_k == 1


def test_a_sweep_is_exported_in_three_formats(page: Tab) -> None:
    prompt(page)
    page.click("sweep-begin")
    run = ended(page)

    rows = list(csv.DictReader(io.StringIO(sweep_csv(run))))
    assert [row["temperature"] for row in rows] == ["0"] * 3 + ["0.6"] * 3 + ["1"] * 3
    assert json.loads(sweep_json(run))[0]["text"] == run.outcomes[run.keys[0]].text
    assert sweep_markdown(run).splitlines()[0].startswith("| temperature | calls |")


def test_the_link_carries_the_sweep_and_never_what_is_asked(page: Tab, open_tab: OpenTab) -> None:
    prompt(page, "a secret")
    axis(page, 0, "top_p", "0, 0.5")
    link = page.link
    assert "secret" not in json.dumps(link)
    assert link["axis1"] == "top_p:0,0.5"
    again = open_tab(**link, axis2="top_k:0,99")
    assert "axis2" not in again.link
    assert "top_k" in again.toasts
    again.go("tuning")
    assert [each.parameter for each in again.session.tuning_page.sweep.axes] == ["top_p"]
    assert again.link == link


def test_a_draft_of_a_sweep_reads_back_as_the_same_sweep() -> None:
    sweep = Sweep([Axis("temperature", (0, 0.00001, 0.6, 1)), Axis("top_k", (1, 50))], samples=2)
    assert sweep_of(draft_of(sweep)) == (sweep, {})


def test_settings_of_a_cell_are_used(page: Tab) -> None:
    prompt(page)
    page.click("sweep-begin")
    run = ended(page)
    settings = run.plan.settings_of(run.keys[-1])

    assert settings.parameters.temperature == 1
    assert settings.parameters.seed == 3


@pytest.mark.parametrize("name", ["seed", "max_tokens"])
def test_a_lesson_runs_with_nothing_else_set_and_says_what_to_look_at(page: Tab, name: str) -> None:
    page.session.change_parameters(temperature=5)
    show(page, "lessons")
    page.click(f"lesson-begin-{name}")
    run = ended(page)

    lesson = LESSONS[name]
    assert len(run.keys) == lesson.sweep.count
    assert lesson.look.split(".")[0] in page.everything.replace("\\", "")
    assert page.session.settings.parameters.temperature == 5
    assert json.loads(run.plan.body).get("temperature") == lesson.parameters.temperature


# Comparisons


def test_columns_are_answered_in_parallel_each_with_its_own_settings(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = cloud_page
    show(page, "compare")
    prompt(page, "Hello")
    page.click("Add a column")
    page.click("Add a column")
    page.choose("compare-preset-2", "Creative")
    operator.script(*[Answer.words(30, 60)] * 4)
    page.click("compare-ask")
    columns = page.session.tuning_page.columns
    until(lambda: len(operator.requests) == 4, 3)
    until(lambda: all(column.reply.snapshot().text for column in columns), 3)
    assert sum(column.reply.snapshot().finish is None for column in columns) == 4
    until(lambda: all(column.reply.snapshot().finish for column in columns), 10)
    page.run()

    assert sorted(str(request.json().get("temperature")) for request in operator.requests) == [
        "0",
        "0",
        "1.3",
        "None",
    ]
    assert page.everything.count("Identical.") == 3


def test_one_column_that_fails_leaves_the_others_alone(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = cloud_page
    show(page, "compare")
    prompt(page, "Hello")
    page.set("selectbox", "compare-backend-1", "builtin")
    operator.script(Failure.status(code=5006))
    page.click("compare-ask")
    columns = page.session.tuning_page.columns
    until(lambda: all(column.reply.snapshot().finish for column in columns), 20)
    page.run()

    assert "The service rejected the form of the request" in page.everything
    assert columns[1].reply.snapshot().finish == "done"
    assert page.session.backend_name == "cloudflare"


def test_the_settings_of_a_column_are_used_in_the_playground(page: Tab) -> None:
    show(page, "compare")
    prompt(page)
    page.click("compare-ask")
    columns = page.session.tuning_page.columns
    until(lambda: all(column.reply.snapshot().finish for column in columns), 20)
    page.run()
    page.click("compare-use-1")

    assert page.session.settings.parameters.temperature == 0


# The next token


def test_the_next_token_follows_the_sliders_without_another_call(page: Tab) -> None:
    show(page, "next")
    prompt(page)
    page.click("trace-ask")
    traced = page.session.tuning_page.traced
    assert "candidates remain" in page.everything
    page.set("slider", "knob-top_k", 1)

    assert "1 of " in page.everything
    assert page.session.tuning_page.traced == traced
    page.click("Reset sliders")
    assert page.session.tuning_page.shaped_by == {}


def test_an_answer_that_calls_a_tool_has_no_tokens_to_show(page: Tab) -> None:
    page.go("tools")
    page.choose("add-tool", "Example: Weather")
    page.go("tuning")
    show(page, "next")
    prompt(page, "What is the weather in Paris?")
    page.click("trace-ask")

    assert "is a tool call" in page.everything


# The next token of a local engine

ENTRY = {
    "token": "Paris",
    "bytes": [80, 97, 114, 105, 115],
    "logprob": -0.5,
    "top_logprobs": [
        {"token": "Paris", "bytes": [80, 97, 114, 105, 115], "logprob": -0.5},
        {"token": "Lyon", "bytes": [76, 121, 111, 110], "logprob": -1.5},
        {"token": "Nice", "bytes": [78, 105, 99, 101], "logprob": -3.0},
    ],
}


@pytest.fixture
def engine_page(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Tab, EngineServer]]:
    with EngineServer(VLLM) as engine:
        monkeypatch.setenv("CABOCHON_ENGINE_PORTS", str(urlsplit(engine.origin).port))
        # The first search reads the system's certificates, which takes a while on a busy machine.
        find_engines([1], 5.0)
        tab = open_tab()
        tab.set("segmented_control", "backend", "local")
        tab.go("tuning")
        show(tab, "next")
        prompt(tab, "Where is the Louvre?")
        yield tab, engine


def whole(**choice: Any) -> Answer:
    message = {"role": "assistant", "content": "Paris"}
    return Answer.document(
        {"choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}]}
    )


def test_an_engine_is_asked_to_report_and_the_sliders_move_its_report(
    engine_page: tuple[Tab, EngineServer],
) -> None:
    page, engine = engine_page
    engine.script(whole(logprobs={"content": [ENTRY]}))
    assert "Ask vLLM" in [button.label for button in page.at.button]
    page.click("trace-ask-engine")
    sent = engine.requests[-1].json()

    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 20)
    assert "The 3 most likely tokens are known. Not reported, in total: 12.1% →" in page.everything
    assert "Pale bars are unknown" in page.everything
    assert [slider.key for slider in page.at.slider if "knob" in str(slider.key)] == [
        "knob-temperature",
        "knob-top_k",
        "knob-top_p",
    ]
    [chart] = page.at.get("vega_lite_chart")
    bars = convert_arrow_bytes_to_pandas_df(chart.proto.data.data)
    assert list(bars[bars["stage"] == "as reported"]["token"]) == [
        "1. Paris ◀",
        "2. Lyon",
        "3. Nice",
        "not reported",
    ]
    asked = len(engine.requests)
    page.set("slider", "knob-top_k", 2)
    assert "12.1% → 0.0%" in page.everything
    assert "Pale bars" not in page.everything
    assert len(engine.requests) == asked


def test_an_engine_that_reports_nothing_is_explained_in_a_sentence(
    engine_page: tuple[Tab, EngineServer],
) -> None:
    page, engine = engine_page
    engine.script(whole())
    page.click("trace-ask-engine")

    assert "reported no log probabilities" in page.everything
    assert not page.at.get("vega_lite_chart")


def test_a_malformed_report_of_an_engine_is_explained_in_a_sentence(
    engine_page: tuple[Tab, EngineServer],
) -> None:
    page, engine = engine_page
    engine.script(whole(logprobs={"content": [{"token": "Paris", "logprob": "likely"}]}))
    page.click("trace-ask-engine")

    assert "is not a token with a log-probability" in page.everything


def test_an_engine_that_fails_leaves_a_notice_and_what_was_there(
    engine_page: tuple[Tab, EngineServer],
) -> None:
    page, engine = engine_page
    engine.script(whole(logprobs={"content": [ENTRY]}))
    page.click("trace-ask-engine")
    traced = page.session.tuning_page.traced
    engine.script(Answer.document({"error": {"message": "logprobs is not supported"}}, 400))
    page.click("trace-ask-engine")

    assert "logprobs is not supported" in page.everything
    assert page.session.tuning_page.traced == traced
