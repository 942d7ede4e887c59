"""Python source as statements: parsed, never run or imported."""

import ast
import re
import textwrap
import warnings

from workers_ai import WorkersAIError

LARGEST_SOURCE = 1_000_000
"""Characters. A syntax tree takes about a hundred times the memory of its text."""

_PYTHON = re.compile(
    r"^[ \t]*(?:async[ \t]|def[ \t]|class[ \t]|import[ \t]|from[ \t]|@)", re.MULTILINE
)


class PythonSourceError(WorkersAIError):
    """The text is not Python. `line` and `column` count from 1; None if there is no position."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


def looks_like_python(text: str) -> bool:
    """Return whether a line begins as only Python does."""
    return _PYTHON.search(text) is not None


def parse_source(text: str) -> list[ast.stmt]:
    """Return the statements of a source, or raise PythonSourceError with the error's position."""
    if len(text) > LARGEST_SOURCE:
        raise PythonSourceError(f"The source has more than {LARGEST_SOURCE:,} characters.")
    try:
        with warnings.catch_warnings():
            # A stray backslash in the source is not ours to warn about.
            warnings.simplefilter("ignore")
            return ast.parse(textwrap.dedent(text)).body
    except SyntaxError as error:
        place = f" at line {error.lineno}, column {error.offset}" if error.lineno else ""
        message = f"This is not Python{place}: {error.msg}."
        raise PythonSourceError(message, line=error.lineno, column=error.offset) from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise PythonSourceError(f"This Python cannot be read: {reason}.") from None
