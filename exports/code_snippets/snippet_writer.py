"""The code for a request, in every language."""

from backends import LocalEngine
from workers_ai import Backend, ChatRequest, Cloudflare, PromptRequest

from .cloudflare_client import cloudflare_snippet
from .curl import curl_snippet
from .javascript import javascript_snippet
from .openai_client import openai_snippet
from .python import httpx_snippet, requests_snippet
from .snippet import Images, Snippet, SnippetSet
from .targets import (
    LOCAL_ACCOUNT,
    LOCAL_ENDPOINT,
    Target,
    account_of,
    chat_target,
    engine_chat_target,
    engine_target,
    run_target,
)
from .worker import worker_snippet

Request = ChatRequest | PromptRequest


def snippets(
    request: Request,
    backend: Backend,
    *,
    base_url: str = LOCAL_ENDPOINT,
    account_id: str = LOCAL_ACCOUNT,
) -> dict[str, str]:
    """Return the code for a request by snippet name, with pictures inline.

    Parameters and errors are those of `write_snippets`.
    """
    written = write_snippets(request, backend, base_url=base_url, account_id=account_id)
    return {snippet.name: snippet.code for snippet in written.snippets}


def write_snippets(
    request: Request,
    backend: Backend,
    *,
    base_url: str = LOCAL_ENDPOINT,
    account_id: str = LOCAL_ACCOUNT,
    images: Images = "inline",
) -> SnippetSet:
    """Return the code that sends a request to a backend as the app does, in every language.

    It sends `request.body()`, translated by `LocalEngine.engine_request` for an engine. The code
    contains no secrets: it reads account id, token and key from the environment. The built-in
    model has no address; the code then calls the documented endpoint at `base_url`, under
    `account_id`. With `images` "file" the pictures are files next to the code.

    Raises `InvalidRequestError` for an unusable address, and `InvalidImageError` for a picture
    that cannot be sent to an engine.
    """
    if isinstance(backend, LocalEngine):
        return _for_engine(request, backend, images)
    account = account_of(backend, base_url=base_url, account_id=account_id)
    target = run_target(account, request)
    reason = _no_chat(request)
    is_hosted = isinstance(backend, Cloudflare)
    warning = "" if is_hosted else _ELSEWHERE
    found = [*_plain(target, images), worker_snippet(target, request, images, warning)]
    if not reason and isinstance(request, ChatRequest):
        found.append(openai_snippet(chat_target(account, request), images, is_hosted=is_hosted))
    found.append(cloudflare_snippet(target, account, images))
    return SnippetSet(tuple(found), {"openai": reason} if reason else {})


def _for_engine(request: Request, backend: LocalEngine, images: Images) -> SnippetSet:
    target = engine_target(backend, request)
    chat = engine_chat_target(backend, request)
    found = (*_plain(target, images), openai_snippet(chat, images, is_hosted=False))
    return SnippetSet(found, {"worker": _NO_BINDING, "cloudflare": _NO_SDK})


def _plain(target: Target, images: Images) -> list[Snippet]:
    """Return the snippets that only need an address."""
    writers = (curl_snippet, httpx_snippet, requests_snippet, javascript_snippet)
    return [write(target, images) for write in writers]


def _no_chat(request: Request) -> str:
    """Return why OpenAI's client cannot send a request, "" if it can."""
    if isinstance(request, PromptRequest):
        return "Workers AI's endpoint for OpenAI clients needs messages; this request is a prompt."
    if request.functions is not None:
        return "In OpenAI's API, functions are something else: descriptions without code."
    return ""


_ELSEWHERE = (
    "A Worker runs at Cloudflare and calls the documented model there, not the one on this machine."
)
_NO_BINDING = "A Worker's AI binding reaches Cloudflare's models, not a local engine."
_NO_SDK = "Cloudflare's client speaks Cloudflare's API; a local engine has a different one."
