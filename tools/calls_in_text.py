"""Tool calls in the text of an answer, for models without tokens for them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workers_ai import FunctionTool, Tool, ToolCall
from workers_ai.tool_calls import ToolCallAssembler

from .call_parser import Entry, Notation, NotCallsError, OfferedTools, read_calls

RecoveredForm = Literal["json", "python", "fenced json", "fenced python", "tool_code", "marked"]
"""How the calls were written:

- `json`: the whole text is JSON, as `describe_tools` requests
- `python`: the whole text is calls in Python notation, `[f(a=1)]` or one per line
- `fenced json`, `fenced python`: the same in a code fence
- `tool_code`: either of them in a fence labeled `tool_code` (or `tool_call`, `tool_calls`)
- `marked`: either of them between `<tool_call>` or `[TOOL_REQUEST]` and the closing marker
"""

LONGEST_TEXT = 100_000
"""Characters. Longer answers are not searched."""

MOST_CALLS = 128
"""More calls in one answer mean that the model is repeating itself."""

LONGEST_ASIDE = 160
"""Characters of the one sentence allowed around a fence or markers."""

_LANGUAGES: dict[str, RecoveredForm | None] = {
    "": None,
    "json": None,
    "py": None,
    "python": None,
    "tool_code": "tool_code",
    "tool_call": "tool_code",
    "tool_calls": "tool_code",
}
_FENCED: dict[Notation, RecoveredForm] = {"json": "fenced json", "python": "fenced python"}
_MARKS = {
    "<tool_call>": "</tool_call>",
    "<tool_code>": "</tool_code>",
    "[TOOL_REQUEST]": "[END_TOOL_REQUEST]",
}
_GOES_ON = re.compile(r"[.!?…]\s+\S|[。\uff01\uff1f]\s*\S|\n|``|[<\[{]")
_EXPLAINS = re.compile(
    r"^to (?:call|use|invoke)\b"
    r"|\b(?:examples?|e\.g|for instance|how to|formats?|syntax|like (?:this|so)"
    r"|you (?:can|could|would|should|may|might|must|need|call|use|write)"
    r"|(?:would|don't|do not|never) (?:be|call|look|return|use|write))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Calls found in a text. Like all calls, they are never executed here."""

    calls: tuple[ToolCall, ...]
    """The calls in text order, at least one."""

    form: RecoveredForm
    """How they were written."""

    before: str = ""
    """The text before them; usually empty."""

    after: str = ""
    """The text after them; usually empty."""


class _Found(NamedTuple):
    form: RecoveredForm
    entries: list[Entry]
    before: str = ""
    after: str = ""


def recover_calls(text: str, tools: Sequence[Tool | FunctionTool]) -> Recovered | None:
    """Return the calls that an answer consists of, or None if it is an ordinary answer.

    The text, or its one fenced block, or its marked blocks, must consist only of calls with the
    exact names of the offered `tools`. One short sentence is allowed around a fence or markers,
    unless it explains how to call. JSON is an object with `name` and `arguments` or `parameters`,
    or with the arguments next to `name` (at least one of them must be the tool's), the wrapped
    shapes of wire.md 1.4, or several of these. Python notation accepts only literals, by keyword,
    or by position if the tool's required properties come first. Text that is truncated, longer
    than LONGEST_TEXT, or nested deeper than a ToolCall keeps is not a call. Arguments are not
    checked against the tool's schema. Nothing is evaluated; nothing is raised.
    """
    if not tools or len(text) > LONGEST_TEXT:
        return None
    offered = OfferedTools(tools)
    forms: tuple[Callable[[str, OfferedTools], _Found], ...] = (_bare, _fenced, _marked)
    for form in forms:
        try:
            found = form(text, offered)
        except NotCallsError:
            continue
        if 0 < len(found.entries) <= MOST_CALLS:
            calls = ToolCallAssembler()
            calls.add(found.entries)
            return Recovered(calls.calls(), found.form, found.before, found.after)
    return None


def _bare(text: str, tools: OfferedTools) -> _Found:
    begin, end = text.strip()[:1], text.strip()[-1:]
    if not (begin in ("{", "[") or begin.isidentifier()) or end not in ("}", "]", ")"):
        raise NotCallsError("prose")
    return _Found(*read_calls(text, tools))


def _fenced(text: str, tools: OfferedTools) -> _Found:
    lines = text.split("\n")
    fences = [at for at, line in enumerate(lines) if line.lstrip().startswith("```")]
    if len(fences) != 2:  # noqa: PLR2004
        raise NotCallsError("not one fenced block")
    first, last = fences
    language = lines[first].strip().lstrip("`").strip().lower()
    if language not in _LANGUAGES or lines[last].strip().strip("`"):
        raise NotCallsError("a fence for something else")
    before, after = _around("\n".join(lines[:first]), "\n".join(lines[last + 1 :]))
    notation, entries = read_calls("\n".join(lines[first + 1 : last]), tools)
    return _Found(_LANGUAGES[language] or _FENCED[notation], entries, before, after)


def _marked(text: str, tools: OfferedTools) -> _Found:
    for opening, closing in _MARKS.items():
        begin, end = text.find(opening), text.rfind(closing)
        if 0 <= begin < end:
            before, after = _around(text[:begin], text[end + len(closing) :])
            inside = text[begin + len(opening) : end]
            return _Found("marked", _between_marks(inside, opening, closing, tools), before, after)
    raise NotCallsError("no markers")


def _between_marks(inside: str, opening: str, closing: str, tools: OfferedTools) -> list[Entry]:
    try:
        # First as one block: an argument may contain the markers.
        return read_calls(inside, tools)[1]
    except NotCallsError:
        blocks = _blocks(inside, opening, closing)
        return [entry for block in blocks for entry in read_calls(block, tools)[1]]


def _blocks(inside: str, opening: str, closing: str) -> Iterator[str]:
    first, *others = inside.split(closing)
    yield first
    for other in others:
        blank, marker, block = other.partition(opening)
        if blank.strip() or not marker:
            raise NotCallsError("text between the calls")
        yield block


def _around(before: str, after: str) -> tuple[str, str]:
    before, after = before.strip(), after.strip()
    aside = f"{before} {after}".strip()
    if len(aside) > LONGEST_ASIDE or _GOES_ON.search(aside) or _EXPLAINS.search(aside):
        raise NotCallsError("an explanation")
    # An unpaired backtick is a truncated fence, as half a marker is a truncated marker.
    if aside.count("`") % 2:
        raise NotCallsError("cut off")
    return before, after
