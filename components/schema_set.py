"""The schema of answers that is set, and every change to it: each can be taken back."""

import json
from dataclasses import replace
from typing import Any

from conversations import LONGEST_SCHEMA

from .session import Session


def change_schema(session: Session, text: str) -> None:
    """Set the text of the schema; one that is too long is refused, and the last one stays."""
    if len(text) > LONGEST_SCHEMA:
        session.notice(f"A schema has at most {LONGEST_SCHEMA:,} characters. Nothing changed.")
        return
    session.guided_page.before.remember(session.settings.schema)
    session.settings = replace(session.settings, schema=text)


def write_schema(session: Session, value: Any) -> None:
    """Set the schema as a value."""
    change_schema(session, json.dumps(value, indent=2, ensure_ascii=False))


def undo_schema(session: Session) -> None:
    """Take the last change back."""
    before = session.guided_page.before.back()
    if before is not None:
        session.settings = replace(session.settings, schema=before)


def set_guided(session: Session, *, guided: bool) -> None:
    """Switch on or off that requests carry the schema."""
    session.settings = replace(session.settings, guided=guided)
