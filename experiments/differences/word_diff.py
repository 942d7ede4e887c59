"""The differences between two texts, word by word."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ..answer_figures.words import pieces

_MOST_EDITS = 400
"""The most differing pieces to search for in one part; the time grows with their square."""


class Segment(NamedTuple):
    """A part of one of the texts, or of both."""

    kind: Literal["same", "removed", "added"]
    text: str


class _Block(NamedTuple):
    """A run of pieces that both texts have."""

    before: int
    after: int
    size: int


class _Span(NamedTuple):
    """Two parts that may correspond, each with its start and end."""

    before: int
    before_end: int
    after: int
    after_end: int


def word_difference(before: str, after: str) -> list[Segment]:
    """Return how `before` becomes `after`, in segments of whole words.

    The same and removed segments make up `before`, the same and added ones `after`. Words that
    appear exactly once in both texts are anchors (a patience diff); between them, the changes are
    minimal (Myers, 1986), and parts with hardly anything in common count as replaced.
    """
    own, others = pieces(before), pieces(after)
    segments: list[Segment] = []
    at = other_at = 0
    end = _Block(len(own), len(others), 0)
    for block in [*_worth_showing(_blocks(own, others), own), end]:
        _add(segments, "removed", own[at : block.before])
        _add(segments, "added", others[other_at : block.after])
        at, other_at = block.before + block.size, block.after + block.size
        _add(segments, "same", own[block.before : at])
    return segments


def _add(
    segments: list[Segment], kind: Literal["same", "removed", "added"], parts: Sequence[str]
) -> None:
    if parts:
        segments.append(Segment(kind, "".join(parts)))


def _worth_showing(blocks: Sequence[_Block], own: Sequence[str]) -> Iterator[_Block]:
    """Join adjacent blocks; omit a lone space between two changes."""
    joined: list[_Block] = []
    for block in blocks:
        last = joined[-1] if joined else _Block(-1, -1, 0)
        if block[:2] == (last.before + last.size, last.after + last.size):
            joined[-1] = last._replace(size=last.size + block.size)
        else:
            joined.append(block)
    for block in joined:
        text = "".join(own[block.before : block.before + block.size])
        at_an_edge = 0 in block[:2] or block.before + block.size == len(own)
        if at_an_edge or not text.isspace():
            yield block


def _blocks(own: Sequence[str], others: Sequence[str]) -> list[_Block]:
    """Return the blocks that both texts have, in order."""
    found: list[_Block] = []
    spans = [_Span(0, len(own), 0, len(others))]
    while spans:
        span = _trimmed(spans.pop(), own, others, found)
        if span.before == span.before_end or span.after == span.after_end:
            continue
        anchors = _anchors(span, own, others)
        if anchors:
            found += anchors
            spans += _between(span, anchors)
        else:
            found += _closely(span, own, others)
    return sorted(found)


def _trimmed(span: _Span, own: Sequence[str], others: Sequence[str], found: list[_Block]) -> _Span:
    """Add equal beginnings and ends to `found`, and return the span between them."""
    before, before_end, after, after_end = span
    most = min(before_end - before, after_end - after)
    head = 0
    while head < most and own[before + head] == others[after + head]:
        head += 1
    tail = 0
    while tail < most - head and own[before_end - tail - 1] == others[after_end - tail - 1]:
        tail += 1
    blocks = (_Block(before, after, head), _Block(before_end - tail, after_end - tail, tail))
    found += [block for block in blocks if block.size]
    return _Span(before + head, before_end - tail, after + head, after_end - tail)


def _anchors(span: _Span, own: Sequence[str], others: Sequence[str]) -> list[_Block]:
    """Return words that each part has once, as many as appear in the same order."""
    places = _single(own, span.before, span.before_end)
    other_places = _single(others, span.after, span.after_end)
    pairs = [(at, other_places[word]) for word, at in places.items() if word in other_places]
    return [_Block(at, other, 1) for at, other in _longest_rising(pairs)]


def _single(parts: Sequence[str], start: int, end: int) -> dict[str, int]:
    counts = Counter(parts[start:end])
    return {parts[at]: at for at in range(start, end) if counts[parts[at]] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of pairs, rising on the left, that also rises on the right."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [value]
        last[length : length + 1] = [number]
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else None
    while at is not None:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _between(span: _Span, anchors: Sequence[_Block]) -> Iterator[_Span]:
    before, after = span.before, span.after
    for anchor in anchors:
        yield _Span(before, anchor.before, after, anchor.after)
        before, after = anchor.before + 1, anchor.after + 1
    yield _Span(before, span.before_end, after, span.after_end)


def _closely(span: _Span, own: Sequence[str], others: Sequence[str]) -> Iterator[_Block]:
    part = own[span.before : span.before_end]
    other = others[span.after : span.after_end]
    x, y = len(part), len(other)
    steps = _steps(part, other)
    for edits in reversed(range(len(steps))):
        origin = _origin(steps[edits], x - y, edits)
        start = steps[edits][origin]
        size = min(x - start, y - (start - origin))
        if size:
            yield _Block(span.before + x - size, span.after + y - size, size)
        x, y = start, start - origin


def _steps(part: Sequence[str], other: Sequence[str]) -> list[dict[int, int]]:
    """Return, for each number of edits, the furthest point reached before it on every diagonal.

    A diagonal is the position in `part` minus the position in `other`. Empty if too many edits
    would be required.
    """
    furthest = {1: 0}
    steps: list[dict[int, int]] = []
    for edits in range(_MOST_EDITS + 1):
        steps.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            origin = _origin(steps[-1], diagonal, edits)
            at = steps[-1][origin] + (origin < diagonal)
            while (
                at < len(part) and at - diagonal < len(other) and part[at] == other[at - diagonal]
            ):
                at += 1
            furthest[diagonal] = at
            if at >= len(part) and at - diagonal >= len(other):
                return steps
    return []


def _origin(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """Return the previous diagonal: the one above for an addition, otherwise for a removal."""
    if diagonal == -edits:
        return diagonal + 1
    if diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]:
        return diagonal + 1
    return diagonal - 1
