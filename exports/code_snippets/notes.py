"""The notes that accompany the code."""

from collections.abc import Collection

from .targets import ACCOUNT_VARIABLE, Target

TEXT_ALONE = "It prints only the text; tool calls arrive in tool_calls."
"""The note for code that prints a stream, if tools are offered."""


def note(target: Target, files: Collection[str] = (), *more: str) -> str:
    """Return the sentences: what to set, which files are needed, what to expect."""
    variables = [name for name in (_account(target), target.key_variable) if name]
    sentences = []
    if target.note:
        sentences.append(target.note)
    elif variables:
        sentences.append(f"Set {' and '.join(variables)} in the environment.")
    if files:
        sentences.append(f"Run it in the folder with {', '.join(files)}.")
    return " ".join([*sentences, *more])


def _account(target: Target) -> str:
    return "" if target.address.after is None else ACCOUNT_VARIABLE
