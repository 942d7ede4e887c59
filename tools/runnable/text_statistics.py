"""Text statistics."""

import re
from collections import Counter
from typing import Any

from .tool import RunnableTool, define

LONGEST_TEXT = 200_000
"""Characters."""

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’-]\w+)*")  # noqa: RUF001 - the apostrophe of print
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s|$)")  # noqa: RUF001
_MOST_FREQUENT = 10


def text_statistics(text: str) -> dict[str, Any]:
    """Count the characters, words, sentences and lines of a text, and its most frequent words."""
    words = _WORD.findall(text)
    # Ties go to the word that comes first, so the answer is always the same.
    frequent = Counter(word.casefold() for word in words).most_common(_MOST_FREQUENT)
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    return {
        "characters": len(text),
        "characters_without_spaces": sum(not char.isspace() for char in text),
        "words": len(words),
        "sentences": len(sentences),
        "lines": len(re.split(r"\r\n|\r|\n", text.rstrip("\r\n"))) if text else 0,
        "most_frequent_words": [{"word": word, "count": count} for word, count in frequent],
    }


def _run(arguments: dict[str, Any]) -> Any:
    return text_statistics(arguments["text"])


TEXT_STATISTICS = RunnableTool(
    define(
        "text_statistics",
        "Counts the characters, words, sentences and lines of a text and its most frequent words.",
        {
            "text": {
                "type": "string",
                "description": "The text to count in",
                "maxLength": LONGEST_TEXT,
            }
        },
    ),
    _run,
)
