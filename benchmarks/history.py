"""The cost of a long chat: the page after 10, 100 and 1,000 messages, with no pictures and with 20.

    python -m benchmarks.history [--quick]

A question and its answer are two messages. All chats are in one database, and one browser visits
them in turn, several times: it opens one by its link, flips a switch once, then a few more times
that are measured. Of the 20 pictures, ten belong to the last five questions and ten to earlier
ones; a chat of 10 messages has all of them on screen. The figures are medians with the range of the
samples in parentheses; the ratio compares the medians with those of the chat of 10 messages and as
many pictures.

- *on screen*: the number of turns and pictures that the page shows, whatever else the chat holds.
- *rerun*: from the click on a switch in the sidebar to the end of the script's run, as recorded by
  the page. The switch changes the request's settings, which are written to the database, and
  nothing on screen except itself and the link. If the page recorded any other run, the sample is
  repeated.
- *bytes of a rerun*: of websocket messages from the server, until 0.3 s after that.
- *server CPU of a rerun*: of the Streamlit process with all its threads, over the same time. It is
  counted in steps of 10 ms, so this is the mean.
- *opening*: from the start of navigation to the chat's link to the end of the first run, with a
  warm cache. Pictures can arrive later.
- *bytes of opening*: of websocket messages from the server. Code and pictures arrive by HTTP and
  are not counted.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import mean, median

from playwright.sync_api import sync_playwright

from benchmarks.processes import cpu_seconds
from benchmarks.servers import AppServer
from benchmarks.tables import print_table, shown
from benchmarks.tabs import Tab, chromium

MESSAGES = (10, 100, 1000)
IMAGES = (0, 20)
AIM = 1.5

SWITCH = ".st-key-raw label"
QUIET = 300
"""Milliseconds after the end of a run in which its messages still arrive."""

LATE = 1.0
"""Seconds after which a new run has another cause: the page polls for news now and then."""

RERUN, RERUN_BYTES, RERUN_CPU = "rerun [ms]", "bytes of a rerun [kB]", "server CPU of a rerun [ms]"
OPENING, OPENING_BYTES = "opening [ms]", "bytes of opening [kB]"
FIGURES = (RERUN, RERUN_BYTES, RERUN_CPU, OPENING, OPENING_BYTES)
HEAD = ("figure", "pictures", "messages", "taken", f"to {MESSAGES[0]}", "aim", "met")


@dataclass
class Chat:
    """A chat with a number of messages, its link, and its measurements."""

    messages: int
    images: int
    link: str = ""
    on_screen: str = ""
    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, figure: str, value: float) -> None:
        self.samples.setdefault(figure, []).append(value)

    def typical(self, figure: str) -> float:
        values = self.samples[figure]
        return mean(values) if figure == RERUN_CPU else median(values)

    def shown(self, figure: str) -> str:
        if figure == RERUN_CPU:
            return f"{self.typical(figure):.0f}"
        return shown(self.samples[figure])


class Visitor:
    """One tab, and the server whose CPU time is measured."""

    def __init__(self, tab: Tab, server: AppServer) -> None:
        self._tab = tab
        self._server = server

    def begin(self, chat: Chat) -> None:
        """Create the chat, and keep its link."""
        page = self._tab.page
        query = f"turns={chat.messages // 2}&images={chat.images}"
        self._tab.open(f"{self._server.url}/?{query}")
        chat.link = page.url
        assert "?c=" in chat.link, chat.link
        turns = page.locator(".stChatMessage").count() // 2
        pictures = page.locator(".stChatMessage img").count()
        chat.on_screen = f"{turns} turns, {pictures} pictures"

    def open(self, chat: Chat) -> None:
        before = self._tab.received
        self._tab.open(chat.link)
        _, ended = self._tab.runs()[0]
        chat.add(OPENING, 1000 * (ended - self._tab.left()))
        chat.add(OPENING_BYTES, (self._tab.received - before) / 1000)

    def turn(self, chat: Chat, *, measured: bool) -> None:
        """Flip the switch, and repeat if the page recorded any other run."""
        while not self._turned_once(chat, measured=measured):
            pass

    def _turned_once(self, chat: Chat, *, measured: bool) -> bool:
        tab, spent = self._tab, cpu_seconds(self._server.pid)
        tab.watch()
        before = tab.received
        tab.page.locator(SWITCH).click()
        tab.runs()
        tab.page.wait_for_timeout(QUIET)
        spent = cpu_seconds(self._server.pid) - spent
        (began, ended), *others = tab.runs()
        if others or began - tab.acted() > LATE:
            return False
        if measured:
            chat.add(RERUN, 1000 * (ended - tab.acted()))
            chat.add(RERUN_BYTES, (tab.received - before) / 1000)
            chat.add(RERUN_CPU, 1000 * spent)
        return True


def visit(chats: list[Chat], visitor: Visitor, *, rounds: int, turns: int) -> None:
    for chat in chats:
        visitor.begin(chat)
    for _ in range(rounds):
        for chat in chats:
            visitor.open(chat)
            visitor.turn(chat, measured=False)
            for _ in range(turns):
                visitor.turn(chat, measured=True)


def rows(chats: list[Chat]) -> Iterator[tuple[str, ...]]:
    for figure in FIGURES:
        for chat in chats:
            first = next(each for each in chats if each.images == chat.images)
            ratio = chat.typical(figure) / first.typical(figure)
            compared = (f"×{ratio:.2f}", f"≤ {AIM}", "yes" if ratio <= AIM else "NO")
            yield (
                figure,
                str(chat.images),
                f"{chat.messages:,}",
                chat.shown(figure),
                *(compared if chat is not first else ("", "", "")),
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few samples")
    rounds = 1 if parser.parse_args().quick else 5
    chats = [Chat(messages, images) for images in IMAGES for messages in MESSAGES]
    environment = {"CABOCHON_BACKEND": "builtin"}
    with (
        sync_playwright() as playwright,
        AppServer("our_app.py", environment) as server,
        chromium(playwright.chromium) as browser,
        browser.tab(server.url) as tab,
    ):
        visit(chats, Visitor(tab, server), rounds=rounds, turns=3)
    print_table(list(rows(chats)), HEAD)
    print("\nOn screen:")
    for chat in chats:
        print(f"  {chat.messages:,} messages, {chat.images} pictures: {chat.on_screen}")
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
