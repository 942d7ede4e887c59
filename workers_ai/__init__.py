"""The shared client of the Workers AI API.

    from workers_ai import ChatRequest, Client, Cloudflare

    client = Client(Cloudflare(account_id, api_token))
    request = ChatRequest(messages=[{"role": "user", "content": "Hello"}], temperature=0.2)
    for chunk in client.stream(request):
        print(chunk.text, end="")

A request has one of the two documented forms, a backend defines where it goes, and every answer
arrives as the same `Response` or `Chunk`, whatever its shape on the wire.
"""

from . import (
    address_policy,
    backend,
    call_trace,
    error_mapping,
    gemma_template,
    http_session,
    images,
    json_text,
    json_values,
    parameters,
    redaction,
    requests,
    sse,
    tool_calls,
    transport,
    validation,
    wire,
    wire_writing,
)
from .backend import Backend, Cloudflare, ToolSupport
from .client import Client, Request
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
from .images import EncodedImage, read_image
from .messages import ImagePart, Message, Part, TextPart
from .model_cards import model_card
from .parameters import PARAMETERS, Parameters
from .reply import Reply, Snapshot
from .requests import ChatRequest, PromptRequest
from .responses import Chunk, Finish, Response, ToolCall, Usage
from .stop import Stop
from .tools import FunctionDefinition, FunctionTool, Tool
from .validation import parse_request
from .wire import decode_stream

__all__ = [
    "PARAMETERS",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "Backend",
    "ChatRequest",
    "Chunk",
    "Client",
    "Cloudflare",
    "ContextWindowError",
    "EncodedImage",
    "Fault",
    "Finish",
    "FunctionDefinition",
    "FunctionTool",
    "ImagePart",
    "InvalidImageError",
    "InvalidRequestError",
    "Message",
    "ModelUnavailableError",
    "Parameters",
    "Part",
    "PromptRequest",
    "QuotaError",
    "RateLimitError",
    "Reply",
    "Request",
    "Response",
    "ResponseError",
    "Snapshot",
    "Stop",
    "TextPart",
    "Tool",
    "ToolCall",
    "ToolSupport",
    "Usage",
    "WorkersAIError",
    "address_policy",
    "backend",
    "call_trace",
    "decode_stream",
    "error_mapping",
    "gemma_template",
    "http_session",
    "images",
    "json_text",
    "json_values",
    "model_card",
    "parameters",
    "parse_request",
    "read_image",
    "redaction",
    "requests",
    "sse",
    "tool_calls",
    "transport",
    "validation",
    "wire",
    "wire_writing",
]
