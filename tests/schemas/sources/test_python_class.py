import datetime as dt
import enum
import inspect
import json
import sys
import textwrap
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, RootModel, TypeAdapter

from schemas import InferredSchema, SchemaSourceError, check_answer, check_schema, schema_from

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


class Color(str, enum.Enum):  # noqa: UP042 - as many sources write it
    """A color of the catalog."""

    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    """One line of an order."""

    name: str = Field(description="What it is", min_length=1, max_length=80)
    price: float = Field(ge=0, lt=1_000)
    quantity: Annotated[int, Field(gt=0, le=100)] = 1
    note: str | None = Field(default=None, max_length=200, description="Anything else")
    color: Color = Color.RED
    tags: set[str] = Field(default_factory=set, max_length=3)


class Address(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    street: str
    """Street and number."""

    zip_code: str = Field(alias="zip", pattern=r"^\d{5}$")


class Party(BaseModel):
    name: str
    email: str
    website: HttpUrl | None = None


class Customer(Party):
    address: Address
    kind: Literal["private", "company"] = "private"
    born: Optional[dt.date] = None  # noqa: UP045 - as many sources write it


class Order(BaseModel):
    """An order, as it came in."""

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID
    placed: dt.datetime
    customer: Customer
    items: list[Item] = Field(min_length=1)
    size: tuple[int, str]
    extras: dict[str, float]
    reference: Union[int, str]  # noqa: UP007 - as many sources write it
    count: Annotated[int, Field(alias="n", ge=1)] = 1


class Branch(BaseModel):
    label: str
    below: "list[Branch]" = []


class Tree(BaseModel):
    name: str
    root: Branch
    spare: Branch | None = None


class Step(BaseModel):
    text: str
    done: bool = False
    steps: "list[Step]" = []


@dataclass
class Recipe:
    """A recipe."""

    title: str
    steps: list[str]
    minutes: int = 30
    tags: list[str] = field(default_factory=list)


class Scores(RootModel[dict[str, int]]):
    """Points by name."""


def source(*classes: type) -> str:
    return "\n\n".join(textwrap.dedent(inspect.getsource(each)) for each in classes)


def sourced(text: str) -> InferredSchema:
    found = schema_from(text)
    assert found.source == "python"
    assert check_schema(found.schema) == ()
    return found


def schema(text: str) -> dict[str, Any]:
    return sourced(text).schema


def notes(text: str) -> list[str]:
    return list(map(str, sourced(text).notes))


def field_of(annotation: str, default: str) -> dict[str, Any]:
    ending = f" = {default}" if default else ""
    return dict(schema(f"class A(BaseModel):\n    x: {annotation}{ending}")["properties"]["x"])


def inlined(part: Any, definitions: dict[str, Any]) -> Any:
    """Return pydantic's schema in our form: references inlined, no titles, no null defaults."""
    if isinstance(part, list):
        return [inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        siblings = {key: value for key, value in part.items() if key != "$ref"}
        part = definitions[part["$ref"].removeprefix("#/$defs/")] | siblings
    kept = {key: value for key, value in part.items() if not _is_only_pydantic_s(key, value)}
    return {key: inlined(value, definitions) for key, value in kept.items()}


def _is_only_pydantic_s(key: str, value: Any) -> bool:
    is_title = key == "title" and isinstance(value, str)
    is_null = key == "default" and value is None
    is_of_url = key in ("minLength", "maxLength") and value in (1, 2083)
    return is_title or is_null or is_of_url or key == "$defs"


def ours(part: Any) -> Any:
    if isinstance(part, list):
        return [ours(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {key: ours(value) for key, value in part.items() if not _is_only_pydantic_s(key, value)}


@pytest.mark.parametrize(
    "classes",
    [
        (Color, Item),
        (Address,),
        (Party,),
        (Party, Address, Customer),
        (Color, Item, Address, Party, Customer, Order),
        (Scores,),
    ],
)
def test_a_model_has_the_schema_that_pydantic_gives_it(
    classes: tuple[type[BaseModel], ...],
) -> None:
    theirs = classes[-1].model_json_schema()
    assert ours(schema(source(*classes))) == inlined(theirs, theirs.get("$defs", {}))
    assert notes(source(*classes)) == []


def test_a_dataclass_has_the_schema_that_pydantic_gives_it() -> None:
    theirs = TypeAdapter(Recipe).json_schema()
    assert schema(source(Recipe)) == inlined(theirs, {})


def test_what_a_model_dumps_follows_its_schema() -> None:
    order = Order.model_validate(
        {
            "id": "123e4567-e89b-12d3-a456-426614174000",
            "placed": "2025-12-31T10:00:00Z",
            "customer": {
                "name": "Ada",
                "email": "ada@example.org",
                "website": "https://example.org",
                "address": {"street": "Mill Lane 1", "zip": "01067"},
            },
            "items": [{"name": "Tea", "price": 3.5, "tags": ["hot"]}],
            "size": [1, "kg"],
            "extras": {"post": 4.9},
            "reference": "A-1",
            "n": 2,
        }
    )
    made = schema(source(Color, Item, Address, Party, Customer, Order))
    value = order.model_dump(mode="json", by_alias=True)
    assert check_answer(value, made) == ()
    assert [fault.path for fault in check_answer({**value, "more": 1, "n": 0}, made)] == [
        "n",
        "more",
    ]


def test_a_class_is_inlined_where_it_is_used() -> None:
    text = (
        "class B(BaseModel):\n    b: int\n"
        "class A(BaseModel):\n    'A thing.'\n    x: B\n    y: list[B]"
    )
    inner = {"type": "object", "properties": {"b": WHOLE}, "required": ["b"]}
    assert schema(text) == {
        "type": "object",
        "description": "A thing.",
        "properties": {"x": inner, "y": {"type": "array", "items": inner}},
        "required": ["x", "y"],
    }
    assert list(schema(text))[:3] == ["type", "description", "properties"]


def test_a_recursive_class_becomes_a_reference() -> None:
    made = schema(source(Branch, Tree))
    reference = {"$ref": "#/$defs/Branch"}
    assert made["properties"]["root"] == reference
    assert made["properties"]["spare"] == {"anyOf": [reference, {"type": "null"}]}
    assert made["$defs"] == {
        "Branch": {
            "type": "object",
            "properties": {
                "label": TEXT,
                "below": {"type": "array", "items": reference, "default": []},
            },
            "required": ["label"],
        }
    }
    value = {"name": "t", "root": {"label": "a", "below": [{"label": "b"}, {"label": 1}]}}
    assert [fault.path for fault in check_answer(value, made)] == ["root.below[1].label"]


def test_an_answer_that_holds_answers_refers_to_the_whole() -> None:
    made = schema(source(Step))
    assert made["properties"]["steps"]["items"] == {"$ref": "#"}
    assert "$defs" not in made
    assert check_answer({"text": "a", "steps": [{"text": "b", "steps": []}]}, made) == ()
    assert check_answer({"text": "a", "steps": [{}]}, made) != ()


def test_mutually_recursive_classes_become_references() -> None:
    text = (
        "class A(BaseModel):\n    b: 'B'\nclass B(BaseModel):\n    a: 'A | None'\n"
        "class Ünïq(BaseModel):\n    us: list['Ünïq']\n    a: A\n    b: B"
    )
    made = schema(text)
    assert set(made["$defs"]) == {"A"}
    value = {"us": [], "a": {"b": {"a": None}}, "b": {"a": {"b": {"a": None}}}}
    assert check_answer(value, made) == ()
    assert check_answer({**value, "us": [3]}, made) != ()


@pytest.mark.parametrize(
    "text",
    [
        "@dataclass\nclass P:\n    a: int\n    b: str = ''",
        "@dataclasses.dataclass(frozen=True)\nclass P:\n    a: int\n    b: str = field(default='')",
        "class P(TypedDict, total=False):\n    a: Required[int]\n    b: str",
        "class P(NamedTuple):\n    a: int\n    b: str = ''",
        "class P(Unknown):\n    a: int\n    b: str = ''",
        "class P:\n    a: int\n    b: str = ''",
        "class O(BaseModel):\n    a: int\nclass P(O):\n    b: str = ''",
        "class P(BaseModel):\n    _c: int\n    C: ClassVar[int] = 1\n    a: int\n    b: str = ''",
        "class P(BaseModel):\n    z: int = Field(alias='a')\n    b: str = ''",
        (
            "class P(BaseModel):\n    z: Annotated[int, Field(alias='a')]\n"
            "    b: Annotated[str, Field(default='')]"
        ),
        "def outer():\n    class P(BaseModel):\n        a: int\n        b: str = ''",
        "if True:\n    class P(BaseModel):\n        a: int\n        b: str = ''",
    ],
)
def test_classes_of_data_are_objects(text: str) -> None:
    made = schema(text)
    assert made["required"] == ["a"]
    assert made["properties"]["a"] == WHOLE
    assert made["properties"]["b"]["type"] == "string"
    assert list(made["properties"]) == ["a", "b"]


def test_an_enum_alone_is_a_choice() -> None:
    assert schema(source(Color)) == {
        "type": "string",
        "enum": ["red", "blue"],
        "description": "A color of the catalog.",
    }


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("BaseModel", "model_config = ConfigDict(extra='forbid')"),
        ("BaseModel", "model_config = {'extra': 'forbid'}"),
        ("BaseModel", "model_config: ConfigDict = ConfigDict(extra='forbid')"),
        ("BaseModel, extra='forbid'", "pass"),
        ("Struct, forbid_unknown_fields=True", "pass"),
        ("Base", "pass"),
        ("BaseModel", "class Config:\n        extra = 'forbid'"),
        ("BaseModel", "class Config:\n        extra = Extra.forbid"),
    ],
)
def test_a_model_that_forbids_extras_is_closed(head: str, line: str) -> None:
    base = "class Base(BaseModel):\n    model_config = ConfigDict(extra='forbid')\n"
    assert schema(f"{base}class A({head}):\n    {line}\n    a: int") == {
        "type": "object",
        "properties": {"a": WHOLE},
        "required": ["a"],
        "additionalProperties": False,
    }


def test_the_nearest_setting_counts() -> None:
    text = (
        "class Base(BaseModel, extra='forbid'):\n    a: int\n"
        "class A(Base):\n    model_config = ConfigDict(extra='allow')\n"
    )
    assert "additionalProperties" not in schema(text)


def test_descriptions_come_from_where_they_are_written() -> None:
    text = '''
@dataclass
class A:
    """A thing.

    Attributes:
        a: From the class.
        b: From the class too.
    """

    a: int
    b: int
    """From below,

    in two parts."""
    c: Annotated[int, Field(description="From the field")] = 1
    d: Annotated[int, Doc("From the annotation")] = 1
'''
    made = schema(text)
    assert made["description"] == "A thing."
    assert {name: part["description"] for name, part in made["properties"].items()} == {
        "a": "From the class.",
        "b": "From below,\n\nin two parts.",
        "c": "From the field",
        "d": "From the annotation",
    }


@pytest.mark.parametrize(
    ("annotation", "default", "expected"),
    [
        ("Decimal", "", {"type": "number"}),
        ("EmailStr", "", {"type": "string", "format": "email"}),
        ("AwareDatetime", "", {"type": "string", "format": "date-time"}),
        ("tuple[()]", "", {"type": "array"}),
        ("list[()]", "", {"type": "array"}),
        ("Optional[str]", "Field(min_length=1)", {
            "anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]}),
        ("int | str | None", "Field(ge=1, max_length=3, pattern='^a')", {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "maxLength": 3, "pattern": "^a"},
                {"type": "null"},
            ]}),
        ("Annotated[str, StringConstraints(pattern='^a$')]", "", {
            "type": "string", "pattern": "^a$"}),
        ("int", "Field(default=3, ge=1)", {"type": "integer", "minimum": 1, "default": 3}),
        ("confloat(gt=0, lt=1.5)", "", {
            "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5}),
        ("pydantic.constr(regex='^a+$', strip_whitespace=True)", "", {
            "type": "string", "pattern": "^a+$"}),
        ("conlist(constr(max_length=3), min_items=1, unique_items=True)", "", {
            "type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1,
            "uniqueItems": True}),
        ("conlist(item_type=int, max_length=3)", "", {
            "type": "array", "items": WHOLE, "maxItems": 3}),
        ("conset(int, max_length=2)", "", {
            "type": "array", "uniqueItems": True, "items": WHOLE, "maxItems": 2}),
        ("dict[str, conint(ge=1)]", "", {
            "type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}),
        ("conint(ge=0) | None", "", {
            "anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}),
        ("Union[conint(multiple_of=5), constr(max_length=3)]", "", {
            "anyOf": [{"type": "integer", "multipleOf": 5}, {"type": "string", "maxLength": 3}]}),
        ("Optional[List[PositiveInt]]", "", {
            "anyOf": [
                {"type": "array", "items": {"type": "integer", "exclusiveMinimum": 0}},
                {"type": "null"},
            ]}),
        ("condecimal(ge=0)", "", {"type": "number", "minimum": 0}),
        ("NonPositiveInt", "", {"type": "integer", "maximum": 0}),
    ],
)  # fmt: skip
def test_an_annotation_becomes_a_schema(
    annotation: str, default: str, expected: dict[str, Any]
) -> None:
    assert field_of(annotation, default) == expected


def test_constrained_types_keep_their_bounds() -> None:
    text = """
class Guest(BaseModel):
    name: constr(min_length=2, max_length=40)
    age: conint(ge=0, le=150)
    seats: List[conint(gt=0)] = []
    note: Optional[constr(max_length=200)] = None
"""
    assert schema(text) == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 2, "maxLength": 40},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "seats": {
                "type": "array",
                "items": {"type": "integer", "exclusiveMinimum": 0},
                "default": [],
            },
            "note": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}]},
        },
        "required": ["name", "age"],
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("a: conint(ge=LIMIT)", "a: the schema does not express `ge`"),
        ("a: condecimal(max_digits=5)", "a: the schema does not express `max_digits`"),
        ("a: condate(gt=date(2020, 1, 1))", "a: the schema does not express `gt`"),
        ("a: concrete(3)", "a: the type `concrete` is unknown"),
        ("x: Connection", "x: the type `Connection` is unknown"),
        ("x: int = make()", "x: its default is not a constant and was left out"),
        ("x: int = Field(ge=LIMIT)", "x: the schema does not express `ge`"),
        ("x: Decimal = Field(decimal_places=2)",
         "x: the schema does not express `decimal_places`"),
        ("x: int = Field(min_length=2)", "x: the schema does not express `min_length`"),
        ("x: Annotated[int, AfterValidator(f)]",
         "x: the schema does not express `AfterValidator`"),
        ("x: list[Annotated[int, Predicate(f)]]",
         "x.items: the schema does not express `Predicate`"),
        ("x: str = Field(pattern='(')", 'x: `pattern` was left out: "(" is not a regular'),
        ("x: int = Field(ge='a')", 'x: `minimum` was left out: "a" is not accepted'),
        ("x: int\n    @field_validator('x')\n    def even(cls, v): ...",
         "the schema does not express `even`"),
        ("x: int\n    model_config = ConfigDict(alias_generator=to_camel)",
         "its alias_generator is not run; the field names are used"),
        ("x: dict[int, str]", "x: keys of an object are always strings"),
    ],
)  # fmt: skip
def test_what_a_schema_cannot_express_is_reported_with_its_path(line: str, sentence: str) -> None:
    (note,) = notes(f"class A(BaseModel):\n    {line}")
    assert note.startswith(sentence)


def test_a_missing_base_is_reported() -> None:
    assert notes("class A(CamelModel):\n    x: int") == [
        "`CamelModel` is not in the source; what `A` inherits from it is missing"
    ]
    assert notes("class A(BaseModel, Generic[T], metaclass=M):\n    x: int") == []


def test_the_last_class_that_no_other_uses_is_the_answer() -> None:
    text = (
        "class Order(BaseModel):\n    items: 'Items'\n"
        "class Kind(Enum):\n    A = 'a'\n"
        "class Item(BaseModel):\n    kind: Annotated[Kind, Field(description='Order')]\n"
        "Items = list[Item]"
    )
    assert list(schema(text)["properties"]) == ["items"]
    assert notes(text) == []


def test_the_other_candidates_are_reported() -> None:
    text = "".join(f"class {name}(BaseModel):\n    {name.lower()}: int\n" for name in "ABC")
    assert list(schema(text)["properties"]) == ["c"]
    assert notes(text) == ["`C` was used as the answer, not `A` and `B`"]
    many = "".join(f"class C{at}(BaseModel):\n    x: int\n" for at in range(12))
    assert notes(many)[0].endswith("`C6` and `C7` and 3 more")


def test_the_last_of_mutually_recursive_classes_is_the_answer() -> None:
    text = "class A(BaseModel):\n    b: 'B'\nclass B(BaseModel):\n    a: 'A | None'"
    assert list(schema(text)["properties"]) == ["a"]
    assert notes(text) == ["`B` was used as the answer, not `A`"]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: int): ...",
        "import os",
        "class A: pass",
        "class A:\n    x = 1",
        "class E(Enum): ...",
    ],
)
def test_a_source_without_data_is_refused(text: str) -> None:
    with pytest.raises(SchemaSourceError):
        schema_from(text)


