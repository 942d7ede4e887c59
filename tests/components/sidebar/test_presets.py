"""Presets: the built-in ones, and those that a person saves."""

from tests.components.conftest import OpenTab
from tests.components.tab import Tab


def unfold(tab: Tab) -> None:
    tab.at.session_state["preset-keep"] = True
    tab.run()


def keep(tab: Tab, name: str) -> None:
    unfold(tab)
    tab.set("text_input", "preset-name", name)


def names(tab: Tab) -> list[str]:
    return [option.content for option in tab.at.button_group(key="preset").proto.options]


def test_what_is_set_is_kept_under_a_name_and_found_by_its_owner_alone(
    tab: Tab, open_tab: OpenTab
) -> None:
    tab.session.change_parameters(temperature=2, top_k=7)
    tab.run()
    keep(tab, "  My  own ")
    assert "My own" in names(tab)
    assert tab.session.own_presets()["My own"] == {"temperature": 2, "top_k": 7}

    again = open_tab(browser=tab.browser)
    assert "My own" in names(again)
    assert "My own" not in names(open_tab(browser="e" * 32))
    tab.session.change_parameters(temperature=None, top_k=None, seed=5)
    tab.run()
    tab.set("button_group", "preset", "My own")
    assert tab.session.settings.parameters.body() == {
        "stream": True,
        "temperature": 2,
        "top_k": 7,
    }
    tab.click("erase-preset-My own")
    assert "My own" not in names(tab)


def test_a_preset_of_the_app_is_not_replaced(tab: Tab) -> None:
    keep(tab, "Creative")

    assert "Choose another name" in tab.toasts
    assert tab.session.own_presets().get("Creative") is None
