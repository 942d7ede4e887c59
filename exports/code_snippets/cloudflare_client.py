"""Code with Cloudflare's Python client."""

from typing import Any

from workers_ai.backend import CLOUDFLARE_API

from .literals import PYTHON, Code
from .openai_client import named_arguments
from .python import LINES, Kind, Program, in_block, printing, variable_of
from .snippet import Images, Snippet
from .targets import ACCOUNT_VARIABLE, Account, Target

_NAMED = frozenset(
    {
        *("messages", "prompt", "tools", "functions", "lora", "raw", "stream", "max_tokens"),
        *("temperature", "top_p", "top_k", "seed", "response_format"),
        *("repetition_penalty", "frequency_penalty", "presence_penalty"),
    }
)
"""The named arguments of `ai.run`; the rest goes into `extra_body`."""

_CLOUDFLARE = Kind("cloudflare", "Cloudflare SDK", "ask_cloudflare.py", "cloudflare")


def cloudflare_snippet(target: Target, account: Account, images: Images) -> Snippet:
    """Return the code with Cloudflare's client."""
    program = Program.of(target, images)
    configured: list[tuple[str, Any]] = [("api_token=", Code("api_token"))]
    if account.api_url != CLOUDFLARE_API:
        configured.append(("base_url=", account.api_url))
    client = PYTHON.call("client = Cloudflare(", configured, ")")
    account_id = account.account_id or Code(variable_of(ACCOUNT_VARIABLE))
    arguments = [
        ("", target.model),
        ("account_id=", account_id),
        *named_arguments(program.body, _NAMED),
    ]
    if target.gateway_id:
        arguments.append(("extra_headers=", {"cf-aig-gateway-id": target.gateway_id}))
    imported = "from cloudflare import Cloudflare"
    if target.streams:
        call = "with client.ai.with_streaming_response.run("
        streaming = PYTHON.block(call, arguments, ") as response:")
        loop = in_block(printing(target, "lines(response)"))
        blocks = [f"\n{LINES}", f"\n{client}", f"{streaming}\n{loop}\nprint()"]
        code = program.code(imported, *blocks, parses=True)
    else:
        call = PYTHON.block("answer = client.ai.run(", arguments, ")")
        code = program.code(imported, client, f"{call}\nprint(answer)")
    return _CLOUDFLARE.snippet(program, code)
