from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers_ai import ResponseError
from workers_ai.sse import LONGEST_LINE, events


def found(*chunks: bytes) -> list[bytes]:
    return list(events(chunks))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_at_lf_crlf_and_cr(end: bytes) -> None:
    assert found(b"data: a" + end + end + b"data: b" + end + end) == [b"a", b"b"]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: one\ndata: two\n\n", [b"one\ntwo"]),
        (b"data:x\n\n", [b"x"]),
        (b"data:  x\n\n", [b" x"]),
        (b": comment\n\ndata: x\n\n", [b"x"]),
        (b"event: message\nid: 1\nretry: 9\ndata: x\n\n", [b"x"]),
        (b"data\n\n", [b""]),
        (b"data: \n\n", [b""]),
        (b"database: x\n\n", []),
        (b"\xef\xbb\xbfdata: x\n\n", [b"x"]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\ndata: y\n\n", [b"y"]),
        (b"data: x", [b"x"]),
        (b"data: [DONE]\n", [b"[DONE]"]),
        (b"\n\n\n\ndata: x\n\n\n\n", [b"x"]),
        ("data: a\u2028b\u0085c\x0bd\n\n".encode(), ["a\u2028b\u0085c\x0bd".encode()]),
        (b"", []),
    ],
)
def test_events_are_framed_as_whatwg_has_it(stream: bytes, expected: list[bytes]) -> None:
    assert found(stream) == expected


@given(
    pieces=st.lists(
        st.sampled_from(
            [b"data: x", b"data:y", b"\r", b"\n", b"\r\n", b": c", b"data", "é\u2028".encode()]
        ),
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 60), max_size=8),
)
def test_events_do_not_depend_on_chunk_boundaries(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    each = [stream[i : i + 1] for i in range(len(stream))]
    assert found(*chunks) == found(stream) == found(*each)


def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(ResponseError, match="line of over"):
        found(*[b"data: " + b"x" * 1_000_000] * (LONGEST_LINE // 1_000_000 + 2))
