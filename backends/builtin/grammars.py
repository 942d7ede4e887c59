"""Grammars made from JSON Schemas, over the built-in model's vocabulary."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper
from numpy.typing import NDArray

from schemas import check_schema
from workers_ai import Fault

from .grammar_schemas import UnsupportedSchemaError, grammar_schema
from .sampling import Logits
from .schema_lookup import reach
from .schema_refusals import refusal
from .vocabulary import END, START, Vocabulary

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

LARGEST_SCHEMA: Final = 200_000
"""In characters of JSON. Larger schemas are rejected, so that no request takes long."""

DEEPEST_SCHEMA: Final = 1000
"""In steps from part to part, including references. llguidance crashes at about twice that."""

_WRITTEN: "JsonCompileOptions" = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
}
_LOOSE: "JsonCompileOptions" = {**_WRITTEN, "coerce_one_of": True}
_STRUCTURE: Mapping[bytes, float] = {
    b"}": 4.0,
    b"]": 3.0,
    b",": 3.0,
    b'"': 4.0,
    b"{": 4.0,
    b"[": 3.0,
    b" ": 4.0,
    b' "': 4.0,
    b" {": 4.0,
    b" [": 3.0,
    b"-": -4.0,
    b" -": -4.0,
    b".": -1.0,
    b"e": -9.0,
    b"E": -9.0,
    b"n": -1.0,
}
_LONG_NUMBER = -2.0


_LONGEST = 300
_TOO_NESTED = "recursion limit"
_DEEP = "the schema is nested too deeply; reduce the nesting"
_ENDLESS = (
    "every value would have to contain another one of its kind, without end; make one of the "
    "recursive parts optional, or let it be null"
)


class GrammarError(Exception):
    """The schema cannot be turned into a grammar; the message gives the reason in one line."""


class Grammars:
    """A factory for grammars over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def matcher(self, schema: Mapping[str, Any], *, exact: bool = True) -> LLMatcher:
        """Compile a schema, or raise GrammarError.

        Everything that an `exact` grammar accepts is valid against the schema. Otherwise `oneOf` is
        treated as `anyOf`, and slightly invalid schemas are accepted.
        """
        try:
            faults = _faults(schema)
            if exact and faults:
                raise GrammarError(str(faults[0]))
            narrow = schema if faults else grammar_schema(schema)
            text = json.dumps(narrow)
        except UnsupportedSchemaError as error:
            raise GrammarError(str(error)) from error
        except RecursionError as error:
            raise GrammarError(_DEEP) from error
        if narrow is False:
            raise GrammarError(_ENDLESS)
        matcher = self._compiled(text, exact=exact)
        if _TOO_NESTED in (problem := grammar_error(matcher)):
            raise GrammarError(_DEEP)
        if problem:
            raise GrammarError(self._refusal(schema, narrow, problem, exact=exact))
        return matcher

    def _compiled(self, text: str, *, exact: bool) -> LLMatcher:
        return LLMatcher(self._tokenizer, _grammar(text, exact=exact), log_level=0)

    def _refusal(
        self, schema: Mapping[str, Any], narrow: Mapping[str, Any], error: str, *, exact: bool
    ) -> str:
        def of(part: Mapping[str, Any]) -> str:
            return grammar_error(self._compiled(json.dumps(part), exact=exact))

        return refusal(schema, narrow, error, of)

    @cached_property
    def _tokenizer(self) -> LLTokenizer:
        return LLTokenizer(TokenizerWrapper(_Spelling(self.vocabulary)))

    @cached_property
    def spoiling(self) -> NDArray[np.bool_]:
        """Tokens that contain a closing quote and more, or a backslash."""
        tokens = self.vocabulary.tokens
        return np.array([(b'"' in t and t != b'"') or b"\\" in t for t in tokens])

    @cached_property
    def exponents(self) -> NDArray[np.bool_]:
        """Tokens that could start an exponent, and with it a number too large for any computer."""
        found = np.array([b"e" in token.lower() for token in self.vocabulary.tokens])
        found[END] = False  # its spelling contains an "e", but it ends a number
        return found

    @cached_property
    def structure(self) -> Logits:
        """Logits outside strings, where the n-grams do not apply."""
        return np.array([_structural(token) for token in self.vocabulary.tokens])


class _Spelling:
    """The vocabulary in the form that llguidance expects."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.tokens = vocabulary.tokens
        self.eos_token_id = END
        self.bos_token_id = START
        self.special_token_ids = [END, START]
        self._vocabulary = vocabulary

    def __call__(self, text: bytes | str) -> list[int]:
        return self._vocabulary.encode(text.decode() if isinstance(text, bytes) else text)


def _structural(token: bytes) -> float:
    bare = token.strip()
    return _STRUCTURE.get(token, _LONG_NUMBER if bare.isdigit() and len(bare) > 1 else 0.0)


def allowed(matcher: LLMatcher, size: int) -> NDArray[np.bool_]:
    """Return a mask of the tokens that may come next."""
    bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
    return np.unpackbits(bits, count=size, bitorder="little").astype(np.bool_)


def _faults(schema: Mapping[str, Any]) -> tuple[Fault, ...]:
    if len(json.dumps(schema)) > LARGEST_SCHEMA:
        raise GrammarError(f"the schema is longer than {LARGEST_SCHEMA:,} characters; shorten it")
    if reach(schema) > DEEPEST_SCHEMA:
        raise GrammarError(_DEEP)
    return check_schema(schema)


def _grammar(text: str, *, exact: bool) -> str:
    try:
        options = _WRITTEN if exact else _LOOSE
        return LLMatcher.grammar_from_json_schema(text, overrides=options)
    except ValueError as error:
        message = " ".join(str(error).split())[:_LONGEST]
        raise GrammarError(_DEEP if _TOO_NESTED in message else message) from error


def grammar_error(matcher: LLMatcher) -> str:
    """Return why a grammar cannot generate even its forced beginning; "" if it can."""
    begun = matcher.deep_copy()
    begun.compute_bitmask()
    if not begun.is_error():
        begun.consume_tokens(begun.compute_ff_tokens())
        begun.compute_bitmask()
    return begun.get_error()
