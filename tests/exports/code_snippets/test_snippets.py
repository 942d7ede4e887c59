import ast
from typing import Any

import pytest

from backends import BuiltIn, LocalEngine
from exports import SnippetSet, snippets, write_snippets
from tests.exports.code_snippets.hostile import CASES, PNG, asking, picture, uri
from workers_ai import Backend, Cloudflare, InvalidImageError, InvalidRequestError, parse_request

TOKEN = "cfut_0123456789abcdef"
HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 64})
PICTURE = parse_request(asking({"type": "text", "text": "Who?"}, picture(uri(PNG))))
HOSTED = Cloudflare("0123456789abcdef" * 2, TOKEN)
ENGINE = LocalEngine("http://127.0.0.1:8000/v1", "gemma", TOKEN, "vllm")
ALL = ["curl", "python", "python-requests", "javascript", "worker", "openai", "cloudflare"]


def names(written: SnippetSet) -> list[str]:
    return [snippet.name for snippet in written.snippets]


def test_a_chat_is_written_in_every_language() -> None:
    written = write_snippets(HELLO, HOSTED)

    assert names(written) == ALL
    assert written.absent == {}
    assert snippets(HELLO, HOSTED) == {each.name: each.code for each in written.snippets}
    assert len({each.file_name for each in written.snippets}) == len(ALL)


def test_code_is_what_a_person_would_write() -> None:
    code = snippets(HELLO, HOSTED)
    url = "https://api.cloudflare.com/client/v4/accounts/$CLOUDFLARE_ACCOUNT_ID/ai/run"

    assert (
        code["curl"].replace(url, "URL")
        == """\
curl --fail-with-body \\
  "URL/@cf/google/gemma-3-12b-it" \\
  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data-binary @- <<'JSON'
{
  "messages": [{ "role": "user", "content": "Hello" }],
  "max_tokens": 64
}
JSON
"""
    )
    assert (
        code["python"]
        == """\
import os

import httpx

account_id = os.environ["CLOUDFLARE_ACCOUNT_ID"]
api_token = os.environ["CLOUDFLARE_API_TOKEN"]

response = httpx.post(
    f"https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/run/@cf/google/gemma-3-12b-it",
    headers={"Authorization": f"Bearer {api_token}"},
    json={"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 64},
    timeout=130,
)
if response.is_error:
    raise RuntimeError(f"HTTP {response.status_code}: {response.text}")
answer = response.json()
if not answer["success"]:
    raise RuntimeError(answer["errors"])
print(answer["result"])
"""
    )
    assert (
        code["worker"]
        == """\
export interface Env {
  AI: Ai;
}

export default {
  async fetch(request, env): Promise<Response> {
    const answer = await env.AI.run("@cf/google/gemma-3-12b-it", {
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 64,
    });

    return Response.json(answer);
  },
} satisfies ExportedHandler<Env>;
"""
    )


@pytest.mark.parametrize("images", ["inline", "file"])
@pytest.mark.parametrize("backend", [HOSTED, ENGINE, BuiltIn()])
def test_no_secret_and_no_account_is_in_the_code(backend: Backend, images: Any) -> None:
    for request in (HELLO, HELLO.replace(stream=True)):
        for snippet in write_snippets(request, backend, images=images).snippets:
            assert TOKEN not in repr(snippet) + snippet.code
            assert HOSTED.account_id not in snippet.code


def test_every_program_in_python_is_read_without_a_warning() -> None:
    for request in CASES.values():
        for name, code in snippets(request, HOSTED).items():
            if name in {"python", "python-requests", "openai", "cloudflare"}:
                ast.parse(code)


def test_a_picture_is_a_constant_or_a_file() -> None:
    inline, beside = (write_snippets(PICTURE, HOSTED, images=each) for each in ("inline", "file"))

    assert f'picture_1 = "{uri(PNG)}"' in inline["python"].code
    assert inline["python"].files == {}
    for snippet in beside.snippets:
        assert uri(PNG) not in snippet.code
        name = "picture-1.ts" if snippet.name == "worker" else "picture-1.png"
        assert list(snippet.files) == [name]
        assert name in snippet.note
    assert beside["curl"].files["picture-1.png"] == PNG


def test_what_cannot_be_written_is_absent_with_a_reason() -> None:
    prompt = write_snippets(parse_request({"prompt": "Hello"}), HOSTED)
    coded = write_snippets(CASES["functions"], HOSTED)
    engine = write_snippets(HELLO, ENGINE)

    assert names(prompt) == names(coded) == [name for name in ALL if name != "openai"]
    assert names(engine) == ["curl", "python", "python-requests", "javascript", "openai"]
    assert "needs messages" in prompt.absent["openai"]
    assert "functions are something else" in coded.absent["openai"]
    assert set(engine.absent) == {"worker", "cloudflare"}
    with pytest.raises(KeyError, match="needs messages"):
        prompt["openai"]


def test_what_openai_s_client_does_not_know_goes_beside() -> None:
    request = HELLO.replace(top_k=5, temperature=1)
    openai = write_snippets(request, HOSTED)["openai"]

    assert 'extra_body={"top_k": 5}' in openai.code
    assert "temperature=1," in openai.code
    assert "is not documented" in openai.note
    assert "is not documented" not in write_snippets(HELLO, HOSTED)["openai"].note


def test_an_engine_without_a_key_needs_nothing_set() -> None:
    engine = LocalEngine("http://127.0.0.1:11434", "gemma3", kind="ollama")
    written = write_snippets(HELLO, engine)

    for snippet in written.snippets:
        assert "environ" not in snippet.code + snippet.note
        assert "process.env" not in snippet.code
    assert "http://127.0.0.1:11434/api/chat" in written["curl"].code
    assert 'base_url="http://127.0.0.1:11434/v1"' in written["openai"].code


def test_notes_state_what_to_set_and_what_to_start() -> None:
    assert write_snippets(HELLO, HOSTED)["python"].note == (
        "Set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN in the environment."
    )
    assert "CABOCHON_LOCAL_API_KEY" in write_snippets(HELLO, ENGINE)["curl"].note
    assert "python -m backends.endpoint" in write_snippets(HELLO, BuiltIn())["curl"].note
    assert write_snippets(HELLO, HOSTED)["python"].needs == "pip install httpx"


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"base_url": "file:///etc/passwd"}, "base_url"),
        ({"base_url": "http://user:word@127.0.0.1"}, "base_url"),
        ({"base_url": "http://127.0.0.1\n/x"}, "base_url"),
        ({"base_url": "http://exa mple"}, "base_url"),
        ({"base_url": f"http://{'é' * 70}.example"}, "base_url"),
        ({"account_id": "../x"}, "account_id"),
        ({"account_id": "'$(id)'"}, "account_id"),
        ({"account_id": ""}, "account_id"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(options: dict[str, str], path: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        write_snippets(HELLO, BuiltIn(), **options)  # type: ignore[arg-type]

    assert [fault.path for fault in caught.value.faults] == [path]


def test_a_picture_that_an_engine_cannot_be_sent_is_refused() -> None:
    with pytest.raises(InvalidImageError):
        write_snippets(parse_request(asking(picture("data:image/png;base64,AAAA"))), ENGINE)
