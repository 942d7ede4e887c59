import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import EXPORT_FORMS, ImportedTools, ImportToolsError, export_tools, import_tools
from workers_ai.validation import parse_tool

WEATHER = '''
import enum
from dataclasses import dataclass, field
from typing import Annotated, Literal, Optional

class Unit(enum.StrEnum):
    """The unit of a temperature."""

    CELSIUS = "C"
    FAHRENHEIT = "F"

@dataclass
class Place:
    """Somewhere.

    Attributes:
        city: The name of the city.
    """

    city: str
    country: str = "DE"
    tags: list[str] = field(default_factory=list)
    """Whatever helps to find it."""

async def get_weather(
    place: Place,
    days: int = 3,
    unit: Unit = Unit.CELSIUS,
    when: Optional["datetime"] = None,
    detail: Literal["short", "long"] = "short",
    share: Annotated[float, Field(ge=0, le=1, description="How sure it must be")] = 0.5,
    *,
    words: tuple[str, ...] = ("rain", "snow"),
) -> str:
    """Get the weather.

    Args:
        place: Where.
        days: How many days.
        unit: The unit.
        when: From when on.
        detail: How much detail.
        words: What to look for.
    """
    return ""
'''


def read(source: str) -> ImportedTools:
    imported = import_tools(source)
    assert imported.source == "python"
    return imported


def notes(source: str) -> list[str]:
    made = ("its description was missing", "its type was missing")
    return [str(fault) for fault in read(source).lost if not fault.message.startswith(made)]


def argument(annotation: str, before: str = "", default: str = "") -> dict[str, Any]:
    ending = f" = {default}" if default else ""
    source = f"{before}\ndef f(x: {annotation}{ending}):\n    'Do.\\n\\n    :param x: Said'\n"
    return dict(read(source).tools[0].parameters["properties"]["x"])


