"""The public names: what others rely on changes only on purpose."""

from types import ModuleType

import pytest

import conversations
import workers_ai

NAMES = [
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
    "LOGPROBS",
    "LOOPBACK",
    "MOST_AXES",
    "MOST_EVENTS",
    "MOST_SAMPLES",
    "MOVABLE",
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
    "Event",
    "Events",
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
    "ReportedMoment",
    "Request",
    "Response",
    "ResponseError",
    "ResultRole",
    "RunnableTool",
    "SchemaSourceError",
    "SeedMode",
    "Segment",
    "Shaped",
    "Shares",
    "Snapshot",
    "Snippet",
    "SnippetSet",
    "Source",
    "SourcedSchema",
    "Stop",
    "Sweep",
    "Table",
    "TextPart",
    "Timeline",
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
    "events_of",
    "export_rows",
    "export_tools",
    "figures_of",
    "find_engines",
    "forecast",
    "from_link",
    "gemma_prompt",
    "has_gemma_marks",
    "help_passages",
    "hidden",
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
    "reported_moments",
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
    "timeline",
    "to_csv",
    "to_curl",
    "to_har",
    "to_link",
    "warm",
    "word_difference",
    "write_snippets",
]


def as_ruff_sorts(names: list[str]) -> list[str]:
    """Sort constants first, then classes, then the rest."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def test_the_names_of_workers_ai_are_these() -> None:
    assert list(workers_ai.__all__) == NAMES


@pytest.mark.parametrize("package", [workers_ai, conversations], ids=lambda p: str(p.__name__))
def test_every_name_is_there_once_and_in_order(package: ModuleType) -> None:
    names = list(package.__all__)

    assert names == as_ruff_sorts(list(set(names)))
    assert [name for name in names if not hasattr(package, name)] == []


def test_every_public_class_and_function_says_what_it_is_for() -> None:
    public = [getattr(workers_ai, name) for name in workers_ai.__all__]
    own = [item for item in public if getattr(item, "__module__", "").startswith("workers_ai")]

    assert len(own) > 50
    assert [item for item in own if callable(item) and not (item.__doc__ or "").strip()] == []


def test_every_error_hangs_under_the_root() -> None:
    root = workers_ai.WorkersAIError
    named = [getattr(workers_ai, name) for name in workers_ai.__all__ if name.endswith("Error")]
    errors = [each for each in named if issubclass(each, Exception)]

    assert len(errors) == 16
    assert all(issubclass(error, root) for error in errors)
    assert issubclass(workers_ai.APITimeoutError, workers_ai.APIConnectionError)
    narrow = ["Authentication", "ModelUnavailable", "ContextWindow", "RateLimit", "Quota"]
    for name in narrow:
        assert issubclass(getattr(workers_ai, f"{name}Error"), workers_ai.APIStatusError)
