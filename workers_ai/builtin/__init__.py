"""A small language model in this process that answers in the format of the documented API.

It lets people try everything immediately and offline. It is not Gemma: it consists of n-grams over
the help passages, favors those that fit the conversation, and admits it when none does.
"""

from .answers import NextToken, next_tokens
from .library import Passage
from .library import load_passages as help_passages
from .model import CONTEXT_WINDOW, MODEL, warm
from .transport import BuiltInTransport

__all__ = [
    "CONTEXT_WINDOW",
    "MODEL",
    "BuiltInTransport",
    "NextToken",
    "Passage",
    "help_passages",
    "next_tokens",
    "warm",
]
