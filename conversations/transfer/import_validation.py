"""Checks of a conversation in a file that types alone cannot express."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workers_ai import ToolCall

from ..answer_record import Record
from ..defined_tools import MOST_TOOLS
from ..settings import Settings
from .export_format import (
    LARGEST_FIGURE,
    PortableConversation,
    PortableMessage,
    PortablePicture,
    label,
)
from .import_faults import Faults, Key
from .import_pictures import PlainPicture

Found = Iterator[tuple[tuple[Key, ...], str]]
"""Pairs of a path, relative to the checked value, and a sentence."""


def check_conversation(
    given: PortableConversation, images: Mapping[str, PlainPicture | None], faults: Faults, at: int
) -> None:
    """Add to `faults` everything that keeps this from being a single valid tree of messages."""
    for place, sentence in (*_tree(given), *_of_settings(given)):
        faults.add(("conversations", at, *place), sentence)
    for number, message in enumerate(given.messages):
        for place, sentence in _message(message, images):
            faults.add(("conversations", at, "messages", number, *place), sentence)


def _of_settings(given: PortableConversation) -> Found:
    return ((("settings", *place), sentence) for place, sentence in _settings(given.settings))


def _tree(given: PortableConversation) -> Found:
    known = {message.id: message for message in given.messages}
    if given.leaf is not None and given.leaf not in known:
        yield ("leaf",), "no message has this id"
    seen: set[str] = set()
    for at, message in enumerate(given.messages):
        if message.id in seen:
            yield ("messages", at, "id"), "another message has this id too"
        seen.add(message.id)
        if sentence := _parent(message, known):
            yield ("messages", at, "parent"), sentence
    for at in _in_cycles(given):
        yield ("messages", at, "parent"), "the message is its own ancestor"


def _parent(message: PortableMessage, known: Mapping[str, PortableMessage]) -> str:
    if message.parent is not None and message.parent not in known:
        return "no message has this id"
    role = known[message.parent].role if message.parent else ""
    if message.role == "assistant" and role not in ("user", "tool"):
        return "an answer follows a question or results: it must be the id of one of those"
    if message.role == "tool" and role != "assistant":
        return "results follow the answer that asks for them: it must be the id of an answer"
    return ""


def _in_cycles(given: PortableConversation) -> Iterator[int]:
    """Yield the index of one message in each cycle."""
    parents = {message.id: message.parent for message in given.messages}
    numbers = {message.id: at for at, message in enumerate(given.messages)}
    round_of: dict[str, str] = {}
    for first in parents:
        step: str | None = first
        while step in parents and step not in round_of:
            round_of[step] = first
            step = parents[step]
        if step is not None and round_of.get(step) == first:
            yield numbers[step]


def _message(message: PortableMessage, images: Mapping[str, PlainPicture | None]) -> Found:
    if message.deleted is not None:
        yield from _deleted(message)
    else:
        yield from _kept(message)
    if message.role != "user" and message.pictures:
        yield ("pictures",), "only a question has pictures"
    for at, picture in enumerate(message.pictures or ()):
        for key, sentence in _picture(picture, images):
            yield ("pictures", at, key), sentence


def _kept(message: PortableMessage) -> Found:
    """Yield what a message of its role lacks, and what it must not have."""
    for role, key in (("assistant", "record"), ("tool", "results")):
        there = getattr(message, key) is not None
        if there is not (message.role == role):
            what = "an answer" if role == "assistant" else "a message with the role `tool`"
            yield (key,), f"{what} needs it" if not there else f"only {what} has it"
    if message.role == "assistant":
        yield from ((("record", *place), sentence) for place, sentence in _record(message))
    if message.role == "tool":
        yield from _results(message)


def _results(message: PortableMessage) -> Found:
    if message.text:
        yield ("text",), "it must be empty: the content is in the results"
    given = message.results
    if given is None:
        return
    if not given.results:
        yield ("results", "results"), "there must be at least one"
    for place, sentence in _ids([each.call for each in given.results]):
        yield ("results", "results", place[0], "call", *place[1:]), sentence


def _deleted(message: PortableMessage) -> Found:
    for key in ("text", "pictures", "record", "results"):
        if getattr(message, key):
            yield (key,), "a deleted message keeps only its position"


def _record(message: PortableMessage) -> Found:
    record = message.record
    if record is None:
        return
    if record.finish is None:
        yield ("finish",), "it is required: every answer in a file has ended"
    if (record.finish == "error") is not (record.failure is not None):
        yield ("failure",), 'it must be present if the finish is "error", and only then'
    if not 0 <= record.begun <= len(message.text):
        yield ("begun",), "it must be a number of characters within the text"
    if record.failure is not None and not record.failure.name.isidentifier():
        yield ("failure", "name"), "it must be the name of an error"
    yield from ((("settings", *place), sentence) for place, sentence in _settings(record.settings))
    yield from _maker(record)
    yield from ((("tool_calls", *place), sentence) for place, sentence in _ids(record.tool_calls))
    for place, figure in _figures(record):
        if figure is not None and not 0 <= figure <= LARGEST_FIGURE:
            yield place, f"the range is 0 to {LARGEST_FIGURE:,}"


def _maker(record: Record) -> Found:
    for key in ("label", "model"):
        if sentence := _label_fault(getattr(record.maker, key)):
            yield ("maker", key), sentence


def _ids(calls: Sequence[ToolCall]) -> Found:
    often = Counter(call.id for call in calls)
    for at, call in enumerate(calls):
        if not call.id:
            yield (at, "id"), "it must not be empty"
        elif often[call.id] > 1:
            yield (at, "id"), "another call in this answer has this id too"


def _settings(given: Settings) -> Found:
    if len(given.tools) > MOST_TOOLS:
        yield ("tools",), f"there must be at most {MOST_TOOLS} tools"
    for at, tool in enumerate(given.tools):
        for fault in tool.setting_faults():
            yield ("tools", at, fault.path), fault.message


def _figures(record: Record) -> Iterator[tuple[tuple[Key, ...], float | None]]:
    yield ("seconds",), record.seconds
    yield ("first_text",), record.first_text
    yield ("damaged",), record.damaged
    if usage := record.usage:
        for key in ("prompt_tokens", "completion_tokens", "total_tokens", "neurons"):
            yield ("usage", key), getattr(usage, key)
    if failure := record.failure:
        yield ("failure", "status_code"), failure.status_code
        yield ("failure", "retry_after"), failure.retry_after
    for at, attempt in enumerate(record.attempts):
        yield ("attempts", at, "status_code"), attempt.status_code
        yield ("attempts", at, "wait"), attempt.wait


def _picture(
    given: PortablePicture, images: Mapping[str, PlainPicture | None]
) -> Iterator[tuple[str, str]]:
    if label(given.name) != given.name:
        yield "name", "it must have at most 255 characters, without / or \\ or control characters"
    if given.image not in images:
        yield "image", "the images do not contain a picture with this hash"
    if (found := images.get(given.image)) is None:
        return
    for key in ("media_type", "width", "height"):
        if getattr(given, key) != getattr(found, key):
            yield key, f"the picture itself has {getattr(found, key)}"
    if given.size != len(found.data):
        yield "size", f"the picture itself has {len(found.data)} bytes"


def _label_fault(text: str) -> str:
    controls = any(unicodedata.category(each) == "Cc" for each in text)
    return "it must be one line without control characters" if controls else ""
