"""Running the generated code: many programs of a language in one process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exports import Snippet

ENVIRONMENT = {
    "CLOUDFLARE_ACCOUNT_ID": "0123456789abcdef" * 2,
    "CLOUDFLARE_API_TOKEN": "from-the-environment",
    "CABOCHON_LOCAL_API_KEY": "from-the-environment",
    "HOME": "/nowhere",
    # No certificates: loading them would take most of the time, and nothing here needs them.
    "SSL_CERT_DIR": "/nowhere",
}

_SHELL = """
for folder in */; do
  ( cd "$folder" && {shell} ./*.sh > out 2> err; echo $? > status )
done
"""

_PYTHON = """
import contextlib, io, json, os, runpy, sys, traceback
root = os.getcwd()
for folder in sorted(os.listdir(root)):
    path = os.path.join(root, folder)
    os.chdir(path)
    (program,) = (name for name in os.listdir(path) if name.endswith(".py"))
    out, err, status = io.StringIO(), "", 0
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(os.path.join(path, program), run_name="__main__")
    except BaseException:
        err, status = traceback.format_exc(), 1
    for name, text in (("out", out.getvalue()), ("err", err), ("status", str(status))):
        with open(name, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
"""

_NODE = """
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const root = process.cwd();
for (const folder of readdirSync(root)) {
  const path = join(root, folder);
  process.chdir(path);
  const [program] = readdirSync(path).filter((name) => name.endsWith(".mjs"));
  const write = process.stdout.write;
  let out = "", err = "", status = 0;
  process.stdout.write = (text) => ((out += text), true);
  try {
    await import(join(path, program));
  } catch (error) {
    [err, status] = [String(error.stack), 1];
  } finally {
    process.stdout.write = write;
  }
  writeFileSync("out", out);
  writeFileSync("err", err);
  writeFileSync("status", String(status));
}
"""


@dataclass
class Ran:
    """The result of one program."""

    status: int
    out: str
    err: str


def place(root: Path, snippets: Mapping[str, Snippet]) -> None:
    """Write each snippet with its files into its own folder."""
    for name, snippet in snippets.items():
        folder = root / name
        folder.mkdir()
        (folder / snippet.file_name).write_text(snippet.code, encoding="utf-8")
        for file_name, data in snippet.files.items():
            (folder / file_name).write_bytes(data)


def run_shell(root: Path, snippets: Mapping[str, Snippet], shell: str = "sh") -> dict[str, Ran]:
    place(root, snippets)
    return _run(root, ["sh", "-c", _SHELL.replace("{shell}", shell)])


def run_python(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    place(root, snippets)
    return _run(root, [sys.executable, "-W", "error", "-c", _PYTHON])


def run_node(root: Path, snippets: Mapping[str, Snippet]) -> dict[str, Ran]:
    place(root, snippets)
    return _run(root, ["node", "--input-type=module", "--eval", _NODE])


def _run(root: Path, command: list[str]) -> dict[str, Ran]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(  # noqa: S603 - our own programs
        command,
        cwd=root,
        env={**kept, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {folder.name: _ran(folder) for folder in root.iterdir()}


def _ran(folder: Path) -> Ran:
    out, err = ((folder / name).read_text("utf-8", "replace") for name in ("out", "err"))
    return Ran(int((folder / "status").read_text()), out, err)
