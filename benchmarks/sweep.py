"""A sweep of 500 cells in the app: its duration, and how responsive the page is meanwhile.

    python -m benchmarks.sweep [--quick]

A wire server in another process answers each call after 100 ms, and 16 run in parallel; the ideal
is 500 / 16 × 100 ms, without any work between calls. A click on the Tuning page in Chromium starts
the sweep, and while it runs, switches in the sidebar are turned on, one after the other.

- *the answers*: from the click that starts the sweep to the last answer's last byte at the
  upstream, in seconds.
- *on screen*: from the same click to the frame that shows that all are answered.
- *another widget*: from the click on a switch to the frame that shows its slider, in milliseconds,
  during the sweep and at rest. A tab loads the code of sliders with the first one, which is turned
  on and off beforehand.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.batches import AIM, ANSWER, CONCURRENCY, JOBS
from benchmarks.servers import AppServer
from benchmarks.tables import print_table, shown
from benchmarks.tabs import Tab, chromium
from benchmarks.texts import answer
from benchmarks.upstream import Upstream, streamed

LINK = "/tuning?axis1=temperature:0,0.5,1,1.5,2,2.5,3,3.5,4,5&axis2=top_k:1,5,10,25,50&samples=10"
SWITCHES = ("top_p", "repetition_penalty", "frequency_penalty", "presence_penalty")
QUICK_ENOUGH = 300
HEAD = ("figure", "ideal", "measured", "aim", "met")


@dataclass
class Samples:
    """The measurements of all sweeps."""

    answers: list[float] = field(default_factory=list)
    on_screen: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    at_rest: list[float] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows of the table."""
        ideal = JOBS / CONCURRENCY * ANSWER
        ratio = median(self.answers) / ideal
        measured = f"{shown(self.answers)}, ratio {ratio:.2f}"
        yield ("the answers [s]", f"{ideal:.2f}", measured, f"≤ {AIM}", _met(ratio <= AIM))
        yield ("on screen [s]", f"{ideal:.2f}", shown(self.on_screen), "", "")
        yield self._clicks("another widget [ms]", self.clicks, aimed=True)
        yield self._clicks("the same at rest [ms]", self.at_rest, aimed=False)

    def _clicks(self, name: str, taken: list[float], *, aimed: bool) -> tuple[str, ...]:
        late = quantiles(taken, n=20, method="inclusive")[-1]
        measured = f"{shown(taken)}, 95% within {late:.0f}, {len(taken)} clicks"
        aim, met = (f"< {QUICK_ENOUGH}", _met(late < QUICK_ENOUGH)) if aimed else ("", "")
        return (name, "", measured, aim, met)


class Visitor:
    """One tab on the Tuning page, and the upstream that answers it."""

    def __init__(self, tab: Tab, url: str, upstream: Upstream) -> None:
        self._tab = tab
        self._url = url
        self._upstream = upstream

    def open(self) -> None:
        """Open the sweep by its link, and set what the link does not carry."""
        page = self._tab.page
        page.goto(f"{self._url}{LINK}")
        self._tab.set_clock()
        page.get_by_label("Prompt", exact=True).fill("Say something")
        page.get_by_label("Parallel requests", exact=True).fill(str(CONCURRENCY))
        page.get_by_label("Parallel requests", exact=True).press("Tab")
        page.get_by_role("button", name=f"Start {JOBS} requests").wait_for()
        self.rest()
        self._turn(SWITCHES[0])
        self.rest()
        page.locator(f".st-key-{SWITCHES[0]}_sent label").first.click()
        self.rest()
        self._tab.watch()

    def sweep(self, samples: Samples) -> None:
        """Start it, flip the switches meanwhile, and wait for its end."""
        tab, page = self._tab, self._tab.page
        self._upstream.prepare(streamed([answer(1)], after=ANSWER))
        all_answered = f"{JOBS} of {JOBS} answered"
        tab.watch(all_answered)
        page.get_by_role("button", name=f"Start {JOBS} requests").click()
        began = tab.acted()
        page.get_by_role("button", name="Stop", exact=True).wait_for()
        for name in SWITCHES:
            page.wait_for_timeout(250)
            if not page.get_by_role("button", name="Stop", exact=True).is_visible():
                break
            samples.clicks.append(self._turn(name))
        samples.on_screen.append(tab.seen(all_answered) - began)
        samples.answers.append(self._upstream.last()["sent"][-1] - began)
        self.rest()

    def turn_all(self) -> list[float]:
        """Flip the switches while nothing else happens."""
        taken = []
        for name in SWITCHES:
            taken.append(self._turn(name))
            self.rest()
        return taken

    def rest(self) -> None:
        """Wait until the script is idle."""
        self._tab.page.wait_for_timeout(400)
        self._tab.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", state="attached"
        )

    def _turn(self, name: str) -> float:
        slider = f"css=.st-key-{name} input"
        # Not watch(): that would forget the end of the sweep.
        self._tab.page.evaluate("slider => bench.wanted.push(slider)", slider)
        self._tab.page.locator(f".st-key-{name}_sent label").first.click()
        return 1000 * (self._tab.seen(slider) - self._tab.acted())


def _met(reached: bool) -> str:  # noqa: FBT001 - converts a boolean
    return "yes" if reached else "NO"


def measured(rounds: int) -> Samples:
    samples = Samples()
    with (
        Upstream() as upstream,
        sync_playwright() as playwright,
        AppServer("our_app.py", upstream.environment) as server,
        chromium(playwright.chromium) as browser,
    ):
        for number in range(rounds + 1):
            with browser.tab(server.url) as tab:
                visitor = Visitor(tab, server.url, upstream)
                visitor.open()
                if number == 0:
                    # The first use of everything is not measured.
                    visitor.turn_all()
                    visitor.sweep(Samples())
                    continue
                visitor.sweep(samples)
            with browser.tab(server.url) as tab:
                visitor = Visitor(tab, server.url, upstream)
                visitor.open()
                samples.at_rest += visitor.turn_all()
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two sweeps")
    samples = measured(2 if parser.parse_args().quick else 5)
    print_table(list(samples.rows()), HEAD)
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
