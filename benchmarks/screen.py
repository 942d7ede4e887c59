"""The waiting times of a user, in Chromium: the playground vs. a naive st.write_stream chat.

    python -m benchmarks.screen [--quick] [FIGURES ...]

Both call the same upstream, in its own process, in turn; each has its own browser and server. The
figures are medians with the range of the samples in parentheses. The playground has slots for a
dozen turns; the send after them is a full run of the page, and is included in the samples.

- *Enter → upstream*: from the key in the browser to the request's last byte at the upstream.
- *first token → visible*: from the upstream's write of it to the frame that paints it; the upstream
  answers after 0.3 s and more, so the page is already waiting.
- *Enter → first token visible*: with an upstream that answers immediately.
- *after N turns*: the same with N finished turns in the chat.
- *last of 2,000*: from the upstream's write of the last of 2,000 tokens at 500/s to its frame.
- *paints per second*: frames in which the answer changed, between its first and last token, at 50
  tokens/s.
- *another widget*: from the click on a switch during an answer to the frame that shows its slider.
- *kept by the answer*: tokens on screen at the end of that answer, of 150.
- *browser CPU*: of all Chromium processes, for an answer of 16,000 characters at 200 tokens/s.
"""

import argparse
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.contenders import Contender, contenders, tokens
from benchmarks.tables import Figure, print_table
from benchmarks.tabs import Tab
from benchmarks.upstream import Upstream, streamed

FIRST_EVENT = 1
"""The index of the first token in `sent`, after the head."""
AFTER_LAST_EVENT = 4
"""The writes after the last token: an empty event, the usage, [DONE], the end of the body."""

LONG = 1900
"""Tokens in an answer of 16,000 characters."""

SWITCH = ".st-key-temperature_sent label"
SLIDER = "css=.st-key-temperature input"


class Stage:
    """The contenders, the upstream they call, and the number of samples per figure."""

    def __init__(self, players: list[Contender], upstream: Upstream, *, quick: bool) -> None:
        self.players = players
        self.upstream = upstream
        self.sends = 3 if quick else 14
        self.repeats = 1 if quick else 5
        self.turns = (0, 100) if quick else (0, 100, 400)
        self.uncertainty: list[float] = []
        self._number = 0

    def mark(self) -> str:
        """Return a unique marker for the start and end of the next answer."""
        self._number += 1
        return f"{self._number:04d}x"

    def open(self, player: Contender, stack: ExitStack, turns: int = 0) -> Tab:
        """Open a chat, and send an unmeasured message, because the page loads parts on demand."""
        tab = player.open(stack, turns)
        self.uncertainty.append(tab.uncertainty)
        self.ask(tab, streamed(tokens(3, mark := self.mark())), mark)
        tab.seen(f"end{mark}")
        tab.settle()
        return tab

    def ask(self, tab: Tab, calls: list, mark: str) -> None:
        self.upstream.prepare(calls)
        tab.watch(f"begin{mark}", f"end{mark}")
        tab.send("Tell me words")

    def in_turn(
        self, sends: int, turns: int = 0, prepare: Callable[[Tab], None] | None = None
    ) -> Iterator[tuple[Contender, Tab]]:
        """Yield each contender with its tab, one after the other, `sends` times."""
        with ExitStack() as stack:
            tabs = [(player, self.open(player, stack, turns)) for player in self.players]
            for _, tab in tabs if prepare else ():
                prepare(tab)
            for _ in range(sends):
                yield from tabs


def prompt(stage: Stage) -> Iterator[Figure]:
    """Measure the times from Enter, with an upstream that answers immediately."""
    for turns in stage.turns:
        after = f", after {turns} turns" if turns else ""
        to_upstream = Figure(f"Enter → upstream{after}", aim="≤ 25", reached=at_most(25))
        to_screen = Figure(f"Enter → first token visible{after}", aim="≤ 85", reached=at_most(85))
        for player, tab in stage.in_turn(stage.sends, turns):
            stage.ask(tab, streamed(tokens(3, mark := stage.mark())), mark)
            visible = tab.seen(f"begin{mark}")
            to_upstream.add(player.name, 1000 * (stage.upstream.last()["time"] - tab.acted()))
            to_screen.add(player.name, 1000 * (visible - tab.acted()))
            tab.settle()
        yield from (to_upstream, to_screen)


