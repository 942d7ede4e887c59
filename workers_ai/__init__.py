"""The shared client of the Workers AI API.

    from workers_ai import ChatRequest, Client, Cloudflare

    client = Client(Cloudflare(account_id, api_token))
    request = ChatRequest(messages=[{"role": "user", "content": "Hello"}], temperature=0.2)
    for chunk in client.stream(request):
        print(chunk.text, end="")

A request has one of the two documented forms, a backend defines where it goes, and every answer
arrives as the same `Response` or `Chunk`, whatever its shape on the wire.
"""

from . import schema_fields, sse
from .addresses import ANYWHERE, LOOPBACK, AddressRule
from .backends import CLOUDFLARE_API, GEMMA, Backend, Cloudflare, ToolSupport
from .builtin.answers import PromptTooLongError
from .builtin.backend import BuiltIn
from .builtin.grammars import SchemaError
from .builtin.library import Passage, load_passages
from .builtin.library import load_passages as help_passages
from .builtin.model import warm
from .builtin.retracing import Moment, retrace
from .builtin.sampling import COLDEST, DEFAULT_TEMPERATURE, Settings, Vector, penalties, weights
from .client import Client, Request
from .data_uris import decode_data_uri
from .described_tools import INSTRUCTIONS, TOOLS_PLACE, describe_tools
from .engines.backend import LocalEngine
from .engines.changes import Change, read_changes
from .engines.connecting import openai_url
from .engines.downloads import Download
from .engines.finding import PORTS, engine_at, find_engines
from .engines.getting import SUGGESTED, steps_to_gemma
from .engines.models import EngineModel, models_in
from .engines.notes import ParameterNote
from .engines.openai_requests import openai_request, wrapped_tool
from .engines.pulling import PullProgress, pull
from .engines.recognising import FoundEngine
from .engines.table import ENGINES
from .engines.transport import translated_request
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
from .failures import retries_for
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
from .schema_checks.equality import identity
from .schema_checks.schemas import check_schema
from .schema_flags import Flag, schema_flags
from .schema_sources.guided_examples import EXAMPLE_SCHEMAS, GuidedExample
from .schema_sources.sample_pictures import sample_picture
from .schema_sources.sourced import SchemaSourceError, SourcedSchema
from .schema_sources.sourcing import schema_from
from .secrets import REDACTED, redact
from .serve.beside import endpoint_routes
from .stop import Stop
from .tool_checks.drafts import ToolDraft, ToolFault, ToolFix
from .tool_checks.names import name_faults
from .tool_checks.reading import read_tool
from .tool_imports.exporting import FORMS, Form, export_tools
from .tool_imports.imported import SOURCES, ImportedTools, ImportToolsError, Source
from .tool_imports.importing import import_tools
from .tool_turns import ResultRole, ToolResult, call_message, result_messages
from .tools import FunctionDefinition, FunctionTool, Tool
from .wire import decode_body, decode_stream

__all__ = [
    "ANYWHERE",
    "CLOUDFLARE_API",
    "COLDEST",
    "DEEPEST_TEXT",
    "DEFAULT_TEMPERATURE",
    "ENGINES",
    "EXAMPLE_SCHEMAS",
    "EXAMPLE_TOOLS",
    "FORMS",
    "GEMMA",
    "INSTRUCTIONS",
    "LOOPBACK",
    "MOST_TIMED",
    "PARAMETERS",
    "PORTS",
    "REDACTED",
    "RUNNABLE_TOOLS",
    "SOURCES",
    "SUGGESTED",
    "TOOLS_PLACE",
    "TWO_CALLS",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AddressRule",
    "Attempt",
    "AuthenticationError",
    "Backend",
    "BuiltIn",
    "Change",
    "ChatRequest",
    "Chunk",
    "Client",
    "Cloudflare",
    "ContextWindowError",
    "Download",
    "EncodedImage",
    "EngineModel",
    "ExampleTool",
    "Exchange",
    "Fault",
    "Finish",
    "Flag",
    "Form",
    "FoundEngine",
    "FunctionDefinition",
    "FunctionTool",
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
    "LocalEngine",
    "Message",
    "ModelCard",
    "ModelUnavailableError",
    "Moment",
    "Parameter",
    "ParameterNote",
    "Parameters",
    "Part",
    "Passage",
    "Place",
    "PromptRequest",
    "PromptTooLongError",
    "PullProgress",
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
    "SchemaError",
    "SchemaSourceError",
    "Settings",
    "Snapshot",
    "Source",
    "SourcedSchema",
    "Stop",
    "Table",
    "TextPart",
    "Tool",
    "ToolCall",
    "ToolDraft",
    "ToolError",
    "ToolFault",
    "ToolFix",
    "ToolResult",
    "ToolRun",
    "ToolSupport",
    "Usage",
    "Vector",
    "Verdict",
    "WorkersAIError",
    "call_message",
    "check_answer",
    "check_parameter",
    "check_schema",
    "decode_body",
    "decode_data_uri",
    "decode_stream",
    "describe_tools",
    "endpoint_routes",
    "engine_at",
    "estimate_message_tokens",
    "estimate_tokens",
    "export_tools",
    "faults",
    "find_engines",
    "gemma_prompt",
    "has_gemma_marks",
    "help_passages",
    "hint",
    "identity",
    "import_tools",
    "is_integer",
    "is_number",
    "load_passages",
    "marked_json",
    "model_card",
    "model_view",
    "models_in",
    "name_faults",
    "nesting",
    "of_one_kind",
    "openai_request",
    "openai_url",
    "parse_parameters",
    "parse_request",
    "parse_tool",
    "path",
    "penalties",
    "picture_files",
    "pull",
    "read_changes",
    "read_guided_answer",
    "read_image",
    "read_json",
    "read_parameter",
    "read_tool",
    "recover_calls",
    "redact",
    "repair_request",
    "result_messages",
    "retrace",
    "retries_for",
    "run_tool",
    "sample_picture",
    "schema_fields",
    "schema_flags",
    "schema_from",
    "shown",
    "sse",
    "steps_to_gemma",
    "table_of",
    "tables",
    "thumbnail",
    "to_csv",
    "translated_request",
    "wait_before",
    "warm",
    "weights",
    "wrapped_tool",
]
