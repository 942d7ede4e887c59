"""The current schema of answers, and every change to it. Each can be undone."""

import json
from dataclasses import replace
from typing import Any

from conversations import LONGEST_SCHEMA

from ..session import Session


def change_schema(session: Session, text: str) -> None:
    """Set the text of the schema. A text that is too long is refused and changes nothing."""
    if len(text) > LONGEST_SCHEMA:
        session.notice(f"A schema can have at most {LONGEST_SCHEMA:,} characters. Nothing changed.")
        return
    session.guided_page.undo_stack.remember(session.settings.schema)
    session.settings = replace(session.settings, schema=text)


def write_schema(session: Session, value: Any) -> None:
    """Set the schema as a value."""
    change_schema(session, json.dumps(value, indent=2, ensure_ascii=False))


def undo_schema(session: Session) -> None:
    """Undo the last change."""
    before = session.guided_page.undo_stack.back()
    if before is not None:
        session.settings = replace(session.settings, schema=before)


def set_guided(session: Session, *, guided: bool) -> None:
    """Set whether requests carry the schema."""
    session.settings = replace(session.settings, guided=guided)
