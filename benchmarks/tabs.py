"""A browser tab that records when something becomes visible, on the clock of time.monotonic()."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserType

from benchmarks.processes import cpu_seconds, new_root, tree

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCHER = Path(__file__).with_name("watcher.js")
PATIENCE = 120_000


class Chromium:
    """A separate browser, so that its CPU time can be measured on its own."""

    def __init__(self, browser: Browser, root: int) -> None:
        self._browser = browser
        self._root = root

    def cpu_seconds(self) -> float:
        """Return the CPU time that all its processes have used."""
        return cpu_seconds(self._root)

    @contextmanager
    def tab(self, url: str) -> Iterator["Tab"]:
        context = self._browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(path=WATCHER)
        page = context.new_page()
        tab = Tab(page)
        tab.open(url)
        tab.set_clock()
        yield tab
        context.close()


@contextmanager
def chromium(kind: BrowserType) -> Iterator[Chromium]:
    before = tree(os.getpid())
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = kind.launch(executable_path=path, args=list(FLAGS))
    yield Chromium(browser, new_root(before))
    browser.close()


class Tab:
    """A tab with the watcher; see watcher.js for what is recorded and when."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.received = 0
        """Bytes of websocket messages from the server."""
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def open(self, url: str) -> None:
        """Go to a URL, and wait until the page is ready."""
        self.page.goto(url)
        self.settle()

    def set_clock(self) -> None:
        """Find the offset of this page's clock to time.monotonic(), by the fastest of 40 trips.

        Both run at the rate of the same kernel clock, so once per page is enough.
        """
        trips = [self._round_trip() for _ in range(40)]
        self.uncertainty, self._offset = min(trips)

    def send(self, text: str) -> None:
        """Type the text and press Enter."""
        box = self.page.get_by_test_id("stChatInputTextArea")
        box.fill(text)
        self.page.wait_for_timeout(150)
        box.press("Enter")

    def watch(self, *wanted: str) -> None:
        """Clear the records; watch for these texts, or elements: `css=<selector>`."""
        self.page.evaluate("wanted => bench.watch(wanted)", list(wanted))

    def seen(self, wanted: str) -> float:
        """Wait until it is visible, and return the start of the frame that painted it."""
        handle = self.page.wait_for_function(
            "wanted => bench.seen[wanted]", arg=wanted, polling=100
        )
        return self._monotonic(handle.json_value())

    def left(self) -> float:
        """Return when the browser started to navigate to the current page."""
        return self._monotonic(self.page.evaluate("performance.timeOrigin"))

    def acted(self) -> float:
        """Return when the last Enter or click happened in the browser."""
        return self._monotonic(self.page.evaluate("bench.acted"))

    def paints(self) -> list[float]:
        """Return the times of the frames in which an answer looked different."""
        return [self._monotonic(at) for at in self.page.evaluate("bench.paints")]

    def runs(self) -> list[tuple[float, float]]:
        """Wait for the end of a run of the script; return the start and end of all finished runs.

        A run that ended before the page had recorded its start is not included.
        """
        self.page.wait_for_function("bench.runs.length", polling=20)
        found = self.page.evaluate("bench.runs")
        return [(self._monotonic(began), self._monotonic(ended)) for began, ended in found]

    def settle(self) -> None:
        """Wait until the script is idle and the page has caught up."""
        self.page.get_by_test_id("stChatInputTextArea").wait_for()
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", state="attached"
        )
        self.page.wait_for_timeout(300)

    def _round_trip(self) -> tuple[float, float]:
        began = time.monotonic()
        there = self.page.evaluate("performance.timeOrigin + performance.now()") / 1000
        ended = time.monotonic()
        return (ended - began) / 2, (began + ended) / 2 - there

    def _monotonic(self, milliseconds: float) -> float:
        return milliseconds / 1000 + self._offset

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)
