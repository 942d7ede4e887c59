"""Conversations: trees of messages with their pictures, how they are stored, and runs of calls."""

from .answer_calls import Calls
from .answer_record import ENDS, Maker
from .defined_tools import (
    LONGEST_TOOL,
    MOST_TOOLS,
    DefinedFunction,
    DefinedTool,
    offered_tools,
    runners,
)
from .next_request import estimated_tokens, next_request, to_messages
from .picture import Picture
from .run_plans import PicturePlan, SweepPlan
from .run_table import run_csv, run_json, run_rows
from .run_view import Run, RunSummary
from .schema_text import LONGEST_SCHEMA, SchemaText, judge, read_schema
from .service import Conversations
from .settings import Offering, Settings, filled_in, variables_in
from .store.database import default_url
from .store.queries import Summary
from .store.store_errors import BusyError, NotYoursError, StoreError
from .tool_prompting import Offer, is_described
from .transfer.chat_export import export_json, export_jsonl, export_markdown
from .transfer.chat_import import Import, ImportRefusedError, read_export
from .tree import Conversation
from .tree_nodes import Answer, Node, Question, ToolResults, Turn, UserTurn
from .zip_upload import picture_files

__all__ = [
    "ENDS",
    "LONGEST_SCHEMA",
    "LONGEST_TOOL",
    "MOST_TOOLS",
    "Answer",
    "BusyError",
    "Calls",
    "Conversation",
    "Conversations",
    "DefinedFunction",
    "DefinedTool",
    "Import",
    "ImportRefusedError",
    "Maker",
    "Node",
    "NotYoursError",
    "Offer",
    "Offering",
    "Picture",
    "PicturePlan",
    "Question",
    "Run",
    "RunSummary",
    "SchemaText",
    "Settings",
    "StoreError",
    "Summary",
    "SweepPlan",
    "ToolResults",
    "Turn",
    "UserTurn",
    "default_url",
    "estimated_tokens",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "filled_in",
    "is_described",
    "judge",
    "next_request",
    "offered_tools",
    "picture_files",
    "read_export",
    "read_schema",
    "run_csv",
    "run_json",
    "run_rows",
    "runners",
    "to_messages",
    "variables_in",
]
