"""A small language model in this process, which answers as the documented API does.

It exists so that everything can be tried at once, offline. It is not Gemma: it is made of n-grams
over the help passages, leans on those that fit the conversation, and says so when none does.
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
