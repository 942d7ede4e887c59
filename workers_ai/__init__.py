"""The shared client of the Workers AI API.

    from workers_ai import ChatRequest, Client, Cloudflare

    client = Client(Cloudflare(account_id, api_token))
    request = ChatRequest(messages=[{"role": "user", "content": "Hello"}], temperature=0.2)
    for chunk in client.stream(request):
        print(chunk.text, end="")

A request is one of the two documented forms, a backend says who answers, and every answer comes
as the same `Response` or `Chunk`, whatever shape it had on the wire.
"""

from workers_ai import schema_fields
from workers_ai.answer_figures import (
    Figures,
    Segment,
    export_rows,
    figures_of,
    request_difference,
    word_difference,
)
from workers_ai.backend_checks import CHECKS, BackendCheck, CheckResult, check_backend
from workers_ai.backends import CLOUDFLARE_API, Backend, BuiltIn, Cloudflare, ToolSupport
from workers_ai.batches import (
    LARGEST_CONCURRENCY,
    Batch,
    BatchSnapshot,
    Job,
    KeptError,
    Outcome,
    Pace,
)
from workers_ai.builtin import Passage, help_passages, warm
from workers_ai.client import Client, Request
from workers_ai.data_uris import decode_data_uri
from workers_ai.described_tools import INSTRUCTIONS, TOOLS_PLACE, describe_tools
from workers_ai.engines import (
    ANYWHERE,
    ENGINES,
    LOOPBACK,
    PORTS,
    SUGGESTED,
    AddressRule,
    Change,
    Download,
    EngineModel,
    FoundEngine,
    LocalEngine,
    ParameterNote,
    PullProgress,
    engine_at,
    find_engines,
    models_in,
    pull,
    read_changes,
    steps_to_gemma,
)
from workers_ai.errors import (
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
from workers_ai.example_tools import EXAMPLE_TOOLS, TWO_CALLS, ExampleTool
from workers_ai.exchanges import Attempt, Exchange
from workers_ai.gemma_template import gemma_prompt, has_gemma_marks
from workers_ai.guided_answers import (
    GuidedAnswer,
    Table,
    Verdict,
    of_one_kind,
    read_guided_answer,
    repair_request,
    table_of,
    tables,
    to_csv,
)
from workers_ai.images import EncodedImage, model_view, read_image, thumbnail
from workers_ai.json_text import JSONTextError, read_json
from workers_ai.lessons import LESSONS, Lesson
from workers_ai.marked_json import marked_json
from workers_ai.messages import ImagePart, ImageURL, Message, Part, TextPart
from workers_ai.model_card import ModelCard, model_card
from workers_ai.next_token import Moment, Shaped, moments, shape
from workers_ai.parameters import PARAMETERS, Parameter, Parameters, hint
from workers_ai.parsing import (
    check_parameter,
    parse_parameters,
    parse_request,
    parse_tool,
    read_parameter,
)
from workers_ai.picture_files import picture_files
from workers_ai.recovered_calls import Recovered, RecoveredForm, recover_calls
from workers_ai.replies import Reply, Snapshot
from workers_ai.requests import (
    ChatRequest,
    PromptRequest,
    estimate_message_tokens,
    estimate_tokens,
)
from workers_ai.responses import Chunk, Finish, Response, ToolCall, Usage
from workers_ai.runnable_tools import (
    RUNNABLE_TOOLS,
    HttpStub,
    RunnableTool,
    ToolError,
    ToolRun,
    run_tool,
)
from workers_ai.schema_checks import check_answer, check_schema
from workers_ai.schema_flags import Flag, schema_flags
from workers_ai.schema_sources import (
    EXAMPLE_SCHEMAS,
    GuidedExample,
    SchemaSourceError,
    SourcedSchema,
    sample_picture,
    schema_from,
)
from workers_ai.secrets import REDACTED, redact
from workers_ai.serve import endpoint_routes
from workers_ai.snippets import LOCAL_ENDPOINT, Snippet, SnippetSet, snippets, write_snippets
from workers_ai.stop import Stop
from workers_ai.sweeps import (
    AXES,
    MOST_AXES,
    MOST_SAMPLES,
    Axis,
    Cell,
    Forecast,
    SeedMode,
    Sweep,
    forecast,
    from_link,
    read_axis,
    results,
    to_link,
)
from workers_ai.tool_checks import ToolDraft, ToolFault, ToolFix, name_faults, read_tool
from workers_ai.tool_imports import (
    FORMS,
    SOURCES,
    Form,
    ImportedTools,
    ImportToolsError,
    Source,
    export_tools,
    import_tools,
)
from workers_ai.tool_turns import ResultRole, ToolResult, call_message, result_messages
from workers_ai.tools import FunctionDefinition, FunctionTool, Tool
from workers_ai.wire import decode_body, decode_stream

__all__ = [
    "ANYWHERE",
    "AXES",
    "CHECKS",
    "CLOUDFLARE_API",
    "ENGINES",
    "EXAMPLE_SCHEMAS",
    "EXAMPLE_TOOLS",
    "FORMS",
    "INSTRUCTIONS",
    "LARGEST_CONCURRENCY",
    "LESSONS",
    "LOCAL_ENDPOINT",
    "LOOPBACK",
    "MOST_AXES",
    "MOST_SAMPLES",
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
    "Axis",
    "Backend",
    "BackendCheck",
    "Batch",
    "BatchSnapshot",
    "BuiltIn",
    "Cell",
    "Change",
    "ChatRequest",
    "CheckResult",
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
    "Figures",
    "Finish",
    "Flag",
    "Forecast",
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
    "Job",
    "KeptError",
    "Lesson",
    "LocalEngine",
    "Message",
    "ModelCard",
    "ModelUnavailableError",
    "Moment",
    "Outcome",
    "Pace",
    "Parameter",
    "ParameterNote",
    "Parameters",
    "Part",
    "Passage",
    "PromptRequest",
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
    "SchemaSourceError",
    "SeedMode",
    "Segment",
    "Shaped",
    "Snapshot",
    "Snippet",
    "SnippetSet",
    "Source",
    "SourcedSchema",
    "Stop",
    "Sweep",
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
    "Verdict",
    "WorkersAIError",
    "call_message",
    "check_answer",
    "check_backend",
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
    "export_rows",
    "export_tools",
    "figures_of",
    "find_engines",
    "forecast",
    "from_link",
    "gemma_prompt",
    "has_gemma_marks",
    "help_passages",
    "hint",
    "import_tools",
    "marked_json",
    "model_card",
    "model_view",
    "models_in",
    "moments",
    "name_faults",
    "of_one_kind",
    "parse_parameters",
    "parse_request",
    "parse_tool",
    "picture_files",
    "pull",
    "read_axis",
    "read_changes",
    "read_guided_answer",
    "read_image",
    "read_json",
    "read_parameter",
    "read_tool",
    "recover_calls",
    "redact",
    "repair_request",
    "request_difference",
    "result_messages",
    "results",
    "run_tool",
    "sample_picture",
    "schema_fields",
    "schema_flags",
    "schema_from",
    "shape",
    "snippets",
    "steps_to_gemma",
    "table_of",
    "tables",
    "thumbnail",
    "to_csv",
    "to_link",
    "warm",
    "word_difference",
    "write_snippets",
]
