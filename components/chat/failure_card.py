"""Errors on screen: one sentence of cause, one of remedy. Only this module words them."""

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
    2001: ("This account has no AI Gateway with this ID.", "Correct or clear it."),
    3006: ("The request is too large.", "Send fewer or smaller pictures."),
    3007: ("The service exceeded its own time limit.", "Lower max_tokens, or retry."),
    3008: ("The service aborted the call.", "Retry."),
    3046: ("The service timed out after about 120 seconds.", "Lower max_tokens, or retry."),
    5004: ("A picture is not valid base64.", "Attach it again."),
    5005: ("The model does not support LoRA adapters.", "Clear lora."),
    5006: ("The service rejected the form of the request.", "Check and correct it."),
    5016: ("The model's license has not been accepted.", "Accept it in the dashboard, then retry."),
    5025: ("The model does not support JSON schemas.", "Send the request without the schema."),
    5035: ("The model needs the Workers Paid plan.", "Choose another model or upgrade."),
    7003: ("The account ID is unknown.", "Compare it with the dashboard."),
    7009: ("The service behind the API is unavailable.", "Retry in a moment."),
    9106: ("The API token is malformed.", "Copy it again from the dashboard."),
}

_BY_CLASS: tuple[tuple[type[WorkersAIError], str, str], ...] = (
    (InvalidImageError, "The picture cannot be used.", "Choose another one."),
    (InvalidRequestError, "The request is not valid, so it was not sent.", "Correct it."),
    (APITimeoutError, "The server did not answer in time.", "Retry, or lower max_tokens."),
    (
        APIConnectionError,
        "Could not connect, or the connection was lost.",
        "Check the address and your network, then retry.",
    ),
    (
        AuthenticationError,
        "The account ID or the API token was not accepted.",
        "Check both; the token needs the Workers AI Read and Edit permissions.",
    ),
    (
        ModelUnavailableError,
        "The model is not available to this account.",
        "Choose another model; “Check the connection” lists the available ones.",
    ),
    (
        ContextWindowError,
        f"Prompt and max_tokens exceed the context window of {model_card.context_window:,} tokens.",
        "Start a new chat, send fewer pictures, or lower max_tokens.",
    ),
    (QuotaError, "Today's free allowance is used up.", "It resets at 00:00 UTC."),
    (RateLimitError, "Too many calls, or no capacity.", "Wait a minute, then retry."),
    (ResponseError, "The answer does not match the documented API.", "Check the base URL."),
)


class Named(Protocol):
    """The part of a backend, or of its record, that an explanation needs."""

    @property
    def label(self) -> str:
        """The name on screen."""

    @property
    def model(self) -> str:
        """The model id."""


def explain(error: WorkersAIError, backend: Named) -> tuple[str, str]:
    """Return one sentence of cause and one of remedy."""
    if is_retired(error, backend):
        return (
            "This model was retired on Workers AI on May 30, 2026.",
            "Choose another model, or continue with the built-in model.",
        )
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    for kind, cause, remedy in _BY_CLASS:
        if isinstance(error, kind):
            return cause, remedy
    status = error.status_code or 0
    if status >= 500:  # noqa: PLR2004 - HTTP's server errors
        return "The server failed.", "Retry in a moment."
    return "The server rejected the call.", "Read its message below."


def is_retired(error: WorkersAIError, backend: Named) -> bool:
    """Return whether the model is retired (wire.md 0), so that retrying cannot help."""
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
    """Draw the card that takes the place of the answer."""
    cause, remedy = explain(error, backend)
    with st.container(border=True, key=f"failure-{key}"):
        st.markdown(f":material/error: **{cause}** {remedy}")
        facts = [
            backend.label,
            f"HTTP {error.status_code}" if error.status_code else "no HTTP status",
            f"code {error.code}" if error.code is not None else "",
        ]
        st.caption(" · ".join(fact for fact in facts if fact))
        # As code: the message is untrusted text that people may want to copy.
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