def arrival(stage: Stage) -> Iterator[Figure]:
    """Measure an answer at 50 tokens per second."""
    for turns in (0, stage.turns[-1]):
        after = f", after {turns} turns" if turns else ""
        first = Figure(f"first token → visible{after}", aim="≤ 60", reached=at_most(60))
        rate = Figure(f"paints per second{after}", "1/s", "≥ 8", lambda ours, _: ours >= 8)
        for number, (player, tab) in enumerate(stage.in_turn(stage.sends, turns)):
            calls = streamed(
                tokens(100, mark := stage.mark()), rate=50, after=0.3 + 0.0137 * (number // 2)
            )
            stage.ask(tab, calls, mark)
            begin, end = tab.seen(f"begin{mark}"), tab.seen(f"end{mark}")
            sent = stage.upstream.last()["sent"]
            first.add(player.name, 1000 * (begin - sent[FIRST_EVENT]))
            paints = [at for at in tab.paints() if begin <= at <= end]
            rate.add(player.name, (len(paints) - 1) / (end - begin))
            tab.settle()
        yield from (first, rate)


def fast(stage: Stage) -> Iterator[Figure]:
    """Measure the lag behind an upstream that sends faster than anyone reads."""
    last = Figure("last of 2,000 tokens at 500/s → visible", aim="≤ 200", reached=at_most(200))
    for _ in range(stage.repeats):
        for player, tab in stage.in_turn(1):
            stage.ask(tab, streamed(tokens(2000, mark := stage.mark()), rate=500), mark)
            visible = tab.seen(f"end{mark}")
            tab.settle()
            sent = stage.upstream.last()["sent"][-1 - AFTER_LAST_EVENT]
            last.add(player.name, 1000 * (visible - sent))
    yield last


def widget(stage: Stage) -> Iterator[Figure]:
    """Measure a switch in the sidebar while an answer streams, and how much of it is kept."""
    switch = Figure("another widget during an answer", aim="< 300", reached=at_most(300))
    kept = Figure("kept by the answer", "tokens", "150", lambda ours, _: ours == 150)
    for player, tab in stage.in_turn(stage.sends, prepare=_load_slider):
        calls = streamed(tokens(150, mark := stage.mark()), rate=50)
        stage.ask(tab, calls, mark)
        tab.seen(f"begin{mark}")
        tab.page.wait_for_timeout(700)
        tab.watch(SLIDER)
        tab.page.locator(SWITCH).first.click()
        switch.add(player.name, 1000 * (tab.seen(SLIDER) - tab.acted()))
        tab.page.wait_for_timeout(3000)
        tab.settle()
        kept.add(player.name, _tokens_of_last_answer(tab, mark))
        tab.page.locator(SWITCH).first.click()
        tab.settle()
    yield from (switch, kept)


def browser(stage: Stage) -> Iterator[Figure]:
    """Measure the browser's CPU time for a long answer."""
    name = "browser CPU, 16,000 characters"
    figure = Figure(name, "s", "≤ half", lambda ours, naive: ours <= naive / 2)
    for _ in range(1 if stage.repeats == 1 else 3):
        for player, tab in stage.in_turn(1):
            calls = streamed(tokens(LONG, mark := stage.mark()), rate=200)
            before = player.browser.cpu_seconds()
            stage.ask(tab, calls, mark)
            time.sleep(LONG / 200)
            tab.seen(f"end{mark}")
            tab.settle()
            figure.add(player.name, player.browser.cpu_seconds() - before)
    yield figure


def at_most(limit: float) -> Callable[[float, float], bool]:
    return lambda ours, _: ours <= limit


def _load_slider(tab: Tab) -> None:
    """Switch the slider on and off once: its code is loaded on first use."""
    for _ in range(2):
        tab.page.locator(SWITCH).first.click()
        tab.settle()


def _tokens_of_last_answer(tab: Tab, mark: str) -> int:
    text = tab.page.locator(".stChatMessage").last.inner_text()
    return len(re.findall(rf"word\d+|begin{mark}|end{mark}", text))


FIGURES = {taken.__name__: taken for taken in (prompt, arrival, fast, widget, browser)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="default: all")
    parser.add_argument("--quick", action="store_true", help="few samples")
    options = parser.parse_args()
    with Upstream() as upstream, contenders(upstream) as players:
        stage = Stage(players, upstream, quick=options.quick)
        taken = []
        for name in options.figures or FIGURES:
            taken += [figure.cells() for figure in FIGURES[name](stage)]
        print_table(taken)
        print(f"\nThe clocks agree to ±{1000 * max(stage.uncertainty):.1f} ms.")
        print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
