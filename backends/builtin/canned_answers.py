"""Notes that the model makes for itself before it answers.

A note is a sentence or two made from the conversation: a quotation that fits the question, or an
admission that the help pages do not cover it. Notes join the texts of the n-gram model, so an
answer that follows a note is sampled like any other.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from .conversation import Conversation
from .passages import GuidePassage
from .retrieval import Index
from .text_normalization import content, terms, words

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
_EXACTLY = r"(?: after me| exactly| only| just| the (?:single )?(?:words?|text|phrase))+"
_ECHO = re.compile(
    r"\b(?:repeat|say|echo|(?:reply|answer|respond)(?: only)? with)\b"
    rf"(?:(?:{_EXACTLY})?:?\s*[\"'](?P<quoted>[^\"']{{1,300}})[\"'].?"
    rf"|{_EXACTLY}:?\s*(?P<bare>[^\n]{{1,300}})"
    r"|:\s*(?P<rest>[^\n]{1,300}))\s*$",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(my|I|me|mine|we|our)\b")
_STATEMENT = re.compile(r"(my|I|I'm|we|our)\b", re.IGNORECASE)
_ALL = 0.99
_SHORTEN = re.compile(
    r"\b(summari[sz]e|summary|tl;?dr|in short|key points?|main points?)\b", re.IGNORECASE
)
_FITS = 0.5
_MOST_SENTENCES = 200
_LONG_QUESTION = 25
_LONGEST_QUOTE = 300
_MOST_NAMED = 3
_LONGEST_NAME = 30
_MARKS = "\"'`.,;:!?()[]{}<>"


def echo(question: str) -> str | None:
    """Return the text that the person wants repeated."""
    found = _ECHO.search(question.strip())
    if found is None:
        return None
    text = found["quoted"] or found["bare"] or found["rest"]
    return text.strip().strip("\"'") or None


def quotation(conversation: Conversation, index: Index) -> str | None:
    """Quote the sentence of the conversation that fits the question, if one does."""
    question, pasted = _question_and_text(conversation.question)
    if pasted and _SHORTEN.search(question):
        return f"In short, your text says: {_quoted(_central(pasted))}"
    earlier = [sentence for text in conversation.earlier for sentence in sentences(text)]
    system = sentences(conversation.system)
    candidates = [s for s in [*pasted, *earlier, *system] if not s.endswith("?")][:_MOST_SENTENCES]
    best = _best(question, candidates, index)
    if best is None:
        return None
    who = "Your text says" if best in pasted else "You wrote" if best in earlier else "I was told"
    return f"{who}: {_quoted([best])}"


def recalled_statement(conversation: Conversation, index: Index) -> str | None:
    """Quote what the person said about themselves, if the question is about that."""
    if not _FIRST_PERSON.search(conversation.question):
        return None
    earlier = [part for text in conversation.earlier for part in sentences(text)]
    own = [part for part in earlier if _FIRST_PERSON.search(part) and not part.endswith("?")]
    best = _best(conversation.question, own, index, least=_ALL)
    return None if best is None else f"You wrote: {_quoted([best])}"


def acknowledgment(conversation: Conversation) -> str | None:
    """Acknowledge a statement that the person makes about themselves."""
    said = conversation.question.strip()
    if said.endswith("?") or not _STATEMENT.match(said):
        return None
    return (
        f"You wrote: {_quoted([said])} I can quote that later in this conversation, but I am a "
        "small built-in model that has only read the help pages of this playground, so ask me "
        "about the parameters, the API or the app."
    )


def unknown_topic(conversation: Conversation, index: Index) -> str:
    """Admit that the help pages do not cover the question, and name the unknown terms."""
    asked = [word for word in conversation.question.split() if content(terms(word))]
    strange = [word.strip(_MARKS) for word in asked if all(map(index.unknown, terms(word)))]
    named = [word for word in dict.fromkeys(strange) if len(word) > 2][:_MOST_NAMED]  # noqa: PLR2004 - "it", "42"
    about = " or ".join(f'"{word[:_LONGEST_NAME]}"' for word in named) if named else "that"
    return (
        f"I have only read the help pages of this playground, and they say nothing about {about}. "
        "I am a small built-in model, not Gemma. Ask me about the parameters, images, tools, "
        "guided JSON or the API. For anything else, connect Workers AI or a local engine in the "
        "sidebar."
    )


def sentences(text: str) -> list[str]:
    """Split a text into sentences."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def _question_and_text(text: str) -> tuple[str, list[str]]:
    parts = sentences(text)
    if len(parts) < 2 or len(words(text)) < _LONG_QUESTION:  # noqa: PLR2004 - a question and a text
        return text, []
    asks = [part for part in parts if part.endswith("?") or _SHORTEN.search(part)] or parts[:1]
    return " ".join(asks), [part for part in parts if part not in asks]


def _best(
    question: str, candidates: Sequence[str], index: Index, *, least: float = _FITS
) -> str | None:
    """Return the sentence that has the most in common with the question.

    What they share must be more than a `least` share of the question's content.
    """
    query = index.query(question)
    asked = {name: worth for name, worth in query.items() if content([name])}
    mass = index.mass(asked)
    if not candidates or mass == 0:
        return None
    shares = [index.mass({n: asked[n] for n in set(terms(s)) & asked.keys()}) for s in candidates]
    place = int(np.argmax(shares))
    return candidates[place] if shares[place] > least * mass else None


def _central(parts: Sequence[str]) -> list[str]:
    local = Index([GuidePassage(part, (), part) for part in parts[:_MOST_SENTENCES]])
    scores = local.scores(dict.fromkeys(terms(" ".join(parts[:_MOST_SENTENCES])), 1.0))
    chosen = sorted(np.argsort(-scores, kind="stable")[:2])
    return [parts[place] for place in chosen]


def _quoted(parts: Iterable[str]) -> str:
    text = " ".join(parts).replace('"', "'")
    return f'"{text[:_LONGEST_QUOTE].rstrip()}"'
