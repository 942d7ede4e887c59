"""What a person has to know besides the code."""

from collections.abc import Collection

from .targets import ACCOUNT_VARIABLE, Target

TEXT_ALONE = "It prints the text alone; the calls of tools come in tool_calls."
"""What is to know of code that prints a stream, where tools are offered."""


def note(target: Target, files: Collection[str] = (), *more: str) -> str:
    """Return the sentences: what to set, what lies beside the code, what to expect."""
    variables = [name for name in (_account(target), target.key_variable) if name]
    sentences = []
    if target.note:
        sentences.append(target.note)
    elif variables:
        sentences.append(f"Set {' and '.join(variables)} in the environment.")
    if files:
        names = ", ".join(files)
        sentences.append(f"Run it where {names} {'lies' if len(files) == 1 else 'lie'}.")
    return " ".join([*sentences, *more])


def _account(target: Target) -> str:
    return "" if target.address.after is None else ACCOUNT_VARIABLE