def test_a_class_that_is_only_itself_is_refused() -> None:
    with pytest.raises(SchemaSourceError, match="refers back to itself"):
        schema_from("class A(RootModel['A | None']): ...")


def test_nothing_of_a_source_is_run_or_imported(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    harm = f"__import__('os').system({f'touch {mark}'!r})"
    python = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    module = tmp_path / "harmful_answer.py"
    module.write_text(python)
    quoted = python.replace('"', "'")
    text = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import harmful_answer
{harm}
{python}
@({harm})
class E(Enum):
    A = {python}
    B = 1
@({python})
class P(BaseModel, {python}, metaclass={harm}, extra={python}):
    model_config = ConfigDict(extra={python}, alias_generator=lambda _: {python})
    a: int = {harm}
    b: "{quoted}" = 1
    c: Annotated[int, Field(ge={python}, default_factory=lambda: {python})]
    d: Literal[{python}] = f"{{{python}}}"
    e: {python}
    f: E = E.A
    g: Alias
    h: harmful_answer.Thing = Field({python}, pattern={harm})
    @field_validator({python})
    def check(cls, v): {harm}
Alias = {python}
"""
    path = list(sys.path)
    assert set(schema(text)["properties"]) == set("abcdefgh")
    assert not mark.exists()
    assert "harmful_answer" not in sys.modules
    assert sys.path == path
    exec(compile(python, "proof", "exec"), {})  # noqa: S102 - what would have been seen, had it run
    assert mark.exists()


def test_the_types_of_one_source_are_bounded() -> None:
    chain = "".join(
        f"class C{at}(BaseModel):\n    a: C{at + 1}\n    b: C{at + 1}\n" for at in range(25)
    )
    text = f"{chain}class C25(BaseModel):\n    x: int\nclass A(BaseModel):\n    c: C0"
    assert any("too large or nested too deep" in note for note in notes(text))


def test_schemas_are_json() -> None:
    made = schema(source(Color, Item, Address, Party, Customer, Order))
    assert json.loads(json.dumps(made, allow_nan=False)) == made