def test_a_function_becomes_a_tool() -> None:
    (tool,) = read(WEATHER).tools
    assert tool.name == "get_weather"
    assert tool.description == "Get the weather."
    assert tool.parameters == {
        "type": "object",
        "properties": {
            "place": {
                "type": "object",
                "description": "Where.",
                "properties": {
                    "city": {"type": "string", "description": "The name of the city."},
                    "country": {"type": "string", "default": "DE"},
                    "tags": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Whatever helps to find it.",
                    },
                },
                "required": ["city"],
            },
            "days": {"type": "integer", "description": "How many days.", "default": 3},
            "unit": {
                "type": "string",
                "enum": ["C", "F"],
                "description": "The unit.",
                "default": "C",
            },
            "when": {"type": "string", "format": "date-time", "description": "From when on."},
            "detail": {
                "type": "string",
                "enum": ["short", "long"],
                "description": "How much detail.",
                "default": "short",
            },
            "share": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "How sure it must be",
                "default": 0.5,
            },
            "words": {
                "type": "array",
                "items": {"type": "string"},
                "description": "What to look for.",
                "default": ["rain", "snow"],
            },
        },
        "required": ["place"],
    }
    null = "null was left out of anyOf; the documented schema allows one type"
    assert notes(WEATHER) == [f"get_weather.parameters.when: {null}"]


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_it_comes_back_from_each_form(form: Any) -> None:
    tools = read(WEATHER).tools
    assert import_tools(export_tools(tools, form)).tools == tools


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        ("str", {"type": "string"}),
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ("list", {"type": "array"}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("typing.List[str]", {"type": "array", "items": {"type": "string"}}),
        ("Sequence['int']", {"type": "array", "items": {"type": "integer"}}),
        ("set[int]", {"type": "array", "items": {"type": "integer"}, "uniqueItems": True}),
        ("dict", {"type": "object"}),
        ("dict[str, Any]", {"type": "object"}),
        ("dict[str, int]", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
        (
            "tuple[int, str]",
            {
                "type": "array",
                "prefixItems": [{"type": "integer"}, {"type": "string"}],
                "minItems": 2,
                "maxItems": 2,
            },
        ),
        ("Literal['a', 'b']", {"type": "string", "enum": ["a", "b"]}),
        ("Literal[1, -2]", {"type": "integer", "enum": [1, -2]}),
        ("Literal['a', 1, None]", {"type": "string", "enum": ["a"]}),
        ("Optional[int]", {"type": "integer"}),
        ("int | None", {"type": "integer"}),
        ("'int | None'", {"type": "integer"}),
        ("Union[int, str, None]", {"type": "integer"}),
        (
            "list[int | None]",
            {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
        ),
        ("datetime.datetime", {"type": "string", "format": "date-time"}),
        ("date", {"type": "string", "format": "date"}),
        ("UUID", {"type": "string", "format": "uuid"}),
        ("Decimal", {"type": "number"}),
        ("Annotated[int, Ge(1), Lt(5)]", {"type": "integer", "minimum": 1, "exclusiveMaximum": 5}),
        (
            "Annotated[str, Field(min_length=1, pattern='^a')]",
            {"type": "string", "minLength": 1, "pattern": "^a"},
        ),
        (
            "Annotated[list[str], Field(max_length=3)]",
            {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        ),
    ],
)
def test_an_annotation_becomes_json_schema(annotation: str, schema: dict[str, Any]) -> None:
    assert argument(annotation) == {**schema, "description": "Said"}


@pytest.mark.parametrize(
    ("annotation", "sentence"),
    [
        ("Union[int, str]", "anyOf was left out; the documented schema allows one type"),
        ("Connection", "the type `Connection` is unknown"),
        ("Connection[int]", "the type `Connection` is unknown"),
        ("make()", "the type `make` is unknown"),
        ("'not python ('", "the type `not python (` is unknown"),
        ("3", "the type `3` is unknown"),
        ("dict[int, str]", "keys of an object are always strings"),
        ("Literal[make()]", "one of its values is not a constant and was left out"),
    ],
)
def test_what_json_schema_cannot_express_is_reported(annotation: str, sentence: str) -> None:
    found = notes(f"def f(x: {annotation}): '''Do.'''")
    assert any(line.startswith(f"f.parameters.x: {sentence}") for line in found)


@pytest.mark.parametrize(
    ("annotated", "text"),
    [
        ("Annotated[str, 'Own words']", "Own words"),
        ("Annotated[str, Doc('Own words')]", "Own words"),
        ("Annotated[str, pydantic.Field(description='Own words')]", "Own words"),
        ("Annotated[str, Strict()]", "Said"),
        ("str", "Said"),
    ],
)
def test_the_text_of_the_annotation_comes_first(annotated: str, text: str) -> None:
    assert argument(annotated)["description"] == text


@pytest.mark.parametrize(
    ("annotation", "default", "expected"),
    [
        ("int", "-1", -1),
        ("list[int]", "[1, 2]", [1, 2]),
        ("dict", "{'a': None}", {"a": None}),
        ("bool", "False", False),
        ("int", "Field(5, ge=1)", 5),
        ("int", "Field(default=5)", 5),
    ],
)
def test_a_default_is_in_the_schema(annotation: str, default: str, expected: Any) -> None:
    assert argument(annotation, default=default)["default"] == expected
    assert "required" not in read(f"def f(x: {annotation} = {default}): pass").tools[0].parameters


@pytest.mark.parametrize(
    "default",
    ["os.getcwd()", "{1, 2}", "b'x'", "1j", "1e999", "0x" + "f" * 9000, "'\\ud800'", "{1: 2}"],
)
def test_a_default_that_json_cannot_express_is_reported(default: str) -> None:
    source = f"def f(x: int = {default}): pass"
    assert "default" not in read(source).tools[0].parameters["properties"]["x"]
    assert notes(source) == ["f.parameters.x: its default is not a constant and was left out"]


def test_none_as_default_is_left_out() -> None:
    assert "default" not in argument("int | None", default="None")


def test_a_field_without_a_default_is_required() -> None:
    for default in ("Field(...)", "Field(description='d')"):
        (tool,) = read(f"def f(x: int = {default}): pass").tools
        assert tool.parameters["required"] == ["x"]


def test_an_argument_without_an_annotation_has_the_type_of_its_docstring_or_default() -> None:
    source = (
        "def f(a, b, c=1.5, d=None):\n    '''Do.\n\n    Args:\n        a (list[int]): A\n    '''"
    )
    properties = read(source).tools[0].parameters["properties"]
    assert properties["a"] == {"type": "array", "items": {"type": "integer"}, "description": "A"}
    assert [properties[name]["type"] for name in "bcd"] == ["string", "number", "string"]
    assert "f.parameters.b: its type was missing; string was filled in" in [
        str(fault) for fault in read(source).lost
    ]


@pytest.mark.parametrize(
    "source",
    [
        "class P(TypedDict):\n    a: int\n    b: NotRequired[str]",
        "class P(TypedDict, total=False):\n    a: Required[int]\n    b: str",
        "class P(NamedTuple):\n    a: int\n    b: str = 'x'",
        "@dataclasses.dataclass(frozen=True)\nclass P:\n    a: int\n    b: str = make()",
        "@define\nclass P:\n    a: int\n    c: ClassVar[int] = 1\n    b: str = ''",
        "class P(BaseModel):\n    c = {}\n    a: int = Field(...)\n    b: str = ''\n    _c: int",
        "class P(pydantic.BaseModel):\n    a: int\n    b: str = Field(default_factory=str)",
        "class A(BaseModel):\n    a: int\nclass P(A):\n    b: str = ''",
        "class P(BaseModel):\n    z: int = Field(alias='a')\n    b: str = ''",
    ],
)
def test_classes_of_data_are_nested_objects(source: str) -> None:
    schema = argument("P", before=source)
    assert schema["type"] == "object"
    assert schema["properties"]["a"] == {"type": "integer"}
    assert schema["properties"]["b"]["type"] == "string"
    assert list(schema["properties"]) == ["a", "b"]
    assert schema["required"] == ["a"]


def test_enums_are_lists_of_values() -> None:
    enums = "class E(Enum):\n    A = auto()\n    B = auto()\n    def f(self): pass\n"
    assert argument("E", before=enums, default="E.B") == {
        "type": "integer",
        "enum": [1, 2],
        "default": 2,
        "description": "Said",
    }
    assert argument("E", before="class E(str, Enum):\n    A = 'a'")["enum"] == ["a"]
    assert argument("E", before="class E(StrEnum):\n    AB = auto()")["enum"] == ["ab"]


def test_aliases_and_new_types_are_followed() -> None:
    before = "Id = NewType('Id', int)\nIds: TypeAlias = list[Id]"
    assert argument("Ids", before=before)["items"] == {"type": "integer"}


@pytest.mark.parametrize(
    "source",
    [
        "@dataclass\nclass P:\n    next: 'P | None'\ndef f(x: P): pass",
        "class P(BaseModel):\n    q: 'Q'\nclass Q(BaseModel):\n    p: list[P]\ndef f(x: P): pass",
        "P = list['P']\ndef f(x: P): pass",
    ],
)
def test_what_refers_to_itself_is_cut_off(source: str) -> None:
    assert any("`P` refers to itself; it was cut off here" in line for line in notes(source))


def test_classes_derived_from_each_other_are_read_once() -> None:
    assert read("class A(B): pass\nclass B(A): pass\ndef f(x: A): pass").tools


def test_what_the_model_cannot_supply_is_left_out_and_reported() -> None:
    source = (
        "def f(self, ctx, run: RunContext[int], state: Annotated[dict, InjectedState], "
        "db=Depends(get), *args: int, **kwargs: str): '''Do.'''"
    )
    assert read(source).tools[0].parameters == {"type": "object", "properties": {}}
    program = "the program supplies it, so it was left out"
    assert notes(source) == [
        "f.parameters.args: *args was left out; every argument needs a name",
        "f.parameters.kwargs: **kwargs was left out; every argument needs a name",
        "f.parameters.self: Python supplies it, so it was left out",
        f"f.parameters.ctx: {program}",
        f"f.parameters.run: {program}",
        f"f.parameters.state: {program}",
        f"f.parameters.db: {program}",
    ]


def test_a_context_that_is_plain_text_is_an_argument() -> None:
    assert set(read("def f(context: str): pass").tools[0].parameters["properties"]) == {"context"}


def test_methods_are_imported_if_there_are_no_functions() -> None:
    source = """
    class Weather:
        def __init__(self, key: str): ...
        def _fetch(self): ...
        @property
        def name(self): ...
        def today(this, city: str): "Today."
        @staticmethod
        def units(kind: str): "Units."
        @classmethod
        async def at(cls, day: date): "At."
    """
    imported = read(source)
    assert [tool.name for tool in imported.tools] == ["today", "units", "at"]
    assert [list(tool.parameters["properties"]) for tool in imported.tools] == [
        *(["city"], ["kind"], ["day"]),
    ]
    assert "_fetch: it is private and was left out" in notes(source)
    assert [tool.name for tool in read(f"{source}\n    def f(): ...").tools] == ["f"]


def test_private_functions_are_imported_only_if_there_are_no_others() -> None:
    assert [tool.name for tool in read("def _a(): pass\ndef b(): pass").tools] == ["b"]
    assert [tool.name for tool in read("def _a(): pass").tools] == ["_a"]


def test_several_functions_keep_their_order_and_pass() -> None:
    source = "\n".join(f"def f{each}(x: int): 'Do.'" for each in "cab")
    imported = read(source)
    assert [tool.name for tool in imported.tools] == ["fc", "fa", "fb"]
    assert all(parse_tool(tool.body()) == tool for tool in imported.tools)


def test_a_stray_backslash_does_not_warn() -> None:
    assert read("def f(a: int):\n    'Matches \\d'\n").tools[0].description == "Matches \\d"


def test_nothing_of_a_source_is_run_or_imported(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    harm = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    module = tmp_path / "harmful_module.py"
    module.write_text(harm)
    source = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import harmful_module
{harm}
@({harm})
class P(BaseModel, metaclass={harm}):
    a: int = {harm}
    b: "{harm.replace('"', "'")}" = 1
    c: Annotated[int, Field(ge={harm})] = 2
class E(Enum):
    A = {harm}
    B = 1
Alias = {harm}
@wraps({harm})
def f(a: {harm}, b: Literal[{harm}], c: P, d: E, e: Alias, f={harm}, g=f"{{{harm}}}", h=__import__("harmful_module")):
    '''Do.

    Args:
        a ({harm}): {harm}
    '''
    {harm}
{harm}
"""  # noqa: E501 - one source
    path = list(sys.path)
    assert [tool.name for tool in read(source).tools] == ["f"]
    assert not mark.exists()
    assert "harmful_module" not in sys.modules
    assert sys.path == path
    compiled = compile("import harmful_module", "proof", "exec")
    sys.path.insert(0, str(tmp_path))
    exec(compiled, {})  # noqa: S102 - what would have been seen, had it run
    sys.path.remove(str(tmp_path))
    del sys.modules["harmful_module"]
    assert mark.exists()


@pytest.mark.parametrize(
    "source", ["class A:\n    x = 1", "import os", "@decorated\nclass A: pass"]
)
def test_a_source_without_functions_is_refused(source: str) -> None:
    with pytest.raises(ImportToolsError, match="No tool was found"):
        import_tools(source)


def test_schemas_are_json() -> None:
    json.dumps([tool.body() for tool in read(WEATHER).tools], allow_nan=False)
