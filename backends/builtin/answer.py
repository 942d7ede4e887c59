"""The answer to a validated request body: as text, as JSON, or as tool calls."""

import codecs
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from .conversation import read_conversation
from .conversation_values import Facts
from .generation import FreeText, Writer
from .grammars import Grammars
from .guided_generation import GuidedText, Suggest
from .json_position import Path
from .language_model import CONTEXT_WINDOW, HelpModel, TextWeights, help_model
from .picture_measures import asks_about_a_picture, notes_on_pictures
from .sampling import DEFAULT_MAX_TOKENS, Sampler, SamplingSettings
from .text_normalization import word_set, words
from .tool_choice import PlannedCall, ToolPlan, offered_tools, plan_calls
from .tool_results import notes_on_results

_UNKNOWN = "unknown"
_HEADED = word_set("title heading headline topic subject")


class PromptTooLongError(Exception):
    """The prompt and `max_tokens` together exceed the context window."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        super().__init__(f"{tokens} tokens")


class NextToken(NamedTuple):
    """One token that may come next."""

    token: bytes
    """Its bytes; `<end>` ends the answer. One letter may need several tokens."""

    logit: float
    """Before penalties and temperature; 14 means certain."""

    probability: float
    """After penalties, temperature, `top_k` and `top_p`: the one used for the draw."""


class Answer:
    """One answer, generated lazily while it is read.

    `pieces()` yields the text of one token at a time, possibly empty. After that, `tool_calls`,
    `completion_tokens` and `cut` are known. The constructor raises every error that a request can
    cause: PromptTooLongError, GrammarError, InvalidImageError.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._model = help_model()
        self._conversation = read_conversation(body)
        self._settings = SamplingSettings.of(body)
        self.prompt_tokens = self._model.count(self._conversation)
        self.max_tokens = self._settings.max_tokens or DEFAULT_MAX_TOKENS
        if self.prompt_tokens + self.max_tokens > CONTEXT_WINDOW:
            raise PromptTooLongError(self.prompt_tokens + self.max_tokens)
        self.completion_tokens = 0
        self.cut = False
        """Whether the answer ended early because the schema became too expensive to follow."""

        self.tool_calls: list[tuple[str, Mapping[str, Any]]] = []
        self._sampler = Sampler(self._settings, self._model.prompt_ids(self._conversation))
        self._text, self._calls = self._plan(body)

    def pieces(self) -> Iterator[str]:
        """Generate the answer."""
        if self._text is not None:
            yield from self._written(self._text)
        for call, source in self._calls:
            text = yield from self._silently(source)
            arguments = _arguments(text)
            if arguments is None:
                yield text
                return
            self.tool_calls.append((call.tool.name, arguments))

    def next_tokens(self, written: str, most: int) -> list[NextToken]:
        """Return the most likely next tokens after `written`, with their probabilities."""
        source = self._text or self._calls[0][1]
        vocabulary = self._model.vocabulary
        for token in vocabulary.encode(written):
            source.write(token)
            self._sampler.remember(token)
        logits = source.logits(self.max_tokens)
        chances = self._sampler.probabilities(logits)
        order = np.lexsort((-logits, -chances))[:most]
        return [
            NextToken(vocabulary.tokens[token], float(logits[token]), float(chances[token]))
            for token in order
        ]

    def _plan(
        self, body: Mapping[str, Any]
    ) -> tuple[FreeText | GuidedText | None, list[tuple[PlannedCall, GuidedText]]]:
        notes = self._notes()
        tools = [] if notes else offered_tools(body, self._conversation)
        plan = plan_calls(tools, self._conversation, self._model.index) if tools else ToolPlan()
        if plan.calls and plan.calls[0].tool.as_text:
            return self._calls_as_text(plan.calls), []
        if plan.calls:
            return None, [(call, self._arguments_of(call)) for call in plan.calls]
        if "guided_json" in body:
            return self._guided(body["guided_json"], notes), []
        return self._free([plan.question] if plan.question else notes), []

    def _notes(self) -> list[str]:
        conversation = self._conversation
        results = notes_on_results(conversation)
        if results or not conversation.images:
            return results
        new = bool(conversation.turns[-1].images)
        meant = new or asks_about_a_picture(conversation.question)
        if meant or not self._model.knows(conversation, surely=True):
            return notes_on_pictures(conversation.images)
        return []

    def _free(self, notes: Sequence[str]) -> FreeText:
        text_weights = self._model.weigh(self._conversation, notes=notes)
        prefill, plain = self._conversation.prefill, self._conversation.plain
        return FreeText(self._model, text_weights, prefill, plain=plain)

    def _guided(self, schema: Mapping[str, Any], notes: Sequence[str]) -> GuidedText:
        model, conversation = self._model, self._conversation
        known = model.knows(conversation)
        text_weights = model.weigh(conversation, notes=list(notes) or ([] if known else [_UNKNOWN]))
        facts = Facts(notes or [conversation.question, *conversation.earlier])
        heading = model.heading(conversation) if known and not notes else None
        return self._json(schema, text_weights, _with_heading(facts, heading), exact=True)

    def _arguments_of(self, call: PlannedCall) -> GuidedText:
        text_weights = self._model.weigh(self._conversation, notes=[_UNKNOWN])
        return self._json(call.schema, text_weights, call.facts.suggest)

    def _calls_as_text(self, calls: Sequence[PlannedCall]) -> GuidedText:
        """Write one call as an object, several as a list, as `describe_tools` asks for."""
        text_weights = self._model.weigh(self._conversation, notes=[_UNKNOWN])
        if len(calls) == 1:
            return self._json(_as_text(calls[0]), text_weights, _suggestions(calls[0]))
        several = {
            "type": "array",
            "prefixItems": [_as_text(call) for call in calls],
            "items": False,
            "minItems": len(calls),
            "maxItems": len(calls),
        }
        by_place = dict(enumerate(map(_suggestions, calls)))

        def suggest(path: Path, part: Mapping[str, Any]) -> str | None:
            own = by_place.get(path[0]) if path and isinstance(path[0], int) else None
            return own(path[1:], part) if own else None

        return self._json(several, text_weights, suggest)

    def _json(
        self,
        schema: Mapping[str, Any],
        text_weights: TextWeights,
        suggest: Suggest,
        *,
        exact: bool = False,
    ) -> GuidedText:
        context = self._model.context(text_weights)
        return GuidedText(_grammars(self._model), schema, context, suggest, exact=exact)

    def _written(self, source: FreeText | GuidedText) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        tokens = self._model.vocabulary.tokens
        writer = Writer(source, self._sampler, self.max_tokens - self.completion_tokens)
        for token in writer:
            self.completion_tokens += 1
            yield decoder.decode(tokens[token])
        rest = decoder.decode(b"", final=True)
        if rest:
            yield rest
        self.cut = isinstance(source, GuidedText) and source.cut

    def _silently(self, source: GuidedText) -> Generator[str, None, str]:
        text = ""
        for piece in self._written(source):
            text += piece
            yield ""
        return text


def next_tokens(body: Mapping[str, Any], *, written: str = "", most: int = 50) -> list[NextToken]:
    """Return what the model could write next, after an answer that began with `written`.

    The sampling parameters in the body affect the probabilities. The most likely token comes
    first. `body` is the body of a valid request.
    """
    return Answer(body).next_tokens(written, most)


@cache
def _grammars(model: HelpModel) -> Grammars:
    return Grammars(model.vocabulary)


def _as_text(call: PlannedCall) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {"name": {"const": call.tool.name}, "parameters": call.schema},
        "required": ["name", "parameters"],
        "additionalProperties": False,
    }


def _suggestions(call: PlannedCall) -> Suggest:
    def suggest(path: Path, part: Mapping[str, Any]) -> str | None:
        return call.facts.suggest(path[1:], part) if path[:1] == ("parameters",) else None

    return suggest


def _arguments(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _with_heading(facts: Facts, heading: str | None) -> Suggest:
    """Suggest the heading of the matching passage for fields such as titles."""

    def suggest(path: Path, part: Mapping[str, Any]) -> str | None:
        name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
        if heading is not None and "enum" not in part and _HEADED & set(words(name)):
            return heading
        return facts.suggest(path, part)

    return suggest
