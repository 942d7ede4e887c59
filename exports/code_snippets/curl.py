"""The request as a curl command, for any POSIX shell."""

from .inline_images import EmbeddedPicture, extract_pictures
from .literals import HERE_DOCUMENT, JSON
from .notes import note
from .quoting import json_text, shell_text, shell_word
from .snippet import Images, Snippet
from .targets import ACCOUNT_VARIABLE, Address, Target


def curl_snippet(target: Target, images: Images) -> Snippet:
    """Return the command, with the body in a here-document."""
    body, pictures = extract_pictures(target.body, _read if images == "file" else _written)
    files = {each.file_name: each.data for each in pictures if images == "file"}
    notation, delimiter = (HERE_DOCUMENT, "JSON") if files else (JSON, "'JSON'")
    address = _address(target.address)
    globs = " --globoff" if any(char in address for char in "[]{}") else ""
    streaming = " --no-buffer" if target.streams else ""
    lines = [
        f"curl{globs}{streaming} --fail-with-body",
        address,
        *(f"--header {header}" for header in _headers(target)),
        f"--data-binary @- <<{delimiter}",
    ]
    document = notation.spread(notation.shallow(body))
    code = " \\\n  ".join(lines) + f"\n{document}\nJSON\n"
    return Snippet("curl", "curl", "bash", "ask.sh", code, note=note(target, files), files=files)


def _written(picture: EmbeddedPicture) -> str:
    return picture.literal(json_text)


def _read(picture: EmbeddedPicture) -> str:
    head = HERE_DOCUMENT.text(picture.head).removesuffix('"')
    return f"{head}$(base64 < {picture.file_name} | tr -d '\\n')\""


def _address(address: Address) -> str:
    if address.after is None:
        return shell_word(address.before)
    return shell_text(address.before, ACCOUNT_VARIABLE, address.after)


def _headers(target: Target) -> list[str]:
    """Return the headers as words. Without a type, curl labels a body as a form."""
    headers = [shell_word("Content-Type: application/json")]
    if target.key_variable:
        headers.insert(0, shell_text("Authorization: Bearer ", target.key_variable, ""))
    if target.gateway_id:
        headers.append(shell_word(f"cf-aig-gateway-id: {target.gateway_id}"))
    return headers
