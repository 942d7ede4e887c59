"""Log-probabilities of tokens: how each API takes the request and reports them."""

from collections.abc import Mapping
from typing import Any

from .changes import Change


def completion_logprobs(others: dict[str, Any], changes: list[Change]) -> dict[str, Any]:
    """Return undocumented keys as OpenAI's API spells them outside a chat.

    There `logprobs` is the number that a chat calls `top_logprobs`.
    """
    if others.get("logprobs") is not True:
        return others
    kept = {name: value for name, value in others.items() if name != "top_logprobs"}
    changes.append(Change("top_logprobs", "Sent as logprobs, for a prompt without a template."))
    return {**kept, "logprobs": others.get("top_logprobs", 0)}


def logprobs_in(value: Any) -> dict[str, list[Any]]:
    """Return `logprobs` with an entry for each token, if there are any.

    An entry has the form of OpenAI's chats, `{token, logprob, bytes, top_logprobs}`. OpenAI's API
    has the list under `content`, Ollama has it directly, and vLLM has columns outside a chat.
    """
    reported = value.get("logprobs") if isinstance(value, Mapping) else None
    if isinstance(reported, Mapping):
        reported = reported["content"] if "content" in reported else _from_columns(reported)
    return {"logprobs": reported} if isinstance(reported, list) and reported else {}


def _from_columns(reported: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("tokens", "token_logprobs", "top_logprobs")
    columns = [reported.get(name) for name in names]
    columns = [column if isinstance(column, list) else [] for column in columns]
    return [
        {"token": token, "logprob": logprob, "top_logprobs": _listed(top)}
        for token, logprob, top in zip(*columns, strict=False)
    ]


def _listed(top: Any) -> list[dict[str, Any]]:
    entries = top.items() if isinstance(top, Mapping) else ()
    return [{"token": token, "logprob": logprob} for token, logprob in entries]
