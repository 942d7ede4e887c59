"""The shared client of the Workers AI API.

    from workers_ai import ChatRequest, Client, Cloudflare

    client = Client(Cloudflare(account_id, api_token))
    request = ChatRequest(messages=[{"role": "user", "content": "Hello"}], temperature=0.2)
    for chunk in client.stream(request):
        print(chunk.text, end="")

A request has one of the two documented forms, a backend defines where it goes, and every answer
arrives as the same `Response` or `Chunk`, whatever its shape on the wire.
"""

from . import schema_fields, sse, wire_writing
from .addresses import ANYWHERE, LOOPBACK, AddressRule
from .backends import (
    CLOUDFLARE_API,
    GEMMA,
    Backend,
    BackendKind,
    Cloudflare,
    ToolSupport,
    url_faults,
    word_faults,
)
from .checked_sockets import DirectTransport
from .client import Client, Request
from .contract import input_schema, output_schema
from .data_uris import decode_data_uri
from .described_tools import INSTRUCTIONS, TOOLS_PLACE, describe_tools
from .errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ContextWindowError,
    Fault,
    InvalidImageError,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
)
from .example_tools import EXAMPLE_TOOLS, TWO_CALLS, ExampleTool
from .exchanges import MOST_TIMED, Attempt, Exchange
from .failures import failure_of, retries_for
from .faults import faults, path
from .gemma_template import gemma_prompt, has_gemma_marks
from .guided_answers.reading import GuidedAnswer, Verdict, read_guided_answer
from .guided_answers.repairs import repair_request
from .guided_answers.tables import Table, of_one_kind, table_of, tables, to_csv
from .images import EncodedImage, model_view, read_image, thumbnail
from .json_text import DEEPEST_TEXT, JSONTextError, read_json
from .json_values import Place, is_integer, is_number, nesting, shown
from .marked_json import marked_json
from .messages import ImagePart, ImageURL, Message, Part, TextPart
from .model_card import ModelCard, model_card
from .parameters import PARAMETERS, Parameter, Parameters, hint
from .parsing import check_parameter, parse_parameters, parse_request, parse_tool, read_parameter
from .picture_files import picture_files
from .recovered_calls import Recovered, RecoveredForm, recover_calls
from .replies import Reply, Snapshot
from .requests import ChatRequest, PromptRequest, estimate_message_tokens, estimate_tokens
from .responses import Chunk, Finish, Response, ToolCall, Usage
from .retries import wait_before
from .runnable_tools.http_stub import HttpStub
from .runnable_tools.library import RUNNABLE_TOOLS
from .runnable_tools.running import ToolRun, run_tool
from .runnable_tools.tool import RunnableTool, ToolError
from .schema_checks.answers import check_answer
from .schema_checks.ecma_patterns import PatternError
from .schema_checks.equality import identity
from .schema_checks.formats import FORMATS
from .schema_checks.patterns import compiled, pattern_problem
from .schema_checks.schemas import check_schema
from .schema_checks.shapes import LISTS, MAPS, SINGLE
from .schema_flags import Flag, schema_flags
from .schema_sources.guided_examples import EXAMPLE_SCHEMAS, GuidedExample
from .schema_sources.sample_pictures import sample_picture
from .schema_sources.sourced import SchemaSourceError, SourcedSchema
from .schema_sources.sourcing import schema_from
from .secrets import REDACTED, redact
from .sending import Sender, whole
from .sockets import Call
from .sse import events, lines
from .stop import Stop
from .tool_calls import ToolCalls
from .tool_checks.drafts import ToolDraft, ToolFault, ToolFix
from .tool_checks.names import name_faults
from .tool_checks.reading import read_tool
from .tool_imports.exporting import FORMS, Form, export_tools
from .tool_imports.gathering import Gathering
from .tool_imports.imported import SOURCES, ImportedTools, ImportToolsError, Source
from .tool_imports.importing import import_tools
from .tool_turns import ResultRole, ToolResult, call_message, result_messages
from .tools import FunctionDefinition, FunctionTool, Tool
from .wire import LARGEST_BODY, LARGEST_STREAM, decode_body, decode_stream, load_object
from .wire_writing import DONE, JSON, compact, event

