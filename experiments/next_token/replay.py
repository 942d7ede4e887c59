"""Tokens as readable text."""


def spelled(token: bytes) -> str:
    r"""Return a token as text; parts of a character are written like `\xe6\x97`."""
    return token.decode("utf-8", "backslashreplace")
