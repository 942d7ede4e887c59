"""Framing of server-sent events: bytes in, the data of each event out.

Follows the WHATWG specification, on bytes: lines end only at CR, LF or CRLF, a leading BOM is
dropped, comments and other fields are skipped, several `data` lines make one event. The charset
that a server declares is ignored: an event stream is UTF-8.
"""

from collections.abc import Iterable, Iterator

from .errors import ResponseError

LONGEST_LINE = 8 * 1024 * 1024
"""Bytes. A longer line cannot be a token and would only fill memory."""

_BOM = b"\xef\xbb\xbf"


def events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the data of each event, whatever the chunk boundaries.

    The last event does not need a blank line after it: servers often omit that after `[DONE]`.
    """
    data: list[bytes] = []
    for line in lines(chunks):
        if line.startswith(b"data:"):
            data.append(line[6:] if line[5:6] == b" " else line[5:])
        elif not line and data:
            yield data[0] if len(data) == 1 else b"\n".join(data)
            data = []
        elif line == b"data":
            data.append(b"")
    if data:
        yield b"\n".join(data)


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each line without its line ending, and the last one even if it has none."""
    found = _raw_lines(chunks)
    for first in found:
        yield first.removeprefix(_BOM)
        break
    yield from found


def _raw_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    pieces: list[bytes] = []
    size = 0
    after_cr = False
    for given in chunks:
        chunk = given[1:] if after_cr and given.startswith(b"\n") else given
        if not chunk:
            after_cr = after_cr and not given
            continue
        after_cr = chunk.endswith(b"\r")
        # bytes.splitlines() splits at CR, LF and CRLF only; str.splitlines() also at U+2028.
        found = chunk.splitlines()
        rest = b"" if chunk.endswith((b"\n", b"\r")) else found.pop()
        if found:
            yield b"".join((*pieces, found[0])) if pieces else found[0]
            yield from found[1:]
            pieces, size = [], 0
        if rest:
            pieces.append(rest)
            size += len(rest)
            if size > LONGEST_LINE:
                raise ResponseError(f"The server sent a line of over {LONGEST_LINE:,} bytes.")
    if pieces:
        yield b"".join(pieces)
