"""A Python process that searches with `re`, because only a process can be stopped mid-search.

It is started for the few patterns that the linear engine cannot express (look-around,
back-references) or that would be slow there, and ends with the check it was started for. Its
program is the constant below; patterns and texts reach it as JSON, so they are only data.
"""

import json
import os
import subprocess
import sys
import time
from threading import Timer

_PROGRAM = """
import json, re, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
except (ImportError, OSError, ValueError):
    pass
for line in sys.stdin:
    pattern, text = json.loads(line)
    print(int(re.search(pattern, text) is not None), flush=True)
"""

_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an interpreter may need to start. No secret in the environment is passed on."""


class PatternProcess:
    """Searches until `deadline`, on the `time.monotonic` clock."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._process: subprocess.Popen[str] | None = None
        self._timer: Timer | None = None

    def search(self, pattern: str, text: str) -> bool | None:
        """Return whether the pattern occurs in the text; None if that took too long."""
        try:
            process = self._process or self._start()
            if process.stdin is None or process.stdout is None:
                return None
            process.stdin.write(json.dumps([pattern, text]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
        except OSError:
            return None
        return answer == "1" if answer else None

    def close(self) -> None:
        """Kill the process, if there is one."""
        if self._timer is not None:
            self._timer.cancel()
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # unwritten data no longer has a reader
                    continue

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - a constant program, nothing from outside
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._process = process
        self._timer = Timer(max(0.0, self._deadline - time.monotonic()), process.kill)
        self._timer.daemon = True
        self._timer.start()
        return process
