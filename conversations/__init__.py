"""Conversations: trees of messages with their pictures, how they are stored, and runs of calls."""

from .answer_calls import AnswerCalls
from .answer_record import ENDS, Maker
from .defined_tools import (
    LONGEST_TOOL,
    MOST_TOOLS,
    DefinedFunction,
    DefinedTool,
    offered_tools,
    tool_runners,
)
from .next_request import estimated_tokens, next_request, to_messages
from .picture import Picture
from .picture_run_table import run_csv, run_json, run_rows
from .run import Run, RunSummary
from .run_plans import PicturePlan, SweepPlan
from .schema_text import LONGEST_SCHEMA, SchemaText, judge_answer, read_schema
from .service import Conversations
from .settings import OfferMode, Settings, fill_variables, variables_in
from .store.database import default_database_url
from .store.queries import ChatSummary
from .store.store_errors import BusyError, NotYoursError, StoreError
from .tool_prompting import ToolOffer, are_tools_described
from .transfer.chat_export import export_json, export_jsonl, export_markdown
from .transfer.chat_import import ImportedChats, ImportRefusedError, read_export
from .tree import Conversation
from .tree_nodes import Answer, Node, Question, ToolResults, Turn, UserTurn
from .zip_upload import uploaded_pictures

__all__ = [
    "ENDS",
    "LONGEST_SCHEMA",
    "LONGEST_TOOL",
    "MOST_TOOLS",
    "Answer",
    "AnswerCalls",
    "BusyError",
    "ChatSummary",
    "Conversation",
    "Conversations",
    "DefinedFunction",
    "DefinedTool",
    "ImportRefusedError",
    "ImportedChats",
    "Maker",
    "Node",
    "NotYoursError",
    "OfferMode",
    "Picture",
    "PicturePlan",
    "Question",
    "Run",
    "RunSummary",
    "SchemaText",
    "Settings",
    "StoreError",
    "SweepPlan",
    "ToolOffer",
    "ToolResults",
    "Turn",
    "UserTurn",
    "are_tools_described",
    "default_database_url",
    "estimated_tokens",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "fill_variables",
    "judge_answer",
    "next_request",
    "offered_tools",
    "read_export",
    "read_schema",
    "run_csv",
    "run_json",
    "run_rows",
    "to_messages",
    "tool_runners",
    "uploaded_pictures",
    "variables_in",
]
