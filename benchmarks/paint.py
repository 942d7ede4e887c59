"""The cost of showing an answer, by length: the playground vs. a naive st.write_stream chat.

    python -m benchmarks.paint [--quick]

Answers of 500 to 4,000 tokens at 200 tokens per second, each in a new chat, in turn.

- *paints*: frames in which the answer changed.
- *bytes per token*: of websocket messages from the server, from Enter to the end of the script's
  run. The cost is linear if this does not grow with the length.
- *server CPU*: of the Streamlit process with all its threads, including reading the stream.
- *browser CPU*: of all Chromium processes.

The last lines compare the longest with the shortest answer: a linear cost grows with the length.
"""

import argparse
import os
import time
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from benchmarks.contenders import Contender, contenders, tokens
from benchmarks.processes import cpu_seconds
from benchmarks.tables import print_table
from benchmarks.upstream import Upstream, streamed

RATE = 200
LENGTHS = (500, 1000, 2000, 4000)
HEAD = ("chat", "tokens", "paints", "kB", "bytes per token", "server CPU s", "browser CPU s")


class Cost(NamedTuple):
    """The cost of one answer."""

    paints: float
    received: float
    server: float
    browser: float


def cost(player: Contender, upstream: Upstream, length: int) -> Cost:
    """Request an answer of `length` tokens in a new chat, and measure the cost of showing it."""
    with ExitStack() as stack:
        tab = player.open(stack)
        upstream.prepare(streamed(tokens(3, "warm")))
        tab.watch("endwarm")
        tab.send("Tell me words")
        tab.seen("endwarm")
        tab.settle()
        upstream.prepare(streamed(tokens(length, "long"), rate=RATE))
        tab.watch("endlong")
        before = tab.received, cpu_seconds(player.server.pid), player.browser.cpu_seconds()
        tab.send("Tell me words")
        time.sleep(length / RATE)
        tab.seen("endlong")
        tab.settle()
        after = tab.received, cpu_seconds(player.server.pid), player.browser.cpu_seconds()
        received, server, browser = (b - a for a, b in zip(before, after, strict=True))
        return Cost(len(tab.paints()), received, server, browser)


def row(name: str, length: int, spent: Cost) -> tuple[str, ...]:
    return (
        name,
        f"{length:,}",
        f"{spent.paints:.0f}",
        f"{spent.received / 1000:,.0f}",
        f"{spent.received / length:,.0f}",
        f"{spent.server:.2f}",
        f"{spent.browser:.2f}",
    )


def print_growth(costs: dict[tuple[str, int], Cost], lengths: tuple[int, ...]) -> None:
    short, long = lengths[0], lengths[-1]
    print(f"\n{long:,} tokens vs. {short:,}, linear is ×{long / short:.0f}:")
    for name in ("ours", "naive"):
        first, last = costs[name, short], costs[name, long]
        print(
            f"  {name}: bytes ×{last.received / first.received:.1f},"
            f" server CPU ×{last.server / first.server:.1f},"
            f" browser CPU ×{last.browser / first.browser:.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two lengths, once each")
    quick = parser.parse_args().quick
    lengths = (500, 2000) if quick else LENGTHS
    taken: dict[tuple[str, int], list[Cost]] = {}
    with Upstream() as upstream, contenders(upstream) as players:
        for _ in range(1 if quick else 3):
            for length in lengths:
                for player in players:
                    spent = cost(player, upstream, length)
                    taken.setdefault((player.name, length), []).append(spent)
    costs = {key: Cost(*map(median, zip(*all_of, strict=True))) for key, all_of in taken.items()}
    print_table([row(*key, spent) for key, spent in sorted(costs.items())], HEAD)
    print_growth(costs, lengths)
    print(f"\nLoad average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
