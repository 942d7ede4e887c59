"""Every parameter control, down to the body that was really sent."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.components.tab import Tab
from tests.wire_server import WireServer
from workers_ai.parameters import hint

BOUNDS: dict[str, tuple[float, float]] = {
    "temperature": (0, 5),
    "top_p": (0, 2),
    "top_k": (1, 50),
    "seed": (1, 9_999_999_999),
    "repetition_penalty": (0, 2),
    "frequency_penalty": (0, 2),
    "presence_penalty": (0, 2),
}
"""As documented."""

INTEGERS = ["max_tokens", "top_k", "seed"]
NUMBERS = ["max_tokens", *BOUNDS]
SWITCHES = ["stream", "raw"]
DOCUMENTED = {"max_tokens": 256, "temperature": 0.6}


def switch_on(tab: Tab, name: str) -> Any:
    """Switch a parameter on, and return its initial value."""
    tab.set("toggle", f"{name}_sent", value=True)
    return getattr(tab.session.settings.parameters, name)


def switch_all_on(tab: Tab) -> dict[str, Any]:
    """Switch every number on, and return the initial values."""
    for name in NUMBERS:
        tab.at.toggle(key=f"{name}_sent").set_value(True)
    tab.run()
    return {name: getattr(tab.session.settings.parameters, name) for name in NUMBERS}


def type_in(tab: Tab, texts: Mapping[str, str]) -> None:
    """Type into the boxes of several parameters."""
    for name, text in texts.items():
        tab.at.text_input(key=f"{name}_text").set_value(text)
    tab.run()


def remarks(tab: Tab) -> str:
    """Return the text of the sidebar, without tooltips."""
    elements = [*tab.at.sidebar.markdown, *tab.at.sidebar.caption]
    labels = [toggle.label for toggle in tab.at.sidebar.toggle]
    return "\n".join([*(element.value for element in elements), *labels])


def sent(cloud: Tab) -> dict[str, Any]:
    """Ask, and return what was sent in addition to the messages."""
    cloud.ask("Hello")
    return {name: value for name, value in cloud.body.items() if name != "messages"}


def just_outside(name: str) -> list[str]:
    low, high = BOUNDS[name]
    step = 1 if name in INTEGERS else 0.001
    return [str(low - step), str(high + step)]


NOT_NUMBERS = ["abc", "true", "null", "NaN", "Infinity", "1e999", "0,7", '"1"', "[1]", "{}"]
NOT_WHOLE = ["1.5", "1e-1", "7.000001"]
NOT_JSON = ["+1", "1_0", "0x1", ".5", "1.", "१", "1 2", "-", "--1", "1e"]


def test_nothing_is_sent_by_default(tab: Tab) -> None:
    assert remarks(tab).count("not sent") == len(NUMBERS)
    tab.ask("Hello")

    assert list(tab.body) == ["messages", "stream"]
    assert tab.body["stream"] is True


def test_what_is_sent_is_what_the_server_gets(cloud: Tab, operator: WireServer) -> None:
    switch_on(cloud, "temperature")

    assert sent(cloud) == {"stream": True, "temperature": 0.6}
    assert [request.body for request in operator.requests] == [cloud.trace.request_body]


@pytest.mark.parametrize("side", [0, 1])
def test_each_bound_is_accepted_and_sent(cloud: Tab, side: int) -> None:
    switch_all_on(cloud)
    type_in(cloud, {name: str(bounds[side]) for name, bounds in BOUNDS.items()})

    edges = {name: bounds[side] for name, bounds in BOUNDS.items()}
    assert sent(cloud) == {"stream": True, "max_tokens": 256, **edges}


@pytest.mark.parametrize("side", [0, 1])
def test_just_outside_is_refused_with_the_range_and_the_former_value_is_sent(
    cloud: Tab, side: int
) -> None:
    former = switch_all_on(cloud)
    typed = {name: just_outside(name)[side] for name in BOUNDS}
    type_in(cloud, typed)

    for name, text in typed.items():
        low, high = BOUNDS[name]
        assert f"{text} is not accepted; the range is {low} to {high}" in remarks(cloud)
        assert cloud.at.text_input(key=f"{name}_text").value == text
    assert sent(cloud) == {"stream": True, **former}


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_not_a_number_is_refused_and_the_former_value_stays(tab: Tab, text: str) -> None:
    former = switch_all_on(tab)
    before = remarks(tab).count("not accepted")
    type_in(tab, dict.fromkeys(NUMBERS, text))

    assert remarks(tab).count("not accepted") == before + len(NUMBERS)
    assert tab.session.settings.parameters.body() == {"stream": True, **former}
    assert tab.link == {name: str(former[name]) for name in NUMBERS}


def test_an_integer_takes_no_fraction(tab: Tab) -> None:
    former = switch_all_on(tab)
    for text in NOT_WHOLE:
        type_in(tab, dict.fromkeys(INTEGERS, text))
        assert remarks(tab).count("a whole number") == len(INTEGERS)
        assert tab.session.settings.parameters.body() == {"stream": True, **former}


def test_spellings_that_json_does_not_have_are_refused(tab: Tab) -> None:
    former = switch_all_on(tab)
    for text in NOT_JSON:
        type_in(tab, {"temperature": text})
        assert remarks(tab).count("not accepted") == 1, text
        assert tab.session.settings.parameters.body() == {"stream": True, **former}


def test_an_emptied_box_is_not_sent(cloud: Tab) -> None:
    switch_all_on(cloud)
    type_in(cloud, dict.fromkeys(NUMBERS, ""))

    assert [cloud.at.toggle(key=f"{name}_sent").value for name in NUMBERS] == [False] * 8
    assert sent(cloud) == {"stream": True}


def test_each_parameter_is_switched_on_and_off_alone(cloud: Tab) -> None:
    for name in NUMBERS:
        start = switch_on(cloud, name)
        assert start == DOCUMENTED.get(name, start)
        assert cloud.session.settings.parameters.body() == {"stream": True, name: start}
        cloud.set("toggle", f"{name}_sent", value=False)
        assert not cloud.has(f"{name}_text")

    assert sent(cloud) == {"stream": True}


def test_a_typed_number_is_sent_as_it_is(cloud: Tab) -> None:
    switch_on(cloud, "temperature")
    for text, value in {"0.123456789": 0.123456789, " 2 ": 2, "5e-1": 0.5, "0": 0}.items():
        type_in(cloud, {"temperature": text})
        assert sent(cloud)["temperature"] == value


def test_a_whole_number_is_an_integer_however_it_is_written(cloud: Tab) -> None:
    switch_on(cloud, "top_k")
    for text, value in {"40.0": b"40", "1e1": b"10"}.items():
        type_in(cloud, {"top_k": text})
        cloud.ask("Hello")
        assert b'"top_k":%b}' % value in cloud.trace.request_body.replace(b',"stream"', b"}")


def test_a_slider_has_the_documented_bounds_and_moves_its_box(cloud: Tab) -> None:
    former = switch_all_on(cloud)
    names = [name for name in BOUNDS if name != "seed"]
    for name in names:
        slider = cloud.at.slider(key=name)
        assert (slider.min, slider.max) == BOUNDS[name]
        slider.set_value(1 if name == "top_k" else 1.0)
    cloud.run()

    boxes = [cloud.at.text_input(key=f"{name}_text").value for name in names]
    assert [float(str(box)) for box in boxes] == [1] * len(names)
    assert sent(cloud) == {"stream": True, **former, **dict.fromkeys(names, 1)}


def test_the_slider_puts_a_refused_box_right(cloud: Tab) -> None:
    switch_on(cloud, "temperature")
    type_in(cloud, {"temperature": "9"})
    cloud.set("slider", "temperature", 1.5)

    assert cloud.at.text_input(key="temperature_text").value == "1.5"
    assert "0 to 5" not in remarks(cloud)
    assert sent(cloud) == {"stream": True, "temperature": 1.5}


def test_the_slider_follows_the_box(tab: Tab) -> None:
    switch_on(tab, "top_p")
    type_in(tab, {"top_p": "0.35"})

    assert tab.at.slider(key="top_p").value == 0.35


def test_switching_off_and_on_forgets_what_was_refused(tab: Tab) -> None:
    start = switch_on(tab, "temperature")
    type_in(tab, {"temperature": "abc"})
    tab.set("toggle", "temperature_sent", value=False)

    assert switch_on(tab, "temperature") == start
    assert tab.at.text_input(key="temperature_text").value == str(start)
    assert "abc" not in remarks(tab)


def test_reset_all_goes_back_to_a_new_request(cloud: Tab) -> None:
    switch_all_on(cloud)
    type_in(cloud, {"temperature": "abc", "top_k": "7"})
    cloud.at.toggle(key="raw").set_value(True)
    cloud.set("toggle", "stream", value=False)
    cloud.click("Reset all")

    assert remarks(cloud).count("not sent") == len(NUMBERS)
    assert cloud.at.toggle(key="stream").value is True
    assert cloud.at.toggle(key="raw").value is False
    assert sent(cloud) == {"stream": True}
    assert set(cloud.link) == {"c"}
    assert switch_on(cloud, "top_k") != 7
    assert cloud.at.text_input(key="top_k_text").value == str(
        cloud.session.settings.parameters.top_k
    )


def test_what_is_legal_but_unusual_gets_a_hint(tab: Tab) -> None:
    switch_all_on(tab)
    unusual = {"temperature": "3", "top_p": "1.5", "repetition_penalty": "0", "max_tokens": "0"}
    hints = [hint(name, float(text)) for name, text in unusual.items()]
    assert not any(str(sentence) in remarks(tab) for sentence in hints)
    type_in(tab, unusual)

    assert all(sentence and sentence in remarks(tab) for sentence in hints)
    kept = tab.session.settings.parameters.body()
    assert {name: kept[name] for name in unusual} == {n: float(t) for n, t in unusual.items()}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("stream", False, {}),
        ("raw", True, {"stream": True, "raw": True}),
    ],
)
def test_a_switch_is_sent_when_it_is_on(
    cloud: Tab, name: str, expected: dict[str, Any], *, value: bool
) -> None:
    cloud.set("toggle", name, value=value)

    assert sent(cloud) == expected


def test_an_answer_is_the_same_without_a_stream(tab: Tab) -> None:
    tab.ask("What does top_k do?")
    streamed = tab.turn.answer.text
    tab.click("New chat")
    tab.set("toggle", "stream", value=False)
    tab.ask("What does top_k do?")

    assert "stream" not in tab.body
    assert "top_k" in streamed
    assert "top_k" in tab.turn.answer.text


def test_the_system_prompt_goes_first_and_is_not_sent_when_blank(tab: Tab) -> None:
    tab.set("text_area", "system", "Answer in verse.")
    tab.ask("Hello")
    roles = [message["role"] for message in tab.body["messages"]]
    assert roles == ["system", "user"]
    assert "Answer in verse." in str(tab.body["messages"][0])
    tab.set("text_area", "system", "  \n ")
    tab.ask("Hello")

    assert "system" not in [message["role"] for message in tab.body["messages"]]


def test_the_prompt_form_sends_the_text_alone(tab: Tab) -> None:
    tab.ask("Hello")
    tab.set("button_group", "form", "prompt")
    tab.ask("What does top_k do?")

    assert tab.body == {"prompt": "What does top_k do?", "stream": True}


def test_lora_is_sent_by_name_and_not_when_it_is_empty(cloud: Tab, operator: WireServer) -> None:
    cloud.set("text_input", "lora", "my-finetune")
    cloud.ask("Hello")
    assert operator.requests[0].json()["lora"] == "my-finetune"
    cloud.set("text_input", "lora", "")
    cloud.ask("Hello")

    assert "lora" not in operator.requests[1].json()


def test_every_parameter_at_once_reaches_a_server(cloud: Tab, operator: WireServer) -> None:
    values = {"max_tokens": "7", "temperature": "0", "seed": "1", "presence_penalty": "2"}
    for name, text in values.items():
        switch_on(cloud, name)
        type_in(cloud, {name: text})
    cloud.set("toggle", "raw", value=True)
    cloud.ask("Hello")

    body = operator.requests[0].json()
    assert {name: body[name] for name in values} == {n: int(t) for n, t in values.items()}
    assert body["raw"] is True
    assert set(body) == {"messages", "stream", "raw", *values}
