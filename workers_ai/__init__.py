"""The shared client of the Workers AI API.

    from workers_ai import ChatRequest, Client, Cloudflare

    client = Client(Cloudflare(account_id, api_token))
    request = ChatRequest(messages=[{"role": "user", "content": "Hello"}], temperature=0.2)
    for chunk in client.stream(request):
        print(chunk.text, end="")

A request has one of the two documented forms, a backend defines where it goes, and every answer
arrives as the same `Response` or `Chunk`, whatever its shape on the wire.
"""

from . import sse, wire_writing
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
from .exchanges import MOST_TIMED, Attempt, Exchange
from .failures import failure_of, retries_for
from .faults import faults, path
from .gemma_template import gemma_prompt, has_gemma_marks
from .images import EncodedImage, model_view, read_image, thumbnail
from .json_text import DEEPEST_TEXT, JSONTextError, check_size, read_documents, read_json
from .json_values import (
    DEEPEST_NESTING,
    LONGEST_INTEGER,
    Place,
    check_json,
    is_integer,
    is_number,
    nesting,
    plain,
    shown,
)
from .messages import ImagePart, ImageURL, Message, Part, TextPart
from .model_card import ModelCard, model_card
from .parameters import PARAMETERS, Parameter, Parameters, hint
from .parsing import check_parameter, parse_parameters, parse_request, parse_tool, read_parameter
from .picture_files import picture_files
from .replies import Reply, Snapshot
from .requests import ChatRequest, PromptRequest, estimate_message_tokens, estimate_tokens
from .responses import Chunk, Finish, Response, ToolCall, Usage
from .retries import wait_before
from .secrets import REDACTED, redact
from .sending import Sender, whole
from .sockets import Call
from .sse import events, lines
from .stop import Stop
from .tool_calls import DEEPEST_ARGUMENTS, ToolCalls
from .tool_turns import ResultRole, ToolResult, call_message, result_messages
from .tools import FunctionDefinition, FunctionTool, Tool
from .wire import LARGEST_BODY, LARGEST_STREAM, decode_body, decode_stream, load_object
from .wire_writing import DONE, JSON, compact, event

__all__ = [
    "ANYWHERE",
    "CLOUDFLARE_API",
    "DEEPEST_ARGUMENTS",
    "DEEPEST_NESTING",
    "DEEPEST_TEXT",
    "DONE",
    "GEMMA",
    "JSON",
    "LARGEST_BODY",
    "LARGEST_STREAM",
    "LONGEST_INTEGER",
    "LOOPBACK",
    "MOST_TIMED",
    "PARAMETERS",
    "REDACTED",
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
    "Exchange",
    "Fault",
    "Finish",
    "FunctionDefinition",
    "FunctionTool",
    "ImagePart",
    "ImageURL",
    "InvalidImageError",
    "InvalidRequestError",
    "JSONTextError",
    "Message",
    "ModelCard",
    "ModelUnavailableError",
    "Parameter",
    "Parameters",
    "Part",
    "Place",
    "PromptRequest",
    "QuotaError",
    "RateLimitError",
    "Reply",
    "Request",
    "Response",
    "ResponseError",
    "ResultRole",
    "Sender",
    "Snapshot",
    "Stop",
    "TextPart",
    "Tool",
    "ToolCall",
    "ToolCalls",
    "ToolResult",
    "ToolSupport",
    "Usage",
    "WorkersAIError",
    "call_message",
    "check_json",
    "check_parameter",
    "check_size",
    "compact",
    "decode_body",
    "decode_data_uri",
    "decode_stream",
    "estimate_message_tokens",
    "estimate_tokens",
    "event",
    "events",
    "failure_of",
    "faults",
    "gemma_prompt",
    "has_gemma_marks",
    "hint",
    "input_schema",
    "is_integer",
    "is_number",
    "lines",
    "load_object",
    "model_card",
    "model_view",
    "nesting",
    "output_schema",
    "parse_parameters",
    "parse_request",
    "parse_tool",
    "path",
    "picture_files",
    "plain",
    "read_documents",
    "read_image",
    "read_json",
    "read_parameter",
    "redact",
    "result_messages",
    "retries_for",
    "shown",
    "sse",
    "thumbnail",
    "url_faults",
    "wait_before",
    "whole",
    "wire_writing",
    "word_faults",
]
