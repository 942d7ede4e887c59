import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)

# H is the host that must not be contacted, with its port.
IMAGES = [
    "![x](http://H/1.png)",
    "![](http://H/2.png)",
    "![x](<http://H/3.png>)",
    '![x](http://H/4.png "title")',
    "![x](//H/5.png)",
    "![x][r]\n\n[r]: http://H/6.png",
    "![r][]\n\n[r]: http://H/7.png",
    "![r]\n\n[r]: http://H/8.png",
    "![r]\n\n[r]:\n  <http://H/9.png>\n  'title'",
    "[![x](http://H/10.png)](http://H/10)",
    "[![x][r]](http://H/11)\n\n[r]: http://H/11.png",
    "- a\n  - ![x](http://H/12.png)",
    "1. a\n\n   ![x](http://H/13.png)",
    "> ![x](http://H/14.png)",
    "> > - ![x](http://H/15.png)",
    "# ![x](http://H/16.png)",
    "![x](http://H/17.png)\n---",
    "| a | b |\n|---|---|\n| ![x](http://H/18.png) | c |",
    "| ![x](http://H/19.png) |\n|---|\n| c |",
    "**![x](http://H/20.png)**",
    "~~_![x](http://H/21.png)_~~",
    "&#33;[x](http://H/22.png)",
    "!&#91;x](http://H/23.png)",
    "![x](&#104;ttp://H/24.png)",
    "![x](http&colon;//H/25.png)",
    r"!\[x](http://H/26.png)",
    r"\\![x](http://H/27.png)",
    r"\!\[x\](http://H/28.png)",
    "!\\\n[x](http://H/29.png)",
    "![a\nb](http://H/30.png)",
    "![x](\nhttp://H/31.png\n)",
    "![`]`](http://H/32.png)",
    "![![x](http://H/33a.png)](http://H/33b.png)",
    "![[x](http://H/34a)](http://H/34b.png)",
    '<img src="http://H/35.png">',
    '<img src=x onerror="this.src=`http://H/36.png`">',
    '<div>\n\n<img src="http://H/37.png">\n\n</div>',
    '<svg><image href="http://H/38.png"/></svg>',
    '<style>body{background:url("http://H/39.png")}</style>',
    '<iframe src="http://H/40"></iframe><video src="http://H/40.mp4" poster="http://H/40.png">',
    '<link rel="stylesheet" href="http://H/41.css"><script src="http://H/41.js"></script>',
    '<meta http-equiv="refresh" content="0;url=http://H/42">',
    ":red[![x](http://H/43.png)]",
    ":small[:blue[![x](http://H/44.png)]]",
    ":::note\n![x](http://H/45.png)\n:::",
    "::note[![x](http://H/46.png)]",
    ":img{src=http://H/47.png}",
    "::img{src=http://H/48.png}",
    ":color[x]{foreground=red background=url(http://H/49.png)}",
    "a[^1]\n\n[^1]: ![x](http://H/50.png)",
    "[^1]: ![x](http://H/51.png)\n\na[^1]",
    "- [ ] ![x](http://H/52.png)",
    "```\ncode\n```\n![x](http://H/53.png)",
    "> ```\n> code\n![x](http://H/54.png)",
    "- ```\n  code\n\n![x](http://H/55.png)",
    "~~~\n```\n~~~\n![x](http://H/56.png)\n```",
    "``a`b`` ![x](http://H/57.png) `c",
    "`a\n\n![x](http://H/58.png) `",
    "<a href='`'> ![x](http://H/59.png) `",
    "<http://H/60a`> ![x](http://H/60.png) `",
    "$a ![x](http://H/61.png) b$",
    "$$\n![x](http://H/62.png)\n$$",
    r"\[ ![x](http://H/63.png) = y \]",
    r"$\includegraphics{http://H/64.png}$ $x^2$",
    r"$\href{http://H/65}{x} \url{http://H/65}$",
    "```mermaid\ngraph TD; A[<img src='http://H/66.png'>]\n```",
    "~~~ mermaid-v2\nflowchart LR\n A@{ img: 'http://H/67.png' }\n~~~",
    ":material/home: ![x](http://H/68.png) `:material/home:`",
    "![x](HTTP://H/69.png)",
    "&#10;&#10;![x](http://H/70.png)",
    "![x]\u200b(http://H/71.png) ![\ud7ff](http://H/71b.png)",
    "\tcode\n![x](http://H/72.png)",
    "a\r![x](http://H/73.png)\r\n![y](http://H/73b.png)",
    "![x](http://H/74.png){width=10 height=10}",
    "[x]: http://H/75.png\n![x]\n![X][x]",
    "http://H/76/![x](http://H/76.png) www.example.com/![x](http://H/76b.png)",
    "a@b.example/![x](http://H/77.png)",
]

