"""Conversations as files: JSON to import elsewhere, Markdown to read, JSONL for other tools.

Equal conversations give equal bytes. None of the files contains what was deleted.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from workers_ai import Message, TextPart

from ..answer_record import Record, well_formed
from ..next_request import alternating, to_messages
from ..picture import Picture
from ..settings import fill_variables
from ..store.message_rows import role_of
from ..tree import Conversation
from ..tree_nodes import Answer, Node, Question, ToolResults
from .export_format import (
    FORMAT,
    VERSION,
    PortableConversation,
    PortableFile,
    PortableMessage,
    PortablePicture,
    label,
)
from .markdown_export import conversation_markdown

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can hold: equal conversations give equal files."""


def export_json(conversations: Iterable[Conversation]) -> bytes:
    """Return conversations with all branches and pictures as one file for `read_export`.

    An answer that is still being written is included as it is now, marked as ended early. Raises
    `StoreError` if a picture cannot be read.
    """
    given = list(conversations)
    file = PortableFile(
        format=FORMAT,
        version=VERSION,
        conversations=tuple(map(_conversation, given)),
        images=_images(given),
    )
    value = file.model_dump(mode="json", exclude_none=True)
    value["conversations"] = _well_formed(value["conversations"])
    for attempt in _attempts(value):
        attempt.setdefault("status_code", None)
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def export_jsonl(conversation: Conversation) -> bytes:
    """Return the messages that the next request begins with, one JSON object per line."""
    messages = alternating(to_messages(conversation.turns))
    settings = conversation.settings
    system = well_formed(fill_variables(settings.system, settings.variables))
    if system.strip():
        messages.insert(0, Message(role="system", content=[TextPart(text=system)]))
    return "".join(f"{json.dumps(each.body())}\n" for each in messages).encode()


def export_markdown(conversation: Conversation) -> bytes:
    """Return the shown path as a ZIP: `conversation.md`, and its pictures in a folder."""
    pictures = {each.sha256: each for each in _shown_pictures(conversation)}
    names = {sha256: _file_name(pictures[sha256]) for sha256 in sorted(pictures)}
    text = well_formed(conversation_markdown(conversation, names))
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _write(archive, "conversation.md", text.encode(), zipfile.ZIP_DEFLATED)
        for sha256, name in names.items():
            _write(archive, name, pictures[sha256].data, zipfile.ZIP_STORED)
    return file.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, data, compression)


def _shown_pictures(conversation: Conversation) -> Iterable[Picture]:
    asked = (turn.question for turn in conversation.turns)
    return (picture for each in asked if isinstance(each, Question) for picture in each.pictures)


def _file_name(picture: Picture) -> str:
    ending = "png" if picture.media_type == "image/png" else "jpg"
    return f"images/{picture.sha256}.{ending}"


def _attempts(file: Any) -> Iterator[dict[str, Any]]:
    """Yield the failed attempts, in which `status_code` is a required key even if it is null."""
    for conversation in file["conversations"]:
        for message in conversation["messages"]:
            yield from message.get("record", {}).get("attempts", ())


def _images(conversations: Iterable[Conversation]) -> dict[str, str]:
    nodes = (node for each in conversations for node in each.nodes.values())
    living = (node for node in nodes if isinstance(node, Question) and node.deleted is None)
    found = {picture.sha256: picture for node in living for picture in node.pictures}
    return {sha256: found[sha256].image.data_uri for sha256 in sorted(found)}


def _conversation(given: Conversation) -> PortableConversation:
    nodes = sorted(given.nodes.values(), key=lambda node: (node.created, node.id))
    return PortableConversation(
        title=well_formed(given.title),
        created=given.created,
        settings=given.settings,
        leaf=given.leaf if given.leaf in given.nodes else None,
        messages=tuple(map(_message, nodes)),
    )


def _message(node: Node) -> PortableMessage:
    fixed = {
        "id": node.id,
        "parent": node.parent,
        "role": role_of(node),
        "created": node.created,
        "deleted": node.deleted,
    }
    return PortableMessage.model_validate(fixed | _content(node))


def _content(node: Node) -> dict[str, Any]:
    if node.deleted is not None:
        return {"text": ""}
    if isinstance(node, Question):
        return {"text": node.text, "pictures": tuple(map(_picture, node.pictures)) or None}
    if isinstance(node, ToolResults):
        return {"text": "", "results": node.kept()}
    text, record = _as_it_is(node)
    return {"text": well_formed(text), "record": record}


def _as_it_is(answer: Answer) -> tuple[str, Record]:
    """Return text and record from the same moment: the answer may be growing."""
    snapshot = answer.snapshot()
    record = answer.record
    if answer.reply or record.finish is None:
        ended = replace(snapshot, finish=snapshot.finish or "ended_early")
        record = record.ended(ended, answer.attempts)
    return answer.begun + snapshot.text, record


def _picture(picture: Picture) -> PortablePicture:
    facts = picture.facts() | {"image": picture.sha256, "name": label(picture.name)}
    del facts["sha256"]
    return PortablePicture.model_validate(facts)


def _well_formed(value: Any) -> Any:
    """Return the value with lone surrogates replaced, wherever they are."""
    text = json.dumps(value, ensure_ascii=False)
    whole = well_formed(text)
    return value if whole == text else json.loads(whole)
