"""JSON that follows a schema: the grammar limits the tokens, the model chooses among them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import CHECKED_FORMATS

from .grammars import GrammarError, Grammars, allowed, grammar_error
from .json_position import Cursor, Path
from .ngrams import Context
from .placeholders import placeholder
from .sampling import Logits
from .schema_lookup import at_path
from .schema_refusals import too_much_work
from .text_normalization import word_set
from .token_budget import TokenBudget
from .vocabulary import END

Suggest = Callable[[Path, Mapping[str, Any]], str | None]
"""Returns the conversation's value for a path in the answer, as plain text, if it has one."""

_SURE = 14.0
_UNWANTED = 30.0
_WORDS = 9
_LONG_WORDS = 40
_HURRY = 2.0
_DEEP = 3
_PATIENCE = 3
_LONGEST_TOKEN = 60
_LONGEST_WORD = 40
_LONGEST_KEY = 20
_DEEPER = 3.0
_NOTHING = "no value can follow the schema; relax its rules for the value as a whole"
_CLOSINGS = ((b'"', b""), (b' "', b" "))
"""Tokens that end a string, and the text they add to it."""

_WANTS_SPACE = word_set(
    "description summary text explanation answer reason content comment details message "
    "body story note caption"
)


class GuidedText:
    """An answer that follows a schema.

    Strings are written by the n-gram model, each like the beginning of an answer, unless the
    conversation contains the value. Outside strings a small table favors closing what is open. When
    few tokens are left, the shortest completion is used; if even that is too long, the answer is
    cut off, as with any engine.
    """

    def __init__(
        self,
        grammars: Grammars,
        schema: Mapping[str, Any],
        context: Context,
        suggest: Suggest,
        *,
        exact: bool = False,
    ) -> None:
        self._grammars = grammars
        self._vocabulary = grammars.vocabulary
        self._matcher = grammars.matcher(schema, exact=exact)
        self._schema = schema
        self._context = context
        self._suggest = suggest
        self._cursor = Cursor()
        self._path: Path | None = None
        self._part: Mapping[str, Any] = {}
        self._suggestion: bytes | None = None
        self._way_out = TokenBudget(self._matcher, self._cursor, self._vocabulary, schema)
        self._may = self._first()
        self._look_up()

    @property
    def finished(self) -> bool:
        """Whether nothing can follow: the document is complete, or it is `cut`."""
        return self._matcher.is_stopped() or not self._may.any()

    @property
    def cut(self) -> bool:
        """Whether it ended inside the document because the schema became too expensive."""
        return self.finished and not self._matcher.is_accepting()

    def logits(self, left: int) -> Logits:
        """Return logits, with minus infinity for every token that the schema forbids."""
        may = self._readable(self._may)
        certain = self._certain(self._way_out.token(left), may)
        logits = self._wished(may) if certain is None else certain
        logits[~may] = -np.inf
        return logits

    def write(self, token: int) -> None:
        """Append a token."""
        self._matcher.consume_token(token)
        was_in_string = self._cursor.in_string
        if was_in_string:
            self._context.write(token)
        self._cursor.feed(self._vocabulary.tokens[token])
        if self._cursor.in_string and not was_in_string:
            self._context.begin()
            self._way_out.begin_string()
        self._may = allowed(self._matcher, len(self._vocabulary))
        self._look_up()

    def _first(self) -> NDArray[np.bool_]:
        may = allowed(self._matcher, len(self._vocabulary))
        if not may.any():
            raise GrammarError(_NOTHING)
        # Copies of a matcher share the lexer budget: a completion that uses it up leaves none.
        self._way_out.shortest()
        if grammar_error(self._matcher):
            raise GrammarError(too_much_work(self._schema))
        return may

    def continues(self) -> bool:
        """Return False: nothing follows a document."""
        return False

    def _readable(self, may: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Exclude what the grammar allows but JSON parsers reject.

        That is a duplicate key, and a number that is too large.
        """
        better = may.copy()
        for token, added in _CLOSINGS:
            if self._cursor.repeats_key(added):
                better[self._one(token)] = False
        if self._cursor.scalar[:1] in set("-0123456789"):
            better &= ~self._grammars.exponents
        return better if better.any() else may

    def _look_up(self) -> None:
        path = self._cursor.path
        if path != self._path and not self._cursor.expects_key:
            self._path = path
            self._part = at_path(self._schema, path)
            plain = self._suggest(path, self._part)
            if plain is None or not _has_its_format(plain, self._part):
                plain = placeholder(self._part)
            self._suggestion = None if plain is None else _escaped(plain)

    def _certain(self, token: int | None, may: NDArray[np.bool_]) -> Logits | None:
        """Return logits that leave only this token; None if it may not come."""
        if token is None or not may[token]:
            self._way_out.drop()
            return None
        logits = np.full(len(self._vocabulary), -np.inf)
        logits[token] = 0
        return logits

    def _wished(self, may: NDArray[np.bool_]) -> Logits:
        if self._cursor.in_key:
            return self._like_a_key(may)
        return self._like_a_text(may) if self._cursor.in_string else self._like_structure(may)

    def _like_a_text(self, may: NDArray[np.bool_]) -> Logits:
        written = self._cursor.text
        if self._suggestion is not None and self._suggestion.startswith(written):
            rest = self._suggestion[len(written) :] or b'"'
            return self._towards(rest, may, self._context.logits())
        logits = self._plain_text()
        quote = self._one(b'"')
        logits[quote] = max(float(logits[quote]), float(logits[END]))
        spaces = written.count(b" ")
        too_many = spaces - self._words_wanted()
        if spaces > _WORDS and written.endswith(b"."):
            too_many = max(too_many, _PATIENCE)
        if len(written) > _LONGEST_WORD and b" " not in written[-_LONGEST_WORD:]:
            too_many = max(too_many, _PATIENCE + 1)
        if too_many > _PATIENCE and not may[quote] and len(written) >= self._least_length():
            certain = self._certain(self._way_out.out_of_string(), may)
            logits = logits if certain is None else certain
        elif too_many > 0:
            logits[quote] = float(np.max(logits)) + _HURRY * too_many
        return logits

    def _like_a_key(self, may: NDArray[np.bool_]) -> Logits:
        begun = self._cursor.text
        for name in self._missing_keys(self._cursor.path[:-1]):
            if name.startswith(begun):
                return self._towards(name[len(begun) :] or b'"', may, self._plain_text())
        logits = self._plain_text()
        if len(begun) > _LONGEST_KEY and not may[self._one(b'"')]:
            certain = self._certain(self._way_out.out_of_string(), may)
            logits = logits if certain is None else certain
        elif begun and begun.decode("utf-8", "replace") not in self._cursor.keys:
            logits[self._one(b'"')] = float(np.max(logits)) + _HURRY
        return logits

    def _like_structure(self, may: NDArray[np.bool_]) -> Logits:
        cursor = self._cursor
        logits = self._grammars.structure.copy()
        logits[END] = _SURE
        expects_value = not cursor.value_done and not cursor.expects_key
        if self._suggestion is not None and expects_value:
            begun = cursor.scalar.encode()
            rest = self._suggestion.removeprefix(begun)
            if rest and self._suggestion.startswith(begun):
                return self._towards(rest, may, logits)
        openings = [self._one(opening) for opening in (b"{", b" {", b"[", b" [")]
        if expects_value and "properties" in self._part:
            logits[openings[:2]] += _SURE / 2
        logits[openings] -= _DEEPER * max(0, cursor.depth - _DEEP)
        ends = [self._one(end) for end in (b",", b"}", b"]")]
        for digit in set(cursor.scalar):
            logits[self._one(digit.encode())] -= cursor.scalar.count(digit)
        if cursor.scalar:
            logits[[*ends, END]] += _SURE if self._suggestion else 1.5 * len(cursor.scalar)
        if cursor.in_array:
            logits[ends[2]] += 1.5 * cursor.count
        elif cursor.depth:
            missing = self._missing_keys(cursor.path[:-1])
            logits[ends[0] if missing else ends[1]] += _SURE / 2
        return logits

    def _missing_keys(self, path: Path) -> list[bytes]:
        """Return the keys still to come, in their JSON spelling; deep down only required ones.

        Otherwise a recursive schema would be followed forever.
        """
        part = at_path(self._schema, path)
        properties = part.get("properties")
        named = properties if isinstance(properties, Mapping) else {}
        names: Iterable[str] = [name for name in named if named[name] is not False]
        if self._cursor.depth > _DEEP:
            names = [name for name in names if name in (part.get("required") or ())]
        written = {key.encode() for key in self._cursor.keys}
        return [name for name in map(_escaped, names) if name not in written]

    def _plain_text(self) -> Logits:
        logits = self._context.logits()
        logits[self._grammars.spoiling] -= _UNWANTED
        return logits

    def _least_length(self) -> int:
        said = self._part.get("minLength")
        return said if isinstance(said, int) else 0

    def _words_wanted(self) -> int:
        name = str(self._path[-1] if self._path else "").lower()
        return _LONG_WORDS if name in _WANTS_SPACE else _WORDS

    def _towards(self, data: bytes, may: NDArray[np.bool_], logits: Logits) -> Logits:
        """Favor the token that spells the beginning of `data`, if the grammar allows it."""
        for token in [*self._beginnings(data), *map(self._one, (b'"', b" ", b' "'))]:
            if may[token]:
                logits[token] = max(float(np.max(logits)), 0.0) + _SURE
                return logits
        self._suggestion = None
        return logits

    def _beginnings(self, data: bytes) -> Iterator[int]:
        """Yield tokens that `data` begins with; the last is one byte, even within a character."""
        text = data[:_LONGEST_TOKEN].decode("utf-8", "ignore")
        if text and data.startswith(text[0].encode()):
            yield self._vocabulary.encode(text)[0]
            yield self._vocabulary.encode(f" {text}")[0]
        yield self._one(data[:1])

    def _one(self, token: bytes) -> int:
        return self._vocabulary.id_of(token) or END


def _escaped(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "replace")


def _has_its_format(text: str, part: Mapping[str, Any]) -> bool:
    has_format, _ = CHECKED_FORMATS.get(str(part.get("format")), (None, ""))
    return has_format is None or has_format(text)
