"""The inspector of an answer: its request, response, events, timeline and figures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from backends import read_changes
from components.current_backend import current_backend
from components.request.inspector import curl_of, response_of
from exports import LOCAL_ENDPOINT
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.test_discovery import LLAMA
from tests.components.conftest import ACCOUNT, API_TOKEN, OpenTab
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, Failure, WireServer
from workers_ai import Client, Reply

TABS = ["Request", "Response", "Events", "Timeline", "Figures"]
USAGE = {"prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230}


def inspect(tab: Tab) -> str:
    """Open the inspector on the last answer and return all text of the page."""
    tab.choose("menu-answer", "Inspect")
    return tab.everything


def reply_of(tab: Tab) -> Reply:
    assert tab.turn.answer is not None
    assert tab.turn.answer.reply is not None
    return tab.turn.answer.reply


def tabs(tab: Tab) -> list[str]:
    return [each.label for each in tab.at.tabs if each.label in TABS]


def table(tab: Tab, column: str) -> dict[str, list[Any]]:
    """Return the table that has this column."""
    [found] = [each.value for each in tab.at.dataframe if column in each.value]
    return {name: list(found[name]) for name in found}


def figures(tab: Tab) -> dict[str, str]:
    found = table(tab, "figure")
    return dict(zip(found["figure"], found["value"], strict=True))


def codes(tab: Tab) -> list[str]:
    return [each.value for each in tab.at.code]


def is_plotted(tab: Tab) -> bool:
    return bool(tab.at.get("vega_lite_chart"))


def test_the_menu_opens_it_and_the_next_full_run_closes_it(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["Hel", "lo"]))
    cloud.ask("Say hello")
    assert tabs(cloud) == []
    inspect(cloud)
    assert tabs(cloud) == TABS

    cloud.run()
    assert tabs(cloud) == []


def test_the_answer_that_was_chosen_is_the_one_that_is_shown(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["One"]), Answer.stream(["Two"]))
    cloud.ask("a")
    cloud.ask("b")
    first = next(key for key in cloud.keys("menu_button") if key.startswith("menu-answer"))
    cloud.choose(first, "Inspect")

    assert '"response":"One"' in "".join(table(cloud, "event")["event"])
    assert tabs(cloud) == TABS


def test_the_request_is_shown_with_its_pictures_folded(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["Hello"]))
    cloud.ask("What is this?", {"a.png": png(40, 30)})
    inspect(cloud)

    assert f"POST {cloud.trace.url}" in codes(cloud)
    [headers] = [code for code in codes(cloud) if "content-type: application/json" in code.lower()]
    assert "authorization: [redacted]" in headers.lower()
    [body] = [code for code in codes(cloud) if '"What is this?"' in code]
    [image, _] = json.loads(body)["messages"][0]["content"]
    assert re.fullmatch(r"data:image/\w+;base64,.{8}… \(.+\)", image["image_url"]["url"])


def test_the_response_is_shown_as_it_came(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["Hel", "lo"]).with_headers({"X-Said": "so"}))
    cloud.ask("Say hello")

    assert "HTTP 200" in inspect(cloud)
    assert any("x-said: so" in code.lower() for code in codes(cloud))
    assert cloud.trace.response_body.decode().removesuffix("\n") in codes(cloud)


def test_each_event_is_listed_with_its_moment_and_its_size(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.events({"response": "a"}, {"response": "b"}).paced(0.1))
    cloud.ask("Hello")
    inspect(cloud)
    events = table(cloud, "event")

    assert [json.loads(text)["response"] for text in events["event"][:2]] == ["a", "b"]
    assert events["event"][-1] == "[DONE]"
    assert events["bytes"] == [len(text) for text in events["event"]]
    assert events["ms"][1] - events["ms"][0] >= 50
    assert is_plotted(cloud)


def test_an_answer_that_was_not_streamed_has_no_events(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.json("Hello"))
    cloud.ask("Hello")

    assert "the answer was not streamed" in inspect(cloud)
    assert is_plotted(cloud)
    assert any('"response": "Hello"' in code for code in codes(cloud)), "JSON is spread out"


def test_what_was_not_kept_is_said(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["a"] * 3))
    cloud.ask("Hello")
    cloud.trace.untimed += b"data: {}\n\n" * 5_000
    cloud.trace.size += 10 * 5_000 + 1_234
    text = inspect(cloud)

    assert re.search(r"Not listed: \d more events and 1,234 bytes", text)
    assert "more in the download" in text


def test_the_figures_show_what_the_server_counted(cloud: Tab, operator: WireServer) -> None:
    pieces = [{"response": "Hel"}, {"response": "lo"}, {"response": "", "usage": USAGE}]
    operator.script(Answer.events(*pieces).paced(0.05))
    cloud.ask("Hello")
    inspect(cloud)
    found = figures(cloud)

    cost = 1200 * 0.35e-6 + 30 * 0.56e-6
    assert found["prompt_tokens"] == "1,200 (the server's count)"
    assert found["completion_tokens"] == "30 (the server's count)"
    assert found["cost"] == f"${cost:.6f} (the server's count)"
    assert 30 / 2 < float(found["tokens/s after TTFT"]) < 30 / 0.1
    assert found["TTFT"].endswith("ms")
    assert (found["retries"], found["how it ended"]) == ("0", "complete")


def test_what_nobody_counted_is_said_to_be_estimated(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.events({"response": "four" * 5}))
    cloud.ask("Hello")
    inspect(cloud)
    found = figures(cloud)

    assert found["completion_tokens"] == "5 (estimated)"
    assert re.fullmatch(r"\d+ \(estimated\)", found["prompt_tokens"])
    assert found["cost"].endswith(" (estimated)")


def test_retries_are_listed_with_their_waits(cloud: Tab, operator: WireServer) -> None:
    operator.script(Failure.status(429, code=3040, retry_after=0.05), Answer.stream(["a"]))
    cloud.ask("Hello")

    assert "Retried 50 ms after a failure, HTTP 429:" in inspect(cloud)
    assert figures(cloud)["retries"] == "1"


def test_a_failure_can_be_inspected(cloud: Tab, operator: WireServer) -> None:
    operator.script(Failure.status(code=5006))
    cloud.ask("Hello")

    assert "HTTP 400" in inspect(cloud)
    assert figures(cloud)["how it ended"] == "failed"
    assert any("5006" in code and "errors" in code for code in codes(cloud))


def test_a_call_that_nobody_answered_can_be_inspected(cloud: Tab) -> None:
    connection = cloud.session.connection
    connection.base_url, connection.api_token = "http://127.0.0.1:1/client/v4", API_TOKEN
    backend = current_backend(cloud.session)
    cloud.session.clients = {backend: Client(backend, first_backoff=0.01)}
    cloud.ask("Hello")

    assert "No response was received." in inspect(cloud)
    assert cloud.everything.count("after a failure, no HTTP status:") == 2


def test_the_built_in_model_can_be_inspected(tab: Tab) -> None:
    tab.ask("What does top_k do?")
    inspect(tab)

    assert tabs(tab) == TABS
    assert "cost" not in figures(tab)
    command = curl_of(reply_of(tab), "http://app.invalid/client/v4")
    assert "builtin.invalid" not in command
    assert "'http://app.invalid/client/v4/accounts/" in command


def test_an_engine_request_lists_what_was_changed_for_it(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EngineServer(LLAMA) as engine:
        monkeypatch.setenv("CABOCHON_BACKEND", "local")
        monkeypatch.setenv("CABOCHON_LOCAL_URL", engine.origin)
        monkeypatch.setenv("CABOCHON_LOCAL_API_KEY", API_TOKEN)
        tab = open_tab()
        tab.set("toggle", "raw", value=True)
        tab.ask("Hello")
        text = inspect(tab)
        [change, *_] = read_changes(tab.trace.response_headers)
        command = curl_of(reply_of(tab), LOCAL_ENDPOINT)

        assert f"`{change.path}`" in text
        assert "with these changes" in text
        assert f"'{engine.origin}{engine.requests[-1].path}'" in command
        assert "$CABOCHON_LOCAL_API_KEY" in command
        assert API_TOKEN not in command + text + tab.sent_to_browser


def test_of_an_answer_of_another_process_there_are_the_figures(
    operator: WireServer, open_tab: OpenTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "chats.db"
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{database}")
    busy = Failure.status(429, code=3040, retry_after=0)
    operator.script(busy, Answer.events({"response": "a", "usage": USAGE}))
    first = open_tab()
    first.ask("Hello")
    # Another path to the same file: a new tab has no reply in memory.
    monkeypatch.setenv("CABOCHON_DATABASE_URL", f"sqlite:///{tmp_path}/./chats.db")
    again = open_tab(c=first.session.conversation.id)

    assert "were not kept" in inspect(again)
    assert tabs(again) == []
    assert not is_plotted(again)
    assert figures(again)["prompt_tokens"] == "1,200 (the server's count)"
    assert figures(again)["retries"] == "1"
    assert not [key for key in again.keys("download_button") if key.startswith("response")]


def test_an_answer_by_hand_says_that_it_is_one(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["One"]))
    cloud.ask("a")
    cloud.choose("menu-answer", "Edit")
    [box] = [key for key in cloud.keys("text_area") if key.startswith("edit-")]
    cloud.set("text_area", box, "Two")
    cloud.click(next(key for key in cloud.keys("button") if key.startswith("edited-")))

    assert "edited by hand" in inspect(cloud)
    assert figures(cloud)["answered by"] == "Edited by hand"


def test_the_command_asks_the_account_with_the_token_of_the_environment(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["One"]))
    cloud.ask("Hello")
    command = curl_of(reply_of(cloud), LOCAL_ENDPOINT)

    assert f"'{operator.base_url}/accounts/{ACCOUNT}/ai/run/" in command
    assert "Bearer ${CLOUDFLARE_API_TOKEN}" in command


@pytest.mark.parametrize(
    "answer",
    [
        Answer.stream([f"Your token is {API_TOKEN}"]).with_headers({"X-Echo": API_TOKEN}),
        Answer.json(f"Bearer {API_TOKEN}"),
        Failure.openai(401, f"Bad token {API_TOKEN}"),
        Answer.stream([f"{API_TOKEN}"]).cut(2),
    ],
)
def test_the_token_is_never_shown(cloud: Tab, operator: WireServer, answer: Answer) -> None:
    operator.script(answer)
    cloud.ask("Hello")
    before = cloud.sent_to_browser.count(API_TOKEN)
    inspect(cloud)
    reply = reply_of(cloud)
    downloads = response_of(reply) + curl_of(reply, LOCAL_ENDPOINT)

    assert operator.requests[0].headers["authorization"] == f"Bearer {API_TOKEN}"
    assert tabs(cloud) == TABS
    assert cloud.sent_to_browser.count(API_TOKEN) == before, "the model's own words stay"
    assert API_TOKEN not in str([each.value.to_dict() for each in cloud.at.dataframe])
    assert API_TOKEN not in downloads
    assert "[redacted]" in downloads
