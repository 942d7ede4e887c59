"""Tokens as a person reads them."""


def spelled(token: bytes) -> str:
    r"""Write a token as text; what is only part of a character is written as `\xe6\x97`."""
    return token.decode("utf-8", "backslashreplace")
