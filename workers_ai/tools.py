"""The tools of a request, in both documented shapes."""

from typing import Annotated, Any, NotRequired

from pydantic import (
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainValidator,
    StrictStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from .json_values import UNCHANGED, WireModel


class ToolProperty(TypedDict):
    """One argument. Other JSON Schema keywords are accepted as well."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    type: StrictStr
    description: StrictStr


class ToolParameters(TypedDict):
    """The arguments of a tool, in the page's subset of JSON Schema."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    type: StrictStr
    properties: dict[str, ToolProperty]
    required: NotRequired[list[StrictStr]]


_SCHEMA = GetPydanticSchema(lambda _source, handler: handler(ToolParameters))


class Tool(WireModel):
    """A tool in the flat shape."""

    name: StrictStr
    """The name of the tool. More descriptive the better."""

    description: StrictStr
    """A brief description of what the tool does."""

    parameters: Annotated[dict[str, Any], _SCHEMA, UNCHANGED]
    """Schema defining the parameters accepted by the tool."""


class FunctionTool(WireModel):
    """A tool in the wrapped shape, `{"type": "function", "function": {…}}`.

    It has `name`, `description` and `parameters`, like the flat `Tool`.
    """

    type: StrictStr
    """Specifies the type of tool (e.g., 'function')."""

    function: Tool
    """Details of the function tool."""

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.name

    @property
    def description(self) -> str:
        """The function's description."""
        return self.function.description

    @property
    def parameters(self) -> dict[str, Any]:
        """The schema of the function's arguments."""
        return self.function.parameters


class FunctionDefinition(WireModel):
    """A function with its code, which is shown and sent, never executed."""

    name: StrictStr
    code: StrictStr = Field(repr=False)


def _tool(value: Any) -> Tool | FunctionTool:
    if isinstance(value, Tool | FunctionTool):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("tool", "a tool must be an object")
    shapes = (FunctionTool, Tool) if "function" in value else (Tool, FunctionTool)
    likely, other = (_attempt(shape, value) for shape in shapes)
    if isinstance(likely, ValidationError):
        if isinstance(other, ValidationError):
            raise likely
        return other
    if isinstance(other, ValidationError):
        return likely
    # As in the schema's oneOf: a tool must not be valid in both shapes.
    raise PydanticCustomError(
        "two_shapes", "a tool is either flat or wrapped in function, not both"
    )


def _attempt(
    shape: type[Tool | FunctionTool], value: dict[Any, Any]
) -> Tool | FunctionTool | ValidationError:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        return error


AnyTool = Annotated[Tool | FunctionTool, PlainValidator(_tool)]
