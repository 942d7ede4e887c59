"""String literals of each language, safe for strings that try to break out of them.

Invisible characters, and those that change the text direction, are escaped, so that code does what
it looks like. Joiners stay: scripts and emoji need them.
"""

import re
import unicodedata
from collections.abc import Callable

_SPECIAL = re.compile(r"[\\\"'\x00-\x1f]|[^ -~\w]")
_JOINERS = "\u200c\u200d"
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ENDS_SCRIPT = re.compile(r"</(?=script)|<!(?=--)", re.IGNORECASE)
_EXPANDED = re.compile(r"\\(?=[\\$`])|[$`]")
_BYTE, _UNIT = 0xFF, 0xFFFF


def python_text(text: str) -> str:
    """Return a Python string literal."""
    return _quoted(text, _quote_for(text), _python_escape)


def javascript_text(text: str) -> str:
    """Return a JavaScript string literal, also safe within a page's script element."""
    literal = _quoted(text, _quote_for(text), _javascript_escape)
    return _ENDS_SCRIPT.sub(lambda match: f"<\\{match[0][1:]}", literal)


def json_text(text: str) -> str:
    """Return a JSON string literal."""
    return _quoted(text, '"', _json_escape)


def f_string(before: str, expression: str, after: str) -> str:
    """Return a Python f-string with an expression in it."""
    whole = f"{_braced(before)}{{{expression}}}{_braced(after)}"
    return f"f{python_text(whole)}"


def template(before: str, expression: str, after: str) -> str:
    """Return a JavaScript template literal with an expression in it."""
    return f"`{_in_template(before)}${{{expression}}}{_in_template(after)}`"


def shell_word(text: str) -> str:
    """Return a word for a POSIX shell, in single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def shell_text(before: str, variable: str, after: str) -> str:
    """Return a word for a POSIX shell with a variable in it, in double quotes."""
    return f'"{_in_double_quotes(before)}${variable}{_in_double_quotes(after)}"'


def in_here_document(text: str) -> str:
    """Escape a string for a here-document in which the shell expands commands."""
    return _EXPANDED.sub(lambda match: f"\\{match[0]}", text)


def raw_template(json_document: str) -> str:
    """Return a JSON document as a JavaScript raw string, in which escapes are not processed."""
    plain = json_document.replace("`", "\\u0060").replace("$", "\\u0024")
    return f"String.raw`{plain}`"


def _quote_for(text: str) -> str:
    return "'" if '"' in text and "'" not in text else '"'


def _quoted(text: str, quote: str, escape: Callable[[int], str]) -> str:
    def written(match: re.Match[str]) -> str:
        char = match[0]
        if char in "\"'":
            return f"\\{char}" if char == quote else char
        return _SHORT.get(char) or (escape(ord(char)) if _is_hidden(char) else char)

    return f"{quote}{_SPECIAL.sub(written, text)}{quote}"


def _is_hidden(char: str) -> bool:
    if char in "\u2028\u2029":
        return True
    return unicodedata.category(char).startswith("C") and char not in _JOINERS


def _python_escape(code: int) -> str:
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _UNIT else f"\\U{code:08x}"


def _javascript_escape(code: int) -> str:
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _UNIT else f"\\u{{{code:x}}}"


def _json_escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _in_template(text: str) -> str:
    return re.sub(r"[\\`]|\$(?=\{)", lambda match: f"\\{match[0]}", text)


def _in_double_quotes(text: str) -> str:
    return re.sub(r"[\\\"$`]", lambda match: f"\\{match[0]}", text)
