"""Import of conversations from an untrusted file: all of it, or nothing.

Nothing is fetched, run or written here, and an import never overwrites anything.
"""

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from workers_ai import Fault

from ..answer_record import Maker, Record
from ..picture import Picture
from ..settings import Settings
from ..tree import Conversation
from ..tree_nodes import Answer, Ended, Node, Question, StoredToolResults, ToolResults
from .export_format import (
    FORMAT,
    VERSION,
    PortableConversation,
    PortableFile,
    PortableMessage,
    PortablePicture,
)
from .import_faults import Faults
from .import_file import inspect, read_json
from .import_pictures import PlainPicture, read_pictures
from .import_validation import check_conversation

_DELETED = Record(Maker("other", ""), Settings(), finish="done")
"""The record of an answer that was deleted before the export."""


class ImportRefusedError(ValueError):
    """The file was not imported. `faults` has where and why; only the first twenty are listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


class Preview(NamedTuple):
    """The facts about a conversation that help a person decide whether to import it."""

    name: str
    messages: int
    """The number of messages in all branches, without deleted ones."""

    pictures: int
    created: float
    """Seconds since 1970."""


@dataclass(frozen=True)
class ImportedChats:
    """The conversations from a file.

    They are new: each has an id of its own, no owner, and is not stored anywhere. The messages
    keep their ids.
    """

    conversations: tuple[Conversation, ...]

    @property
    def previews(self) -> tuple[Preview, ...]:
        """A preview of each conversation."""
        return tuple(map(_preview, self.conversations))


def read_export(data: bytes) -> ImportedChats:
    """Read what `export_json` wrote; raises `ImportRefusedError` with everything that is wrong."""
    file = _typed(data.removeprefix(codecs.BOM_UTF8))
    faults = Faults()
    images = read_pictures(file.images, faults)
    for at, conversation in enumerate(file.conversations):
        check_conversation(conversation, images, faults, at)
    used = _used(file)
    for sha256 in (each for each in images if each not in used):
        faults.add(("images", sha256), "no message uses this picture; remove it")
    _refuse(faults)
    good = {sha256: found for sha256, found in images.items() if found}
    return ImportedChats(tuple(_conversation(each, good) for each in file.conversations))


def _typed(data: bytes) -> PortableFile:
    """Return the file, checked by type only; references between its parts are not checked yet."""
    faults = Faults()
    value = read_json(data, faults)
    _refuse(faults)
    _check_envelope(value, faults)
    _refuse(faults)
    inspect(value, faults)
    _refuse(faults)
    del value
    try:
        return PortableFile.model_validate_json(data)
    except ValidationError as error:
        faults.add_all(error)
    raise ImportRefusedError(faults.listed())


def _check_envelope(value: Any, faults: Faults) -> None:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        faults.add(("format",), f'this is not a Cabochon export: those have "{FORMAT}" here')
    elif type(value.get("version")) is not int or value["version"] != VERSION:
        faults.add(("version",), f"only version {VERSION} is known; a newer app may read this file")


def _refuse(faults: Faults) -> None:
    if faults.count:
        raise ImportRefusedError(faults.listed())


def _used(file: PortableFile) -> set[str]:
    messages = (message for each in file.conversations for message in each.messages)
    return {picture.image for each in messages for picture in each.pictures or ()}


def _conversation(given: PortableConversation, images: Mapping[str, PlainPicture]) -> Conversation:
    return Conversation(
        title=given.title,
        created=given.created,
        settings=given.settings,
        leaf=given.leaf,
        nodes={each.id: _node(each, images) for each in given.messages},
    )


def _node(given: PortableMessage, images: Mapping[str, PlainPicture]) -> Node:
    place = (given.id, given.created, given.deleted)
    if given.role == "user":
        pictures = (_picture(each, images[each.image]) for each in given.pictures or ())
        return Question(given.text, tuple(pictures), given.parent, *place)
    if given.role == "tool":
        content = given.results or StoredToolResults(())
        return ToolResults(content.results, given.parent, content.said, *place)
    record = given.record or _DELETED
    ended = Ended(record.snapshot(given.text))
    return Answer(record, ended, given.parent, given.text[: record.begun], *place)


def _picture(given: PortablePicture, found: PlainPicture) -> Picture:
    return Picture(
        given.name,
        given.image,
        found.media_type,
        found.width,
        found.height,
        len(found.data),
        given.original_format,
        given.original_width,
        given.original_height,
        given.original_bytes,
        given.changes,
        read=lambda _: found.data,
        read_thumbnail=lambda _: found.thumbnail,
    )


def _preview(given: Conversation) -> Preview:
    living = [node for node in given.nodes.values() if node.deleted is None]
    pictures = _count_pictures(living)
    return Preview(given.name, len(living), pictures, given.created)


def _count_pictures(nodes: Iterable[Node]) -> int:
    return sum(len(node.pictures) for node in nodes if isinstance(node, Question))
