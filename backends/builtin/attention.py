"""Relevance of the passages to a conversation; the last question counts most."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from .conversation import Conversation
from .length_intent import points_back, wants_more, without_wishes
from .passages import GuidePassage
from .retrieval import Index
from .sampling import Logits
from .text_normalization import content, terms

_LABEL = re.compile(r"\b\w{1,10}:(?=\s|$)")
_STRANGE = 0.2
_SAID_BEFORE = 2.0
_SAID_AND_ASKED_AGAIN = 0.1
_FADING = (0.45, 0.2)
_FADING_WHEN_POINTED_AT = (0.8, 0.4)
_SAYS_ENOUGH = 3
_OPENING_LENGTH = 40


class Attention:
    """Scores of passages for conversations."""

    def __init__(self, index: Index, passages: Sequence[GuidePassage]) -> None:
        self._index = index
        self._openings = [passage.text[:_OPENING_LENGTH] for passage in passages]

    def scores(self, conversation: Conversation) -> Logits:
        """Score every passage; those already used count less when the person asks for more."""
        question = without_wishes(conversation.question) or _LABEL.sub("", conversation.prefill)
        if conversation.earlier and wants_more(question):
            query = self._with_earlier({}, conversation, (1.0, 0.4))
            return self._scores(query) - _SAID_BEFORE * self._said(conversation)
        query = self._index.query(question)
        scores = self._scores(query)
        if not conversation.earlier or len(content(terms(question))) > _SAYS_ENOUGH:
            return scores
        fading = _FADING_WHEN_POINTED_AT if points_back(question) else _FADING
        followed = self._scores(self._with_earlier(query, conversation, fading))
        return np.maximum(scores, followed) - _SAID_AND_ASKED_AGAIN * self._said(conversation)

    def _scores(self, query: Mapping[str, float]) -> Logits:
        strange = _STRANGE * self._index.strangeness(query)
        scores: Logits = self._index.scores(query) - strange
        return scores

    def _with_earlier(
        self, query: Mapping[str, float], conversation: Conversation, fading: Sequence[float]
    ) -> dict[str, float]:
        """Mix earlier questions into a query; the older they are, the less they count."""
        mixed = dict(query)
        asked = [text for text in conversation.earlier if not wants_more(text)]
        for share, text in zip(fading, asked, strict=False):
            for name, weight in self._index.query(text).items():
                mixed[name] = max(mixed.get(name, 0), share * weight)
        return mixed

    def _said(self, conversation: Conversation) -> Logits:
        answers = "\n".join(conversation.said)
        return np.array([opening in answers for opening in self._openings], float)
