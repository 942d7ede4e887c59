"""Code with OpenAI's Python client."""

from typing import Any

from .literals import PYTHON, Code
from .python import Kind, Program, address, variable_of
from .snippet import Images, Snippet
from .targets import AnswerFormat, Target

_NAMED = frozenset(
    {
        *("model", "messages", "prompt", "tools", "tool_choice", "response_format", "stop"),
        *("max_tokens", "temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"),
        *("stream", "stream_options"),
    }
)
"""The client's named arguments, for chats and completions; the rest goes into `extra_body`."""

_CHAT_ONLY = frozenset({"messages", "tools", "tool_choice", "response_format"})

_PRINTED = {
    AnswerFormat.CHAT: (
        "print(answer.choices[0].message)",
        'print(chunk.choices[0].delta.content or "", end="", flush=True)',
    ),
    AnswerFormat.COMPLETION: (
        "print(answer.choices[0].text)",
        'print(chunk.choices[0].text or "", end="", flush=True)',
    ),
}

_OPENAI = Kind("openai", "OpenAI client", "ask_openai.py", "openai")

_REASON = "The reason for an error is in its body."
_UNKNOWN = "Whether the API honors extra_body is not documented."


def openai_snippet(target: Target, images: Images, *, is_hosted: bool) -> Snippet:
    """Return the code with OpenAI's client. `is_hosted` is whether Cloudflare answers."""
    program = Program.of(target, images)
    chats = target.answers is AnswerFormat.CHAT
    named = _NAMED if chats else _NAMED - _CHAT_ONLY
    arguments = named_arguments(program.body, named)
    client = PYTHON.call("client = OpenAI(", _configured(target), ")")
    resource = "chat.completions" if chats else "completions"
    called = f"client.{resource}.create("
    whole, chunk = _PRINTED[target.answers]
    if target.streams:
        call = PYTHON.block(f"stream = {called}", arguments, ")")
        loop = f"for chunk in stream:\n    if chunk.choices:\n        {chunk}\nprint()"
        code = program.code("from openai import OpenAI", client, f"{call}\n{loop}")
    else:
        call = PYTHON.block(f"answer = {called}", arguments, ")")
        code = program.code("from openai import OpenAI", client, f"{call}\n{whole}")
    more = [_REASON] if is_hosted else []
    if is_hosted and not target.body.keys() <= named:
        more.append(_UNKNOWN)
    return _OPENAI.snippet(program, code, *more)


def named_arguments(body: dict[str, Any], named: frozenset[str]) -> list[tuple[str, Any]]:
    """Return the arguments of a client's method: the named ones, then the rest as `extra_body`."""
    known = [(f"{name}=", value) for name, value in body.items() if name in named]
    further = {name: value for name, value in body.items() if name not in named}
    return [*known, ("extra_body=", further)] if further else known


def _configured(target: Target) -> list[tuple[str, Any]]:
    # The client requires a key even if none is needed, and would use OpenAI's from the environment.
    key = Code(variable_of(target.key_variable)) if target.key_variable else "not needed"
    configured: list[tuple[str, Any]] = [("base_url=", address(target)), ("api_key=", key)]
    if target.gateway_id:
        configured.append(("default_headers=", {"cf-aig-gateway-id": target.gateway_id}))
    return configured
