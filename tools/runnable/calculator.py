"""A calculator with its own grammar and Python's precedence; it never calls `eval`."""

import re
from fractions import Fraction
from typing import Any

from .arithmetic import CONSTANTS, FUNCTIONS, OPERATIONS, Number, bounded
from .tool import RunnableTool, ToolError, define, number

LONGEST_EXPRESSION = 500
"""Characters."""

DEEPEST_EXPRESSION = 50
"""Levels of parentheses, signs and powers."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3}(?!\d))?)|(?P<name>[A-Za-z]\w*)"
    r"|(?P<sign>\*\*|//|[-+*/%(),]))\s*",
    re.ASCII,
)
_SPELLINGS = str.maketrans({"×": "*", "·": "*", "÷": "/", "\u2212": "-", "^": "**"})


def calculate(expression: str) -> int | float:
    """Return the value of an arithmetic expression, or raise ToolError.

    Decimal fractions are exact, so `0.1 + 0.2` is 0.3, and a whole result is an integer.
    """
    if len(expression) > LONGEST_EXPRESSION:
        raise ToolError(f"The expression has more than {LONGEST_EXPRESSION} characters.")
    try:
        return number(_Reader(_tokens(expression.translate(_SPELLINGS))).whole())
    except ZeroDivisionError as error:
        raise ToolError("Division by zero.") from error
    except OverflowError as error:
        raise ToolError("The result is too large.") from error


def _tokens(expression: str) -> list[str]:
    tokens, at = [], 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            raise ToolError(f'"{expression[at : at + 10].strip()}" cannot be parsed.')
        tokens.append(token[0].strip())
        at = token.end()
    return tokens


class _Reader:
    """Parses and computes in one pass, by recursive descent."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Number:
        if not self._tokens:
            raise ToolError("The expression is empty.")
        value = self._sum()
        if self._next():
            raise ToolError(f'"{self._next()}" is unexpected.')
        return value

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *accepted: str) -> str:
        token = self._next()
        if token not in accepted:
            return ""
        self._at += bool(token)
        return token

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise ToolError(f'"{sign}" is missing.')

    def _sum(self) -> Number:
        value = self._product()
        while sign := self._take("+", "-"):
            value = bounded(OPERATIONS[sign](value, self._product()))
        return value

    def _product(self) -> Number:
        value = self._signed()
        while sign := self._take("*", "//", "/", "%"):
            value = bounded(OPERATIONS[sign](value, self._signed()))
        return value

    def _signed(self) -> Number:
        self._depth += 1
        if self._depth > DEEPEST_EXPRESSION:
            raise ToolError(f"The expression is nested more than {DEEPEST_EXPRESSION} levels deep.")
        if sign := self._take("+", "-"):
            value = self._signed()
            value = -value if sign == "-" else value
        else:
            value = self._power()
        self._depth -= 1
        return value

    def _power(self) -> Number:
        base = self._atom()
        if self._take("**"):
            return bounded(OPERATIONS["**"](base, self._signed()))
        return base

    def _atom(self) -> Number:
        if self._take("("):
            value = self._sum()
            self._expect(")")
            return value
        token = self._next()
        self._at += 1
        if token[:1].isdigit() or token[:1] == ".":
            return bounded(Fraction(token))
        if token in CONSTANTS:
            return CONSTANTS[token]
        if token in FUNCTIONS:
            return self._call(token)
        if token[:1].isalpha():
            known = ", ".join([*FUNCTIONS, *CONSTANTS])
            raise ToolError(f'"{token[:40]}" is unknown; use one of {known}.')
        raise ToolError(
            f'A number is missing before "{token}".' if token else "A number is missing."
        )

    def _call(self, name: str) -> Number:
        self._expect("(")
        arguments = [self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        self._expect(")")
        function, least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            plural = "number" if count == "1" else "numbers"
            raise ToolError(f"{name} takes {count} {plural}, not {len(arguments)}.")
        return bounded(function(*arguments))


def _run(arguments: dict[str, Any]) -> Any:
    return calculate(arguments["expression"])


CALCULATOR = RunnableTool(
    define(
        "calculator",
        "Computes an arithmetic expression and returns the number.",
        {
            "expression": {
                "type": "string",
                "description": (
                    "The expression, as (3 + 4) * sqrt(2). Operators: + - * / // % **. Functions: "
                    f"{', '.join(FUNCTIONS)}. Constants: pi, e. Angles are in radians."
                ),
                "maxLength": LONGEST_EXPRESSION,
            }
        },
    ),
    _run,
)
