"""A hundred schemas and more, from trivial to nasty.

`VALID` ones are answered, each with a question that it fits; `TOO_LONG` ones are cut off at the
documented 256 tokens. `REFUSED` ones are not answered; next to each are the path or keyword that
the error names, and its advice.
"""

from typing import Any

Schema = dict[str, Any]

ANNA = "Anna is 34 years old and lives in Paris. Her mail is anna@example.com. Extract the data."
RECEIPT = "Corner Cafe, 2024-03-09: coffee 3.50, cake 4.20, total 7.70. Read the receipt."
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}


def closed(**properties: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listed(items: Any, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def nested(depth: int) -> Schema:
    inner: Schema = TEXT
    for _ in range(depth):
        inner = closed(a=inner)
    return inner


LINKED = {
    "type": "object",
    "properties": {"value": WHOLE, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
    "required": ["value", "next"],
    "additionalProperties": False,
}
FOLDER = {
    "$defs": {"folder": closed(name=TEXT, folders=listed({"$ref": "#/$defs/folder"}))},
    "$ref": "#/$defs/folder",
}
FORMULA = {
    "$defs": {
        "side": {"anyOf": [NUMBER, {"$ref": "#/$defs/sum"}]},
        "sum": closed(left={"$ref": "#/$defs/side"}, right={"$ref": "#/$defs/side"}),
    },
    "$ref": "#/$defs/sum",
}
SHAPES = {
    "oneOf": [
        closed(kind={"const": "circle"}, radius={"type": "number", "exclusiveMinimum": 0}),
        closed(kind={"const": "square"}, side={"type": "number", "exclusiveMinimum": 0}),
    ]
}

VALID: dict[str, tuple[str, Schema]] = {
    # Trivial
    "anything": ("Say something.", {}),
    "any text": ("Say hello.", TEXT),
    "a whole number": ("How old is Anna, who is 34?", WHOLE),
    "a number": ("What is half of 5?", NUMBER),
    "true or false": ("Is top_k sent by default?", {"type": "boolean"}),
    "null": ("Say nothing.", {"type": "null"}),
    "any list": ("List something.", {"type": "array"}),
    "any object": ("Describe top_p.", {"type": "object"}),
    "an empty object": ("Say nothing.", closed()),
    "an empty list": ("List nothing.", {"type": "array", "maxItems": 0}),
    "a text or null": ("Who is it?", {"type": ["string", "null"]}),
    "several types": ("What is it?", {"type": ["integer", "boolean", "array"]}),
    "titles and defaults": (
        ANNA,
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Person",
            "description": "Who the text is about",
            "$comment": "nothing to see",
            **closed(name={"type": "string", "title": "Name", "default": "x", "examples": ["A"]}),
        },
    ),
    "old annotations": (ANNA, closed(name={"type": "string", "readOnly": True}, age=WHOLE)),
    # Choices
    "an enum of texts": ("Is it good or bad? It is bad.", {"enum": ["good", "bad", "neutral"]}),
    "an enum of all kinds": ("Choose.", {"enum": ["a", 1, 2.5, True, None, [1, 2], {"k": "v"}]}),
    "an enum of numbers": ("Rate it with 4.", {"type": "integer", "enum": [1, 2, 3, 4, 5]}),
    "an enum in other scripts": ("颜色?", {"enum": ["红", "зелёный", "ζ", "🟦", "é"]}),
    "an enum with signs": ("Choose.", {"enum": ['"', "\\", "\n", "\t\u0000", "a/b", "</x>", ""]}),
    "an enum that types thin out": ("Choose.", {"type": "string", "enum": ["a", 1, None]}),
    "a big enum": ("Which country code?", {"enum": [f"code {n}" for n in range(2000)]}),
    "an enum with long members": ("Choose.", {"enum": ["x" * 120, "x" * 119 + "y"]}),
    "a const": ("Say it.", {"const": "exactly this"}),
    "a const number": ("Say it.", {"const": 1e3}),
    "a const object": ("Say it.", {"const": {"a": [1, {"b": None}], "c": "d"}}),
    "a const of null": ("Say it.", closed(gone={"const": None})),
    # Objects
    "a person": (ANNA, closed(name=TEXT, age=WHOLE, city=TEXT)),
    "optional keys": (ANNA, {"type": "object", "properties": {"name": TEXT, "age": WHOLE}}),
    "required but not described": (ANNA, {"type": "object", "required": ["name", "age"]}),
    "more keys of one kind": (ANNA, {"type": "object", "additionalProperties": WHOLE}),
    "more keys in addition to known ones": (
        ANNA,
        {
            "type": "object",
            "properties": {"name": TEXT},
            "required": ["name"],
            "additionalProperties": {"type": "boolean"},
        },
    ),
    "keys by pattern": (
        ANNA,
        {
            "type": "object",
            "properties": {"name": TEXT},
            "required": ["name"],
            "patternProperties": {"^x_[a-z]{1,4}$": NUMBER},
            "additionalProperties": False,
        },
    ),
    "keys in other scripts": (ANNA, closed(**{"名前": TEXT, "возраст": WHOLE, "ciudad ☀": TEXT})),
    "keys with signs": (ANNA, closed(**{'"': TEXT, "\\": WHOLE, "a\nb": WHOLE, "": WHOLE})),
    "keys like keywords": (ANNA, closed(type=TEXT, properties=WHOLE, required={"enum": [1]})),
    "keys like paths": (ANNA, closed(**{"a.b[0]": WHOLE, "/~01": WHOLE, "$ref": TEXT})),
    "twenty keys": (ANNA, closed(**{f"k{n}": {"type": "boolean"} for n in range(20)})),
    "at least two keys": (
        ANNA,
        {"type": "object", "additionalProperties": WHOLE, "minProperties": 2},
    ),
    "at most three keys": (
        ANNA,
        {"type": "object", "additionalProperties": WHOLE, "maxProperties": 3},
    ),
    "an object that does not say so": (ANNA, {"properties": {"name": TEXT}, "required": ["name"]}),
    "two patterns that mean the same": (
        ANNA,
        {
            "type": "object",
            "patternProperties": {"^\\d$": NUMBER, "^[0-9]$": {"type": "integer", "maximum": 5}},
            "additionalProperties": False,
        },
    ),
    "a key that may hold anything": (ANNA, closed(data=True)),
    "a key that must not be there": (
        ANNA,
        {"type": "object", "properties": {"name": TEXT, "secret": False}, "required": ["name"]},
    ),
    # Nesting
    "objects in lists in objects": (
        RECEIPT,
        closed(shop=TEXT, lines=listed(closed(name=TEXT, price=NUMBER)), total=NUMBER),
    ),
    "an address in a person": (ANNA, closed(name=TEXT, home=closed(city=TEXT, street=TEXT))),
    "lists of lists": ("A matrix.", listed(listed(NUMBER, maxItems=3), maxItems=3)),
    "twelve levels": ("Go deep.", nested(12)),
    "a list six deep": (
        "Go deep.",
        listed(listed(listed(listed(listed(listed(WHOLE, minItems=1), minItems=1))))),
    ),
    "the same part twice": (
        ANNA,
        {
            "$defs": {"place": closed(city=TEXT)},
            **closed(born={"$ref": "#/$defs/place"}, lives={"$ref": "#/$defs/place"}),
        },
    ),
    "an old name for parts": (
        ANNA,
        {"definitions": {"n": WHOLE}, **closed(age={"$ref": "#/definitions/n"})},
    ),
    "a reference by its anchor": (
        ANNA,
        {"$defs": {"n": {"$anchor": "count", "type": "integer"}}, **closed(age={"$ref": "#count"})},
    ),
    "a reference with escapes": (
        ANNA,
        {"$defs": {"a/b ~": WHOLE}, **closed(age={"$ref": "#/$defs/a~1b%20~0"})},
    ),
    "a reference with other keywords": (
        ANNA,
        {
            "$defs": {"n": {"type": "integer", "minimum": 0}},
            **closed(age={"$ref": "#/$defs/n", "maximum": 9}),
        },
    ),
    "an identified schema": (
        ANNA,
        {
            "$id": "https://example.com/person",
            "$defs": {"n": WHOLE},
            **closed(age={"$ref": "#/$defs/n"}),
        },
    ),
    # Recursion
    "a linked list": ("Count.", LINKED),
    "folders": ("Which folders?", FOLDER),
    "a formula": ("Add 1 and 2.", FORMULA),
    "two that lead to each other": (
        "Who knows whom?",
        {
            "$defs": {
                "a": closed(b={"anyOf": [{"$ref": "#/$defs/b"}, {"type": "null"}]}),
                "b": closed(a={"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}),
            },
            "$ref": "#/$defs/a",
        },
    ),
    "an endless part that is optional": (
        "Count.",
        {
            "$defs": {"endless": closed(more={"$ref": "#/$defs/endless"})},
            "type": "object",
            "properties": {"name": TEXT, "rest": {"$ref": "#/$defs/endless"}},
            "required": ["name"],
        },
    ),
    "an endless object that may be a string": (
        "Count.",
        {"properties": {"more": {"$ref": "#"}}, "required": ["more"]},
    ),
    "a list of itself": ("Nest.", listed({"$ref": "#"})),
    "any JSON, by hand": (
        "Anything.",
        {
            "$defs": {
                "json": {
                    "anyOf": [
                        {"type": ["string", "number", "boolean", "null"]},
                        listed({"$ref": "#/$defs/json"}),
                        {"type": "object", "additionalProperties": {"$ref": "#/$defs/json"}},
                    ]
                }
            },
            "$ref": "#/$defs/json",
        },
    ),
    # Texts
    "a pattern": ("Number?", {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}),
    "a pattern without anchors": ("Say.", {"type": "string", "pattern": "b+c"}),
    "a pattern with choices": ("Say.", {"type": "string", "pattern": "^(cat|dog)s?( and \\d+)?$"}),
    "a pattern with classes": ("Say.", {"type": "string", "pattern": "^\\w+\\s\\d{2}\\S$"}),
    "a pattern with quotes": ("Say.", {"type": "string", "pattern": '^"[^"\\\\]{1,5}"\\\\$'}),
    "a pattern that excludes signs": (
        'Say "\\".',
        {"type": "string", "pattern": '^[^"\\\\]{1,30}$', "minLength": 1},
    ),
    "a pattern of spaces": ("Say.", {"type": "string", "pattern": "^\\s{1,9}$"}),
    "a pattern of digits": ("٣?", {"type": "string", "pattern": "^\\d+$", "maxLength": 9}),
    "a pattern far into the text": ("Say.", {"type": "string", "pattern": "x.{3}\\d{3}[^a-z]$"}),
    "a choice of patterns": (
        "Say.",
        {"anyOf": [{"type": "string", "pattern": "éa"}, {"type": "string", "pattern": "^b{9}"}]},
    ),
    "a pattern in other scripts": (
        "Say.",
        {"type": "string", "pattern": "^[а-яё]{2,6}é?$"},  # noqa: RUF001 - Cyrillic on purpose
    ),
    "a pattern of letters": ("Say.", {"type": "string", "pattern": "^\\p{L}{1,8}$"}),
    "a pattern and lengths": (
        "Say.",
        {"type": "string", "pattern": "^[ab]+$", "minLength": 3, "maxLength": 6},
    ),
    "a pattern of a backtracker's nightmare": (
        "Say.",
        {"type": "string", "pattern": "^(a+)+$", "maxLength": 20},
    ),
    "formats": (
        RECEIPT,
        closed(
            **{
                name: {"type": "string", "format": name}
                for name in ("date", "time", "date-time", "duration")
            }
        ),
    ),
    "formats of addresses": (
        ANNA,
        closed(
            **{
                name: {"type": "string", "format": name}
                for name in ("email", "uuid", "ipv4", "ipv6", "hostname", "uri")
            }
        ),
    ),
    "a format with limits": (
        ANNA,
        closed(
            mail={"type": "string", "format": "email", "maxLength": 9},
            day={"type": "string", "format": "date", "pattern": "^2024-02"},
        ),
    ),
    "formats without effect": (ANNA, closed(call={"type": "string", "format": "phone"})),
    "an impossible date": (
        "The date is 2024-02-31.",
        closed(date={"type": "string", "format": "date"}),
    ),
    "a short text": ("Say.", {"type": "string", "maxLength": 5}),
    "an empty text": ("Say.", {"type": "string", "maxLength": 0}),
    "a long text": ("Say.", {"type": "string", "minLength": 200}),
    "exactly ten characters": ("Say.", {"type": "string", "minLength": 10, "maxLength": 10}),
    "characters beyond the first plane": (
        "Say 🙂🙂🙂🙂.",
        closed(text={"type": "string", "maxLength": 4}),
    ),
    # Numbers
    "a range": ("Rate it.", {"type": "integer", "minimum": 1, "maximum": 5}),
    "an open range": (
        "Rate it.",
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    ),
    "a range below zero": ("Temperature?", {"type": "number", "minimum": -40.5, "maximum": -0.25}),
    "a range far out": ("Distance?", {"type": "integer", "minimum": 10**12, "maximum": 10**12 + 9}),
    "an open range below one": (
        "Rate it.",
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5},
    ),
    "a range of 64 bits": ("Say.", {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}),
    "one decimal alone": ("Say.", {"type": "number", "minimum": 0.25, "maximum": 0.25}),
    "one number alone": ("Say.", {"type": "integer", "minimum": 7, "maximum": 7}),
    "multiples": ("Say.", {"type": "integer", "multipleOf": 7, "minimum": 20, "maximum": 100}),
    "multiples of cents": (
        RECEIPT,
        closed(total={"type": "number", "multipleOf": 0.01, "minimum": 0}),
    ),
    "bounds without a type": ("Say.", {"minimum": 3, "maxLength": 4, "maxItems": 2}),
    # Lists
    "two or three items": (
        "Name colors.",
        listed({"type": "string", "maxLength": 12}, minItems=2, maxItems=3),
    ),
    "a pair": (
        "Where?",
        {"type": "array", "prefixItems": [NUMBER, TEXT], "items": False, "minItems": 2},
    ),
    "a pair with more": (
        "Where?",
        {"type": "array", "prefixItems": [{"const": "head"}], "items": WHOLE, "maxItems": 4},
    ),
    "a list that must be empty": ("List.", listed(items=False)),
    "a list of anything": ("List.", listed(items=True, maxItems=3)),
    "a list of choices": ("Tags?", listed({"enum": ["red", "green"]}, minItems=1, maxItems=4)),
    # Combinations
    "one of two": ("Say.", {"anyOf": [TEXT, WHOLE]}),
    "one shape of two": ("A circle of radius 2.", SHAPES),
    "choices that overlap": (
        "Say.",
        {"anyOf": [closed(a=WHOLE), closed(a={"type": "integer"}, b=TEXT)]},
    ),
    "all of two": (
        ANNA,
        {
            "allOf": [
                {"type": "object", "properties": {"name": TEXT}, "required": ["name"]},
                {"type": "object", "properties": {"age": WHOLE}, "required": ["age"]},
            ]
        },
    ),
    "all of two ranges": ("Say.", {"type": "integer", "allOf": [{"minimum": 3}, {"maximum": 6}]}),
    "a choice that cannot be": ("Say.", {"anyOf": [False, WHOLE]}),
    "one type of three": ("Say.", {"oneOf": [TEXT, WHOLE, {"type": "null"}]}),
    "keywords without effect": (
        "Say.",
        {
            "type": "array",
            "uniqueItems": False,
            "contains": WHOLE,
            "minContains": 0,
            "not": False,
            "if": {"maxItems": 1},
            "unevaluatedItems": True,
            "maxItems": 3,
        },
    ),
}

TOO_LONG: dict[str, Schema] = {
    "forty keys": closed(**{f"k{n}": {"type": "boolean"} for n in range(40)}),
    "sixty levels": nested(60),
    "two hundred items": listed({"const": True}, minItems=200),
    "a const of a thousand letters": {"const": "ab" * 500},
    "a pattern of a thousand letters": {"type": "string", "pattern": "^(ab){500}$"},
}

_WITHOUT = "remove it to use the schema"
_EXTERNAL = {"$ref": "https://example.com/schema"}
_ENDLESS = closed(more={"$ref": "#"})

REFUSED: dict[str, tuple[Schema, str, str]] = {
    # Keywords that the grammar does not support
    "not": ({"not": TEXT}, "not: ", _WITHOUT),
    "not, within": (
        closed(a={"type": "integer", "not": {"const": 3}}),
        "properties.a.not",
        _WITHOUT,
    ),
    "no repetition": (closed(tags=listed(TEXT, uniqueItems=True)), "tags.uniqueItems", _WITHOUT),
    "a certain item": (listed(WHOLE, contains={"const": 1}), "contains", _WITHOUT),
    "a case": (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        "if: ",
        _WITHOUT,
    ),
    "keys that need others": (
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        "dependentRequired",
        _WITHOUT,
    ),
    "schemas that keys bring": (
        {"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}},
        "dependentSchemas",
        _WITHOUT,
    ),
    "rules for names": (
        listed({"type": "object", "propertyNames": {"pattern": "^a"}}),
        "items.propertyNames",
        _WITHOUT,
    ),
    "nothing more than was seen": (
        {"allOf": [{"properties": {"a": TEXT}}], "unevaluatedProperties": False},
        "unevaluatedProperties",
        _WITHOUT,
    ),
    "a reference that depends": (
        {"$dynamicAnchor": "x", "properties": {"a": {"$dynamicRef": "#x"}}},
        "$dynamic",
        _WITHOUT,
    ),
    # Keywords that it supports in some cases
    "choices of which only one may fit": (
        closed(a={"oneOf": [TEXT, {"type": "string", "maxLength": 3}]}),
        "properties.a.oneOf",
        "use `anyOf`",
    ),
    "a number of optional keys": (
        {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "minProperties": 1},
        "minProperties",
        "list them all in `required`",
    ),
    "keys that fit two patterns": (
        {"type": "object", "patternProperties": {"^a": WHOLE, "b$": TEXT}},
        "patternProperties",
        "make them mutually exclusive",
    ),
    "a look ahead": (
        closed(a={"type": "string", "pattern": "^(?=a)b"}),
        "properties.a.pattern",
        "once that is removed",
    ),
    "a look back in a name": (
        {"type": "object", "patternProperties": {"(?<!a)b$": TEXT}},
        'patternProperties["(?<!a)b$"]',
        "once that is removed",
    ),
    "what a group found": (
        {"type": "string", "pattern": "^(a|b)\\1$"},
        "pattern: ",
        "once that is removed",
    ),
    "the edge of a word": (
        listed({"type": "string", "pattern": "\\bcat\\b"}),
        "items.pattern",
        "simplify it",
    ),
    "a pattern of too many states": (
        closed(a={"type": "string", "pattern": "^.*a.{300}b.*$"}),
        "properties.a.pattern",
        "use fewer repetitions",
    ),
    "steps too large": (
        closed(n={"type": "integer", "multipleOf": 1_000_000_007}),
        "properties.n",
        "simplify it",
    ),
    "a mail of at least fifty characters": (
        {"type": "string", "format": "email", "minLength": 50},
        "`format` and `minLength`",
        "remove one",
    ),
    "numbers that are one number": (
        closed(n={"type": "integer", "minimum": 10**17}),
        "properties.n.minimum",
        "keep the bounds within that",
    ),
    "bounds too close": (
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1e-9},
        "exclusiveMinimum",
        "move them further apart",
    ),
    "a schema too large": (
        {"enum": [f"value {n}" for n in range(20_000)]},
        "200,000 characters",
        "shorten it",
    ),
    "a hundred and fifty levels": (nested(150), "nested too deeply", "reduce the nesting"),
    "a thousand references in a row": (
        {
            "$defs": {f"d{n}": closed(a={"$ref": f"#/$defs/d{n + 1}"}) for n in range(1000)}
            | {"d1000": TEXT},
            "$ref": "#/$defs/d0",
        },
        "nested too deeply",
        "reduce the nesting",
    ),
    # Schemas that no value can follow
    "bounds the wrong way round": (
        closed(n={"type": "integer", "minimum": 5, "maximum": 3}),
        "properties.n: no value can follow `minimum` and `maximum`",
        "change one of them",
    ),
    "lengths the wrong way round": (
        {"type": "string", "minLength": 5, "maxLength": 3},
        "`minLength` and `maxLength`",
        "change one of them",
    ),
    "no whole number between": (
        {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4},
        "`exclusiveMinimum` and `exclusiveMaximum`",
        "change one of them",
    ),
    "an empty enum": ({"enum": []}, "`enum`", "change one of them"),
    "choices of another type": (
        closed(a={"type": "string", "enum": [1, 2]}),
        "properties.a: no value can follow `type` and `enum`",
        "change one of them",
    ),
    "two types at once": ({"allOf": [TEXT, WHOLE]}, "`allOf`", "change one of them"),
    "a key that must and must not be there": (closed(a=False), "`required`", "change one of them"),
    "a schema that requires itself": (
        _ENDLESS,
        "without end",
        "make one of the recursive parts optional",
    ),
    "a schema that requires itself in its items": (
        listed({"$ref": "#"}, minItems=1),
        "without end",
        "make one of the recursive parts optional",
    ),
    # What is not a schema
    "an unknown type": (closed(a={"type": "text"}), "properties.a.type", "must be one of null"),
    "required as a flag": ({"type": "object", "required": True}, "required", "must be a list"),
    "an invalid pattern": ({"pattern": "("}, "pattern", "missing )"),
    "a list for its items": ({"type": "array", "items": [TEXT]}, "items", "prefixItems"),
    "a reference elsewhere": (
        closed(a=_EXTERNAL),
        'properties.a["$ref"]',
        "nothing is ever fetched",
    ),
    "a reference to nowhere": (closed(a={"$ref": "#/$defs/b"}), "$ref", "points to nothing"),
    "a circle": (
        {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        "$defs",
        "refers back",
    ),
}
