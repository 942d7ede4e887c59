"""What went wrong, in words: one sentence of cause, one of what to do. The only such place."""

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ContextWindowError,
    InvalidImageError,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
    model_card,
)

RETIRED_CODES = frozenset({5018, 5028})

_BY_CODE: dict[int, tuple[str, str]] = {
    2001: ("The AI Gateway id is not known to this account.", "Correct or clear it."),
    3006: ("The request is too large.", "Send fewer or smaller pictures."),
    3007: ("The service gave up after its own time limit.", "Lower max_tokens, or retry."),
    3008: ("The service aborted the call.", "Retry."),
    3046: ("The service gave up after about 120 seconds.", "Lower max_tokens, or retry."),
    5004: ("A picture is not valid base64.", "Attach it again."),
    5005: ("The model does not take LoRA adapters.", "Clear lora."),
    5006: ("The service refused the request's form.", "Look at the request, and correct it."),
    5016: ("The model's licence has not been agreed to.", "Agree in the dashboard, then retry."),
    5025: ("The model does not take a JSON schema.", "Send the request without the schema."),
    5035: ("The model needs the Workers Paid plan.", "Choose another model or upgrade."),
    7003: ("The account id is not known.", "Compare it with the dashboard."),
    7009: ("The service behind the API is unavailable.", "Retry in a moment."),
    9106: ("The token is not in a form the API accepts.", "Copy it again from the dashboard."),
}

_BY_CLASS: tuple[tuple[type[WorkersAIError], str, str], ...] = (
    (InvalidImageError, "The picture cannot be used.", "Choose another one."),
    (InvalidRequestError, "The request is not valid, so it was not sent.", "Correct it."),
    (APITimeoutError, "The server did not answer in time.", "Retry, or lower max_tokens."),
    (
        APIConnectionError,
        "The server could not be reached, or the line broke.",
        "Check the address and your network, then retry.",
    ),
    (
        AuthenticationError,
        "The account id or the token was not accepted.",
        "Check both; the token needs Workers AI Read and Edit.",
    ),
    (
        ModelUnavailableError,
        "The model is not available to this account.",
        "Choose another model: Check the connection lists them.",
    ),
    (
        ContextWindowError,
        f"Prompt and max_tokens exceed the window of {model_card.context_window:,} tokens.",
        "Start a new chat, send fewer pictures, or lower max_tokens.",
    ),
    (QuotaError, "The day's free allowance is used up.", "It returns at 00:00 UTC."),
    (RateLimitError, "Too many calls for now, or no capacity.", "Wait a minute, then retry."),
    (ResponseError, "The answer is not in a form the API documents.", "Check the base URL."),
)


class Named(Protocol):
    """Whoever failed: a backend, or what is kept of one."""

    @property
    def label(self) -> str:
        """The name on screen."""

    @property
    def model(self) -> str:
        """The model id."""


def explain(error: WorkersAIError, backend: Named) -> tuple[str, str]:
    """Return one sentence of cause and one of what to do."""
    if is_retired(error, backend):
        return (
            "This model was retired on Workers AI on 30 May 2026.",
            "Choose another model, or go on with the built-in one.",
        )
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    for kind, cause, remedy in _BY_CLASS:
        if isinstance(error, kind):
            return cause, remedy
    status = error.status_code or 0
    if status >= 500:  # noqa: PLR2004 - the server's faults in HTTP
        return "The server failed.", "Retry in a moment."
    return "The server refused the call.", "Read its message below."


def is_retired(error: WorkersAIError, backend: Named) -> bool:
    """Whether the error means that the model is gone (wire.md 0): retrying cannot help."""
    if isinstance(error, APIStatusError) and (error.code == 5028 or error.status_code == 410):  # noqa: PLR2004 - wire.md 0
        return True
    return error.code in RETIRED_CODES and backend.model == model_card.model


def draw_failure(
    error: WorkersAIError,
    backend: Named,
    *,
    key: str,
    on_retry: Callable[[], None] | None,
    on_built_in: Callable[[], None] | None,
) -> None:
    """Draw the card that stands where the answer would be."""
    cause, remedy = explain(error, backend)
    with st.container(border=True, key=f"failure-{key}"):
        st.markdown(f":material/error: **{cause}** {remedy}")
        facts = [
            backend.label,
            f"HTTP {error.status_code}" if error.status_code else "no HTTP status",
            f"code {error.code}" if error.code is not None else "",
        ]
        st.caption(" · ".join(fact for fact in facts if fact))
        # As code: the message is somebody else's text, and may be copied.
        st.code(error.message, language=None, wrap_lines=True)
        with st.container(horizontal=True):
            if on_built_in and is_retired(error, backend):
                st.button(
                    "Answer with Built-in",
                    icon=":material/memory:",
                    key=f"built-in-{key}",
                    on_click=on_built_in,
                )
            if on_retry:
                st.button("Retry", icon=":material/refresh:", key=f"retry-{key}", on_click=on_retry)
