"""What is kept of a conversation: a tree of messages, their pictures, and where to find them."""

from .calls import Calls
from .defined_tools import (
    LONGEST_TOOL,
    MOST_TOOLS,
    Answered,
    DefinedFunction,
    DefinedTool,
    json_or_text,
    offered_tools,
    runners,
)
from .exports import export_json, export_jsonl, export_markdown
from .failing import BusyError, NotYoursError, StoreError
from .guided import LONGEST_SCHEMA, SchemaText, judge, read_schema
from .imports import Import, ImportRefusedError, read_export
from .library import Conversations
from .nodes import Answer, Asked, Ended, Node, Question, Results, Turn
from .offers import Offer, is_described
from .opening import MEMORY, default_url
from .picture_plans import PicturePlan, key_of
from .pictures import Picture
from .plans import Plan
from .reading import Summary
from .records import ENDS, Maker, Record
from .requests import alternating, estimated_tokens, next_request, told
from .run_tables import run_csv, run_json, run_rows
from .run_views import Run, RunSummary
from .runs import Runs
from .settings import Form, Offering, Settings, filled_in, variables_in
from .sweep_plans import SweepPlan
from .tree import Conversation

__all__ = [
    "ENDS",
    "LONGEST_SCHEMA",
    "LONGEST_TOOL",
    "MEMORY",
    "MOST_TOOLS",
    "Answer",
    "Answered",
    "Asked",
    "BusyError",
    "Calls",
    "Conversation",
    "Conversations",
    "DefinedFunction",
    "DefinedTool",
    "Ended",
    "Form",
    "Import",
    "ImportRefusedError",
    "Maker",
    "Node",
    "NotYoursError",
    "Offer",
    "Offering",
    "Picture",
    "PicturePlan",
    "Plan",
    "Question",
    "Record",
    "Results",
    "Run",
    "RunSummary",
    "Runs",
    "SchemaText",
    "Settings",
    "StoreError",
    "Summary",
    "SweepPlan",
    "Turn",
    "alternating",
    "default_url",
    "estimated_tokens",
    "export_json",
    "export_jsonl",
    "export_markdown",
    "filled_in",
    "is_described",
    "json_or_text",
    "judge",
    "key_of",
    "next_request",
    "offered_tools",
    "read_export",
    "read_schema",
    "run_csv",
    "run_json",
    "run_rows",
    "runners",
    "told",
    "variables_in",
]
