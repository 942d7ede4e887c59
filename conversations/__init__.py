"""What is kept of a conversation: a tree of messages, their pictures, and where to find them."""

from .exports import export_json, export_jsonl, export_markdown
from .failing import BusyError, NotYoursError, StoreError
from .imports import Import, ImportRefusedError, read_export
from .library import Conversations
from .nodes import Answer, Ended, Node, Question, Turn
from .opening import MEMORY, default_url
from .pictures import Picture
from .reading import Summary
from .records import ENDS, Failure, Maker, Record
from .requests import alternating, estimated_tokens, next_request, told
from .settings import Form, Settings, filled_in, variables_in
from .tree import Conversation

__all__ = [
    "ENDS",
    "MEMORY",
    "Answer",
    "BusyError",
    "Conversation",
    "Conversations",
    "Ended",
    "Failure",
    "Form",
    "Import",
    "ImportRefusedError",
    "Maker",
    "Node",
    "NotYoursError",
    "Picture",
    "Question",
    "Record",
    "Settings",
    "StoreError",
    "Summary",
    "Turn",
    "alternating",
    "default_url",
    "estimated_tokens",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "filled_in",
    "next_request",
    "read_export",
    "told",
    "variables_in",
]
