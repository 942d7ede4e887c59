"""The two compared apps, each with its own server and browser."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from benchmarks.servers import AppServer
from benchmarks.tabs import Chromium, Tab, chromium
from benchmarks.upstream import Upstream
from tests.wire_server import word

SCRIPTS = {"ours": "our_app.py", "naive": "naive_chat.py"}


@dataclass(frozen=True)
class Contender:
    name: str
    server: AppServer
    browser: Chromium

    def open(self, stack: ExitStack, turns: int = 0) -> Tab:
        """Open a chat with `turns` earlier turns, until the stack is closed."""
        return stack.enter_context(self.browser.tab(f"{self.server.url}/?turns={turns}"))


@contextmanager
def contenders(upstream: Upstream) -> Iterator[list[Contender]]:
    with ExitStack() as stack:
        kind = stack.enter_context(sync_playwright()).chromium
        yield [
            Contender(
                name,
                stack.enter_context(AppServer(script, upstream.environment)),
                stack.enter_context(chromium(kind)),
            )
            for name, script in SCRIPTS.items()
        ]


def tokens(count: int, mark: str) -> list[str]:
    """Return an answer of `count` tokens: `begin<mark>`, words in paragraphs, `end<mark>`."""
    return [f"begin{mark}", *map(word, range(1, count - 1)), f" end{mark}"]