__all__ = [
    "ANYWHERE",
    "CLOUDFLARE_API",
    "DEEPEST_TEXT",
    "DONE",
    "EXAMPLE_SCHEMAS",
    "EXAMPLE_TOOLS",
    "FORMATS",
    "FORMS",
    "GEMMA",
    "INSTRUCTIONS",
    "JSON",
    "LARGEST_BODY",
    "LARGEST_STREAM",
    "LISTS",
    "LOOPBACK",
    "MAPS",
    "MOST_TIMED",
    "PARAMETERS",
    "REDACTED",
    "RUNNABLE_TOOLS",
    "SINGLE",
    "SOURCES",
    "TOOLS_PLACE",
    "TWO_CALLS",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AddressRule",
    "Attempt",
    "AuthenticationError",
    "Backend",
    "BackendKind",
    "Call",
    "ChatRequest",
    "Chunk",
    "Client",
    "Cloudflare",
    "ContextWindowError",
    "DirectTransport",
    "EncodedImage",
    "ExampleTool",
    "Exchange",
    "Fault",
    "Finish",
    "Flag",
    "Form",
    "FunctionDefinition",
    "FunctionTool",
    "Gathering",
    "GuidedAnswer",
    "GuidedExample",
    "HttpStub",
    "ImagePart",
    "ImageURL",
    "ImportToolsError",
    "ImportedTools",
    "InvalidImageError",
    "InvalidRequestError",
    "JSONTextError",
    "Message",
    "ModelCard",
    "ModelUnavailableError",
    "Parameter",
    "Parameters",
    "Part",
    "PatternError",
    "Place",
    "PromptRequest",
    "QuotaError",
    "RateLimitError",
    "Recovered",
    "RecoveredForm",
    "Reply",
    "Request",
    "Response",
    "ResponseError",
    "ResultRole",
    "RunnableTool",
    "SchemaSourceError",
    "Sender",
    "Snapshot",
    "Source",
    "SourcedSchema",
    "Stop",
    "Table",
    "TextPart",
    "Tool",
    "ToolCall",
    "ToolCalls",
    "ToolDraft",
    "ToolError",
    "ToolFault",
    "ToolFix",
    "ToolResult",
    "ToolRun",
    "ToolSupport",
    "Usage",
    "Verdict",
    "WorkersAIError",
    "call_message",
    "check_answer",
    "check_parameter",
    "check_schema",
    "compact",
    "compiled",
    "decode_body",
    "decode_data_uri",
    "decode_stream",
    "describe_tools",
    "estimate_message_tokens",
    "estimate_tokens",
    "event",
    "events",
    "export_tools",
    "failure_of",
    "faults",
    "gemma_prompt",
    "has_gemma_marks",
    "hint",
    "identity",
    "import_tools",
    "input_schema",
    "is_integer",
    "is_number",
    "lines",
    "load_object",
    "marked_json",
    "model_card",
    "model_view",
    "name_faults",
    "nesting",
    "of_one_kind",
    "output_schema",
    "parse_parameters",
    "parse_request",
    "parse_tool",
    "path",
    "pattern_problem",
    "picture_files",
    "read_guided_answer",
    "read_image",
    "read_json",
    "read_parameter",
    "read_tool",
    "recover_calls",
    "redact",
    "repair_request",
    "result_messages",
    "retries_for",
    "run_tool",
    "sample_picture",
    "schema_fields",
    "schema_flags",
    "schema_from",
    "shown",
    "sse",
    "table_of",
    "tables",
    "thumbnail",
    "to_csv",
    "url_faults",
    "wait_before",
    "whole",
    "wire_writing",
    "word_faults",
]
