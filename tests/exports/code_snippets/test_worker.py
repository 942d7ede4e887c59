"""The Worker: its types are checked if there is a compiler, and it is run with a fake binding that
records its calls."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backends import BuiltIn
from exports import Snippet, write_snippets
from exports.code_snippets.javascript import rounds
from tests.exports.code_snippets.hostile import CASES, hosted
from tests.exports.code_snippets.running import place, run_node
from workers_ai import Cloudflare, parse_request

ROUNDED = {"numbers", "large-number", "deeper-and-large", "picture-and-number"}
"""Cases with numbers that JavaScript cannot represent."""

TYPED = {
    "export interface Env {": "const Env = {",
    "  AI: Ai;": "",
    "  async fetch(request, env): Promise<Response> {": "  async fetch(request, env) {",
    "    return new Response(stream as unknown as ReadableStream, {": (
        "    return new Response(stream, {"
    ),
    "} satisfies ExportedHandler<Env>;": "};",
}
"""Lines that are not JavaScript, and their equivalents without types."""

RUN = """
import worker from "./worker.js";
const asked = [];
const run = async (...given) => (asked.push(given), "an answer");
const response = await worker.fetch(new Request("http://worker.invalid/"), { AI: { run } });
const type = response.headers.get("content-type");
process.stdout.write(JSON.stringify({ asked, type, text: await response.text() }));
"""

TYPES = """
{
  "compilerOptions": {
    "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "lib": ["esnext"],
    "types": ["@cloudflare/workers-types"], "strict": true, "noEmit": true, "skipLibCheck": true
  }
}
"""


def workers(images: Any) -> dict[str, Snippet]:
    return {
        case: write_snippets(request, hosted("http://unused.invalid", case), images=images)[
            "worker"
        ]
        for case, request in CASES.items()
    }


def without_types(code: str) -> str:
    lines = [TYPED.get(line, line) for line in code.split("\n")]
    return "\n".join(lines).replace("    const model: string = ", "    const model = ", 1)


def as_modules(worker: Snippet) -> Snippet:
    """Return a program that runs a Worker."""
    files = {name.replace(".ts", ""): data for name, data in worker.files.items()}
    files["worker.js"] = without_types(worker.code).encode()
    files["package.json"] = b'{"type": "module"}'
    return Snippet("run", "", "", "run.mjs", RUN, files=files)


@pytest.mark.parametrize("images", ["inline", "file"])
def test_the_binding_is_asked_for_the_body(tmp_path: Path, images: Any) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    ran = run_node(tmp_path, {case: as_modules(each) for case, each in workers(images).items()})

    assert {case: each.err for case, each in ran.items() if each.status} == {}
    for case, request in CASES.items():
        kept = json.loads(ran[case].out)
        ((model, inputs),) = kept["asked"]
        assert model == "@cf/google/gemma-3-12b-it"
        assert (inputs == json.loads(request.json_bytes())) is (case not in ROUNDED), case
        assert kept["type"].startswith(
            "text/event-stream" if request.stream else "application/json"
        )
        assert kept["text"] == ("an answer" if request.stream else '"an answer"')


def test_a_gateway_is_named_in_the_options(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    backend = Cloudflare("0" * 32, "t", gateway_id="it's-`${x}`")
    worker = write_snippets(CASES["streamed"], backend)["worker"]
    kept = json.loads(run_node(tmp_path, {"case": as_modules(worker)})["case"].out)

    assert kept["asked"][0][2] == {"gateway": {"id": "it's-`${x}`"}}


def test_numbers_that_javascript_rounds_are_noted() -> None:
    written = workers("inline")
    noted = {case for case, worker in written.items() if "rounds" in worker.note}

    assert noted == ROUNDED == {case for case, each in CASES.items() if rounds(each.body())}


def test_the_worker_of_the_built_in_model_asks_the_documented_one() -> None:
    worker = write_snippets(parse_request({"prompt": "Hello"}), BuiltIn())["worker"]

    assert 'env.AI.run("@cf/google/gemma-3-12b-it", {' in worker.code
    assert "not the one on this machine" in worker.note


@pytest.fixture(scope="session")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a `node_modules` folder with TypeScript and the types of Workers."""
    folder = tmp_path_factory.mktemp("compiler")
    modules = Path(os.environ.get("CABOCHON_NODE_MODULES", folder / "node_modules"))
    packages = ("typescript", "@cloudflare/workers-types")
    if not all((modules / name).is_dir() for name in packages):
        if os.environ.get("CABOCHON_REQUIRE_NODE") != "1":
            pytest.skip("TypeScript and @cloudflare/workers-types are not in CABOCHON_NODE_MODULES")
        modules = folder / "node_modules"
        versions = ["typescript@5", "@cloudflare/workers-types@5"]
        _checked(["npm", "install", "--no-audit", "--no-fund", *versions], folder)
    return modules


def _checked(command: list[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def test_the_types_are_right(compiler: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(compiler.resolve())
    (tmp_path / "tsconfig.json").write_text(TYPES)
    other = Cloudflare("0" * 32, "t", model="@cf/google/gemma-4-26b-a4b-it", gateway_id="mine")
    place(tmp_path, workers("inline"))
    place(tmp_path, {f"file-{case}": worker for case, worker in workers("file").items()})
    for case in ("streamed", "tools"):
        worker = write_snippets(CASES[case], other)["worker"]
        place(tmp_path, {f"other-{case}": worker})

    _checked(["node", "node_modules/typescript/bin/tsc", "--project", "."], tmp_path)