# Source text, and the text expected on the page (None: the same).
SHOWN = [
    ("It costs $5 and $10, or US$3.", None),
    ("$1,000 (US$), A$3", None),
    ("$HOME/bin:$PATH and $USER$", None),
    ("between $5-$10 a$b$c", None),
    ("a -> b <- c <-> d", None),
    ("x >= y <= z ~= w -- v", None),
    ("**a** -> **b**", "a -> b"),
    ("~one~ and ~/path ~2", None),
    (":smile: :+1: :100: :1234: :heart:", None),
    ("`a:b:c` and :smile: again", "a:b:c and :smile: again"),
    (":streamlit: :material/home: :material_home:", None),
    (":red[text] :small[x] :shimmer[x] :blue-badge[y]", None),
    (":foo[bar] :foo{a=b} :foo[bar]{a=b} :help[x]", None),
    ("::leaf[x]{a=b}", None),
    (":::box\ninside\n:::", None),
    ("at 10:30:45, ratio 3:4, std::vector::iterator", None),
    ("<b>bold</b> <T> List<int> a<b>c", None),
    ("<div>\ntext\n</div>", None),
    ("<!-- hidden --> <?php ?> <![CDATA[x]]>", None),
    ("<script>alert(1)</script>", None),
    ("&lt;b&gt; &amp;amp; &copy;", "<b> &amp; \u00a9"),
    ("[a](javascript:alert(1))", None),
    ("[a](data:text/html,x) [b](file:///etc/passwd)", None),
    ("[a](/admin) [b](#top) [c](x.md)", None),
    ("<javascript:alert(1)>", None),
    ("[a]() ![b]() [c](<>)", None),
    ("[a](vbscript:x) [b](JaVaScRiPt:x)", None),
    ("![x](data:image/png;base64,AAAA)", None),
    ("![x](//h/x.png)", None),
    ("[^1] and footnote\n\n[^1]: text", None),
    ("[ ] open [x] done", None),
    (r"\*not\* \_emphasised\_ \# \\", r"*not* _emphasised_ # \ ".strip()),
    ("snake_case_name and 2*3*4", "snake_case_name and 234"),
    ("a * b * c", None),
    ("1986\\. A great year", "1986. A great year"),
    ("C:\\Users\\name", None),
    ("{x} {{name}} ${var} #{a}", None),
    ("a|b|c", None),
    ("x^2 and a_1", None),
    ("%d 'q' \"q\" -- (c) ...", None),
    ("line one\nline two", "line one line two"),
    ("`$x$` and `->` and `:red[x]`", "$x$ and -> and :red[x]"),
    ("`:material/home:` `:streamlit:`", ":material/home: :streamlit:"),
    ("``a`b`` ` `` `", "a`b ``"),
    ("```\n:material/home: $x$ -> ![x](y) :smile:\n```", ":material/home: $x$ -> ![x](y) :smile:"),
    ("```mermaid\ngraph TD\n```", "graph TD"),
    ("```constructor\nx = 1\n```", "x = 1"),
    ("```__proto__\nx = 2\n```", "x = 2"),
    ("    indented <b> code", "indented <b> code"),
    ("\u202eabc :a: b@c.d www.e.fg https://h.i/j_k_l", None),
    (r"array\[0\] and f\(x\), \[see note\]", "array[0] and f(x), [see note]"),
    (r"$\rule{999em}{999em}$", r"$\rule{999em}{999em}$"),
    ("| a | b |\n|---|---|\n| `x` | y -> z |", "a b x y -> z"),
    ("- [ ] task", "[ ] task"),
    ("Tom & Jerry; AT&T; a&b=c&copy=1", None),
    ("5 > 3 < 4", None),
    ("!important ![not image] !!", None),
    ("\ud7ff \ufffd \u2028x", "\ud7ff \ufffd x"),
]

