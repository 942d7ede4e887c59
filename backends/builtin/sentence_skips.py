"""Ways to shorten a passage without making it wrong: skipped sentences and an earlier end.

Without them, an n-gram model that knows one text about a subject has only one answer. Sentences
with a number, a name in code or a term of the question are never skipped, nor those that the next
sentence refers back to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .text_normalization import content, terms, word_set

SentenceSkips = Mapping[int, Sequence[tuple[int, float]]]
"""For a position in the texts: the positions that may follow instead, with their weights."""

_LEAVE_OUT = 0.4
_END_EARLY = 0.2
_FEWEST_SENTENCES = 2
_ENDS = (b".", b"!", b"?")
_REFERS_BACK = word_set(
    "it its this that these those they them their such then so but and or yet otherwise however "
    "instead unlike both either neither he she his her one another others also hence thus "
    "therefore without at if again rather"
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int
    """Its start in the texts."""

    text: str
    needed: bool


def sentence_skips(
    tokens: Sequence[bytes], start: int, asked: Iterable[str], weight: float
) -> dict[int, list[tuple[int, float]]]:
    """Find the detours in one passage.

    `tokens` are the passage's own, including END; `start` is the position of the first one in the
    texts; `asked` are the terms of the question; `weight` is the weight of the passage.
    """
    found = list(_sentences(tokens, start, frozenset(content(asked))))
    end = start + len(tokens) - 1
    ways: dict[int, list[tuple[int, float]]] = {}
    for number, sentence in enumerate(found[1:], start=1):
        later = found[number + 1 :]
        if number >= _FEWEST_SENTENCES and not any(s.needed for s in found[number:]):
            ways.setdefault(sentence.place, []).append((end, _END_EARLY * weight))
        if later and not sentence.needed and not _refers_back(later[0].text):
            ways.setdefault(sentence.place, []).append((later[0].place, _LEAVE_OUT * weight))
    return ways


def _sentences(tokens: Sequence[bytes], start: int, asked: frozenset[str]) -> Iterator[_Sentence]:
    begin = 0
    for place, token in enumerate(tokens[:-1]):
        if token in _ENDS and tokens[place + 1][:1] in (b" ", b"\n", b"<"):
            text = b"".join(tokens[begin : place + 1]).decode("utf-8", "replace").strip()
            yield _Sentence(start + begin, text, _needed(text, asked))
            begin = place + 1


def _needed(text: str, asked: frozenset[str]) -> bool:
    holds_fact = "`" in text or any(letter.isdigit() for letter in text)
    return holds_fact or not asked.isdisjoint(terms(text))


def _refers_back(text: str) -> bool:
    return terms(text[:20])[0] in _REFERS_BACK if terms(text[:20]) else True
