"""The help passages that the built-in model is made of."""

import re
from dataclasses import dataclass
from importlib.resources import files

_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GuidePassage:
    """One answer of the guide, and the ways people ask for it."""

    question: str
    """The question that the text answers, as a person would put it."""

    also: tuple[str, ...]
    """Other ways to ask, and keywords."""

    text: str
    """The answer."""

    theme: str = ""
    """The file that contains it."""


def load_guide() -> tuple[GuidePassage, ...]:
    """Read every passage that ships with the package, in the order of file names."""
    folder = files(__package__).joinpath("guide")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    pages = [entry for entry in entries if entry.name.endswith(".md")]
    texts = {page.name.removesuffix(".md"): page.read_text("utf-8") for page in pages}
    return tuple(found for theme, text in texts.items() for found in parse_passages(text, theme))


def parse_passages(text: str, theme: str = "") -> list[GuidePassage]:
    """Split a file at its `##` headings: each has a line `also: …`, an empty line and a text."""
    parts = _HEADING.split(text)[1:]
    return [_passage(parts[i], parts[i + 1], theme) for i in range(0, len(parts), 2)]


def _passage(question: str, body: str, theme: str) -> GuidePassage:
    first, _, rest = body.strip().partition("\n")
    keyed, _, names = first.partition("also:")
    if keyed.strip() or not rest.strip():
        raise ValueError(f"The passage {question!r} needs an 'also: …' line and a text.")
    also = tuple(name.strip() for name in names.split(",") if name.strip())
    return GuidePassage(question.strip(), also, unwrap(rest.strip()), theme)


def unwrap(text: str) -> str:
    """Join lines that were only wrapped; lists, code and paragraphs stay."""
    return re.sub(r"(?<=[^\n`])\n(?=[A-Za-z\"'(])(?!\s)", " ", text)