LONG = {
    "quotes": ">" * 5000 + " deep",
    "brackets": "[" * 1_000_000,
    "stars": "a " + "*" * 100_000,
    "emphasis": "*a **b " * 5000,
    "word": "w" * 1_000_000,
    "line_of_code": "```\n" + "c" * 100_000 + "\n```",
    "wide_table": "|a" * 100 + "\n" + "|-" * 100 + "\n" + ("|" + "cell " * 5) * 100,
    "wide_formula": "$$\n" + "x+y=" * 300 + "z\n$$",
    "lists": "\n".join("  " * depth + "- a" for depth in range(300)),
    "backticks": "a " + "`" * 100_000,
}


class Host:
    """A server that records every request."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        hits = self.hits

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(PNG)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Log nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    host = Host()
    thread = threading.Thread(target=host.server.serve_forever)
    thread.start()
    yield host
    host.server.shutdown()
    host.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def url(
    host: Host, run_streamlit: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    images = [text.replace("H/", f"{host.address}/") for text in IMAGES]
    batches = {
        "raw": [images[0], images[5], images[21]],
        "images": images,
        "cut": [text[: len(text) * 3 // 4] for text in images],
        "shown": [text for text, _ in SHOWN],
        **{name: [text] for name, text in LONG.items()},
    }
    path = tmp_path_factory.mktemp("markdown") / "batches.json"
    path.write_text(json.dumps(batches), "utf-8")
    return run_streamlit(Path(__file__).with_name("markdown_page.py"), str(path))


@pytest.fixture
def page(profile: Callable[..., Any]) -> Any:
    return profile(900, 700).new_page()


def opened(page: Any, url: str, batch: str) -> None:
    page.goto(f"{url}/?batch={batch}")
    page.locator(".st-key-end").wait_for(timeout=60_000)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=60_000)
    page.wait_for_timeout(500)


def read(page: Any, number: int) -> str:
    text = page.locator(f".st-key-answer-case{number}").inner_text().replace("\u2060", "")
    return " ".join(text.split())


def test_the_host_notices_a_picture_that_is_drawn_raw(page: Any, url: str, host: Host) -> None:
    host.hits.clear()

    opened(page, url, "raw")

    assert len(host.hits) >= 2


@pytest.mark.parametrize("batch", ["images", "cut"])
def test_no_spelling_of_an_image_makes_the_browser_fetch_it(
    page: Any, url: str, host: Host, batch: str
) -> None:
    host.hits.clear()

    opened(page, url, batch)

    assert host.hits == []
    cases = page.locator("[class*=st-key-answer-case]")
    assert cases.count() == len(IMAGES)
    assert (
        cases.locator("img, image, iframe, video, audio, object, embed, link, meta, script").count()
        == 0
    )


def test_links_lead_only_to_http_and_mailto(page: Any, url: str) -> None:
    opened(page, url, "shown")

    links = page.locator("[class*=st-key-answer-case] [href]").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )

    assert links
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in links)


def test_text_is_shown_as_it_was_written(page: Any, url: str) -> None:
    opened(page, url, "shown")

    wrong = {
        text: shown
        for number, (text, expected) in enumerate(SHOWN)
        if (shown := read(page, number)) != " ".join((expected or text).split())
    }

    assert wrong == {}


@pytest.mark.parametrize("name", LONG)
def test_long_or_deep_text_neither_freezes_nor_widens_the_page(
    page: Any, url: str, name: str
) -> None:
    started = time.monotonic()

    opened(page, url, name)

    assert time.monotonic() - started < 30
    wider = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return [document.documentElement.scrollWidth - innerWidth,"
        " main.scrollWidth - main.clientWidth] }"
    )
    assert max(wider) <= 0
