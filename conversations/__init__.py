"""Conversations: trees of messages with their pictures, how they are stored, and runs of calls."""

from .calls import Calls
from .defined_tools import (
    LONGEST_TOOL,
    MOST_TOOLS,
    DefinedFunction,
    DefinedTool,
    offered_tools,
    runners,
)
from .exports import export_json, export_jsonl, export_markdown
from .failing import BusyError, NotYoursError, StoreError
from .guided import LONGEST_SCHEMA, SchemaText, judge, read_schema
from .imports import Import, ImportRefusedError, read_export
from .library import Conversations
from .nodes import Answer, Asked, Node, Question, Results, Turn
from .offers import Offer, is_described
from .opening import default_url
from .picture_plans import PicturePlan
from .pictures import Picture
from .reading import Summary
from .records import ENDS, Maker
from .requests import estimated_tokens, next_request, told
from .run_tables import run_csv, run_json, run_rows
from .run_views import Run, RunSummary
from .settings import Offering, Settings, filled_in, variables_in
from .sweep_plans import SweepPlan
from .tree import Conversation
from .zip_upload import picture_files

__all__ = [
    "ENDS",
    "LONGEST_SCHEMA",
    "LONGEST_TOOL",
    "MOST_TOOLS",
    "Answer",
    "Asked",
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
    "Results",
    "Run",
    "RunSummary",
    "SchemaText",
    "Settings",
    "StoreError",
    "Summary",
    "SweepPlan",
    "Turn",
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
    "told",
    "variables_in",
]
