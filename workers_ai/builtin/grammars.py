"""Grammars made from JSON Schemas, over the built-in model's vocabulary."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper
from numpy.typing import NDArray

from .sampling import Vector
from .vocabulary import END, START, Vocabulary

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

LARGEST_SCHEMA: Final = 200_000
"""In characters of JSON. Larger ones are refused, so that no request takes long."""

_WRITTEN: "JsonCompileOptions" = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
    "coerce_one_of": True,
}
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


class SchemaError(Exception):
    """The schema cannot be turned into a grammar; the message says why in one line."""


class Grammars:
    """Makes grammars over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def matcher(self, schema: Mapping[str, Any]) -> LLMatcher:
        """Compile a schema, or raise SchemaError."""
        try:
            text = json.dumps(schema)
        except RecursionError as error:
            raise SchemaError("the schema is nested too deeply") from error
        if len(text) > LARGEST_SCHEMA:
            raise SchemaError(f"the schema is longer than {LARGEST_SCHEMA:,} characters")
        try:
            grammar = LLMatcher.grammar_from_json_schema(text, overrides=_WRITTEN)
        except ValueError as error:
            raise SchemaError(_first_line(str(error))) from error
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        matcher.compute_bitmask()
        if matcher.is_error():
            raise SchemaError(_first_line(matcher.get_error()))
        return matcher

    @cached_property
    def _tokenizer(self) -> LLTokenizer:
        return LLTokenizer(TokenizerWrapper(_Spelling(self.vocabulary)))

    @cached_property
    def spoiling(self) -> NDArray[np.bool_]:
        """Tokens that would end a string in passing, or begin an escape."""
        tokens = self.vocabulary.tokens
        return np.array([(b'"' in t and t != b'"') or b"\\" in t for t in tokens])

    @cached_property
    def structure(self) -> Vector:
        """Logits outside strings, where the n-grams have nothing to say."""
        return np.array([_structural(token) for token in self.vocabulary.tokens])


class _Spelling:
    """The vocabulary as llguidance wants to see it."""

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
    """Return which tokens may come next."""
    bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
    return np.unpackbits(bits, count=size, bitorder="little").astype(np.bool_)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:300] if text.strip() else "the schema is not usable"
