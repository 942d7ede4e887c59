"""The built-in language model: its texts, and the weights it gives them for one answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Final

import numpy as np

from .attention import Attention
from .canned_answers import acknowledgment, echo, quotation, recalled_statement, unknown_topic
from .conversation import TOKENS_PER_IMAGE, TOKENS_PER_TURN, Conversation
from .length_intent import wants_all, wants_it_brief
from .ngrams import Context, Texts, floor_for
from .passages import GuidePassage, load_guide
from .retrieval import Index
from .sampling import Logits
from .sentence_skips import SentenceSkips, sentence_skips
from .text_normalization import terms
from .vocabulary import Vocabulary

MODEL: Final = "cabochon-help-ngram"
"""The only model of this transport. It is not Gemma."""

CONTEXT_WINDOW: Final = 80_000
"""Prompt and answer together in tokens, as documented for the model that it replaces."""

_KNOWS = 0.59
_CERTAIN = 1.0
_BACKGROUND = 0.3
_STRENGTH = 200.0
_NOTE = 600.0
_SUGGESTION = 33.0
_SUGGESTIONS = 3
_SHARPNESS = 0.06
_KEPT = 5
_NEXT_TO_NOTHING = 1e-4
_DETOUR = 0.1
_SMALL_TALK = "general"


@dataclass(frozen=True, slots=True)
class TextWeights:
    """The weights of the texts for one answer."""

    texts: Texts
    weights: Logits
    """The weight of each text."""

    openings: Logits
    """The weight of each text as the beginning of an answer."""

    sentence_skips: SentenceSkips = field(default_factory=dict)
    """Positions where an answer may leave its passage."""

    next_passages: tuple[int, ...] = ()
    """Passages that follow the first one, if a thorough answer was requested."""

    brief: bool = False
    """Whether the answer stops after one sentence."""


class HelpModel:
    """N-grams over the help passages, with a search for the relevant ones."""

    def __init__(self, passages: Sequence[GuidePassage]) -> None:
        self.passages = tuple(passages)
        self.vocabulary = Vocabulary(passage.text for passage in self.passages)
        self.index = Index(self.passages)
        self._attention = Attention(self.index, self.passages)
        self._texts = Texts.of([self.vocabulary.encode(p.text) for p in self.passages])
        self._floor = floor_for(self.vocabulary.tokens)

    def weigh(self, conversation: Conversation, *, notes: Sequence[str] = ()) -> TextWeights:
        """Weigh the texts for an answer; `notes`, if any, take precedence over the passages."""
        scores = self._attention.scores(conversation)
        relevance = _relevance(scores)
        written = list(notes) or self._own_notes(conversation, scores)
        if written:
            return self._lean_on_notes(written, relevance)
        if conversation.prefill:
            return self._lean_on_passages(relevance)
        asked = f"{conversation.system}\n{conversation.question}"
        if wants_all(asked):
            return self._lean_on_several(relevance)
        if wants_it_brief(asked):
            return self._lean_on_passages(relevance, brief=True)
        return self._lean_freely(relevance, asked)

    def knows(self, conversation: Conversation, *, surely: bool = False) -> bool:
        """Return whether a passage fits the conversation."""
        best = float(self._attention.scores(conversation).max(initial=0))
        return best >= (_CERTAIN if surely else _KNOWS)

    def heading(self, conversation: Conversation) -> str:
        """Return the heading of the passage that fits best."""
        return self.passages[int(np.argmax(self._attention.scores(conversation)))].question

    def context(self, text_weights: TextWeights) -> Context:
        """Return a new n-gram context."""
        return Context(
            text_weights.texts,
            text_weights.weights,
            text_weights.openings,
            self._floor,
            text_weights.sentence_skips,
        )

    def count(self, conversation: Conversation) -> int:
        """Count the tokens of a prompt: its text, 5 per turn, 1 to begin, 260 per picture."""
        turns = conversation.all_turns
        spelled = sum(len(self.vocabulary.encode(turn.text)) for turn in turns)
        pictures = sum(len(turn.images) for turn in turns)
        return spelled + TOKENS_PER_TURN * len(turns) + 1 + TOKENS_PER_IMAGE * pictures

    def prompt_ids(self, conversation: Conversation) -> set[int]:
        """Return the distinct tokens of a prompt, for the penalties."""
        turns = conversation.all_turns
        return {token for turn in turns for token in self.vocabulary.encode(turn.text)}

    def _own_notes(self, conversation: Conversation, scores: Logits) -> list[str]:
        if conversation.plain:
            return []
        best = float(scores.max(initial=0))
        note = echo(conversation.question) or recalled_statement(conversation, self.index)
        if note is None and best < _CERTAIN:
            note = quotation(conversation, self.index)
        if note is None and best < _KNOWS:
            note = acknowledgment(conversation) or unknown_topic(conversation, self.index)
        return [] if note is None else [note]

    def _lean_on_notes(self, notes: Sequence[str], relevance: Logits) -> TextWeights:
        own = np.full(len(notes), _NOTE)
        return TextWeights(
            self._with(notes),
            np.append(_BACKGROUND + relevance, own),
            np.append(np.full(len(relevance), _NEXT_TO_NOTHING), own),
        )

    def _lean_on_passages(self, relevance: Logits, *, brief: bool = False) -> TextWeights:
        weights, openings = _weights(relevance)
        return TextWeights(self._texts, weights, openings, brief=brief)

    def _lean_on_several(self, relevance: Logits) -> TextWeights:
        weights, openings = _weights(relevance)
        best, *further = _ranked(relevance)
        openings[np.arange(len(openings)) != best] = _NEXT_TO_NOTHING
        return TextWeights(self._texts, weights, openings, next_passages=tuple(further[:2]))

    def _lean_freely(self, relevance: Logits, asked: str) -> TextWeights:
        """Allow skipped sentences, and a suggestion at the end."""
        suggestions = self._suggestions(relevance)
        weights, openings = _weights(relevance)
        nothing = np.full(len(suggestions), _NEXT_TO_NOTHING)
        texts = self._with(suggestions)
        ways = self._detours(relevance, asked)
        if suggestions:
            _, after = texts.span(_ranked(relevance)[0])
            first = [texts.span(len(weights) + n)[0] + 1 for n in range(len(suggestions))]
            ways[after - 1] = [(place, _SUGGESTION) for place in first]
        return TextWeights(
            texts,
            np.append(weights, nothing + _STRENGTH),
            np.append(openings, nothing),
            sentence_skips=ways,
        )

    def _suggestions(self, relevance: Logits) -> list[str]:
        ranked = [self.passages[place] for place in _ranked(relevance)]
        if not ranked or ranked[0].theme == _SMALL_TALK:
            return []
        near = [passage for passage in ranked[1:] if passage.theme == ranked[0].theme]
        return [f' You may also want to ask: "{p.question}"' for p in near[:_SUGGESTIONS]]

    def _with(self, notes: Sequence[str]) -> Texts:
        if not notes:
            return self._texts
        return self._texts.joined(Texts.of([self.vocabulary.encode(note) for note in notes]))

    def _detours(self, relevance: Logits, asked: str) -> dict[int, list[tuple[int, float]]]:
        found: dict[int, list[tuple[int, float]]] = {}
        for place in np.flatnonzero(relevance > _DETOUR):
            begin, end = self._texts.span(int(place))
            own = [self.vocabulary.tokens[token] for token in self._texts.tokens[begin + 1 : end]]
            weight = _STRENGTH * float(relevance[place])
            found.update(sentence_skips(own, begin + 1, terms(asked), weight))
        return found


@cache
def _load() -> HelpModel:
    return HelpModel(load_guide())


_LOADING = Lock()


def help_model() -> HelpModel:
    """Return this process's model; the first call loads it."""
    with _LOADING:
        return _load()


def preload_built_in() -> None:
    """Load the model now, so that the first answer does not have to wait for it."""
    help_model()


def _relevance(scores: Logits) -> Logits:
    """Convert scores into shares of the best one; all but a few are 0."""
    relevance: Logits = np.exp((scores - scores.max(initial=0)) / _SHARPNESS)
    relevance[np.argsort(-relevance, kind="stable")[_KEPT:]] = 0
    return np.where(scores >= _KNOWS, relevance, 0)


def _weights(relevance: Logits) -> tuple[Logits, Logits]:
    return _BACKGROUND + _STRENGTH * relevance, _NEXT_TO_NOTHING + _STRENGTH * relevance**3


def _ranked(relevance: Logits) -> tuple[int, ...]:
    order = np.argsort(-relevance, kind="stable")
    return tuple(int(place) for place in order if relevance[place] > 0)
