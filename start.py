"""Set up the project in `.venv`, and run the app or the tests.

    python3 start.py              run the app, and open it in the browser
    python3 start.py test         check style, types and behavior

It needs only Python 3.11 or newer. Further arguments are passed to Streamlit or pytest.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)


def main(words: list[str]) -> int:
    """Run the app or the tests, and return the exit status."""
    if sys.version_info < OLDEST:
        sys.exit("Python 3.11 or newer is required; this is " + sys.version.split()[0])
    if words[:1] == ["test"]:
        prepare("requirements-dev.txt")
        return test(words[1:])
    prepare("requirements.txt")
    return run("streamlit", "run", str(ROOT / "app.py"), *words)


def prepare(requirements: str) -> None:
    """Create the virtual environment and install the requirements, unless already done."""
    wanted = "".join(
        (ROOT / name).read_text() for name in sorted({"requirements.txt", requirements})
    )
    stamp = ENVIRONMENT / f"installed-{requirements}"
    mark = hashlib.sha256(f"{sys.version}{wanted}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    print(f"Preparing {ENVIRONMENT.name} (once) ...", flush=True)  # noqa: T201 - shown to the user
    if not (PROGRAMS / "python").exists() and not (PROGRAMS / "python.exe").exists():
        create()
    quiet = ("--quiet", "--disable-pip-version-check")
    if run("python", "-m", "pip", "install", *quiet, "-r", str(ROOT / requirements)):
        sys.exit("The requirements could not be installed; see pip's output above.")
    stamp.write_text(mark)


def create() -> None:
    """Create an empty virtual environment."""
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(ENVIRONMENT)
        sys.exit("Python's venv is incomplete. On Debian or Ubuntu: apt install python3-venv")


def test(words: list[str]) -> int:
    """Run every check, and return the highest exit status."""
    checks = (
        ("python", "-m", "ruff", "check", "."),
        ("python", "-m", "ruff", "format", "--check", "."),
        ("python", "-m", "mypy"),
        ("python", "-m", "pytest", "--numprocesses", "2", "--dist", "loadfile", *words),
    )
    return max(run(*check) for check in checks)


def run(program: str, *words: str) -> int:
    """Run a program of the environment in the project's folder; return its exit status."""
    try:
        return subprocess.run([str(PROGRAMS / program), *words], cwd=ROOT, check=False).returncode  # noqa: S603 - our own environment
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
