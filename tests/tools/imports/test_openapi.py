import json
from pathlib import Path
from typing import Any

import pytest

from tools import EXPORT_FORMS, export_tools, import_tools
from workers_ai import Tool
from workers_ai.validation import parse_tool

LIBRARY = (Path(__file__).parent / "library_service.json").read_text()
NO_PLACE = "the documented shape has no field for it"
ONE = "the documented schema allows one type"


def library() -> dict[str, Tool]:
    return {tool.name: tool for tool in import_tools(LIBRARY).tools}


def read(operation: Any, **document: Any) -> tuple[dict[str, Any], list[str]]:
    whole = {"openapi": "3.0.3", "paths": {"/x": {"post": operation}}, **document}
    imported = import_tools(json.dumps(whole))
    return imported.tools[0].parameters, [str(fault) for fault in imported.lost]


def test_each_operation_of_a_service_becomes_a_tool() -> None:
    document = json.loads(LIBRARY)
    methods = {"get", "put", "post", "delete", "patch"}
    operations = sum(len(methods & item.keys()) for item in document["paths"].values())
    imported = import_tools(LIBRARY)
    assert imported.source == "openapi"
    assert len(imported.tools) == operations > 20
    for tool in imported.tools:
        assert parse_tool(tool.body()) == tool
        assert "$ref" not in json.dumps(tool.body())


def test_a_name_is_the_operation_s_or_made_from_its_path() -> None:
    assert {"listBooks", "return_copy", "post_loans_loanId_renewals"} <= set(library())


def test_summary_and_description_are_both_kept() -> None:
    tools = library()
    assert tools["listBooks"].description == (
        "Find books\n\nLooks in titles, authors and subjects."
    )
    assert tools["addBook"].description == "Add a book"
    assert tools["get_opening-hours"].description == "When the library is open."


def test_parameters_of_path_query_and_header_are_arguments() -> None:
    parameters = library()["listBooks"].parameters
    assert list(parameters["properties"]) == [
        *("query", "language", "year", "subjects", "page", "perPage", "X-Request-ID"),
    ]
    assert parameters["required"] == ["query"]
    assert parameters["properties"]["page"] == {
        "type": "integer",
        "minimum": 1,
        "default": 1,
        "description": "Which page",
    }
    book = library()["getBook"].parameters
    assert book["properties"]["bookId"]["description"] == "The book"
    assert book["required"] == ["bookId"]


def test_the_properties_of_a_body_join_the_parameters() -> None:
    parameters = library()["replaceBook"].parameters
    assert list(parameters["properties"]) == [
        *("bookId", "title", "authors", "isbn", "shelf", "price"),
    ]
    assert parameters["required"] == ["bookId", "title", "authors"]
    assert parameters["additionalProperties"] is False
    assert parameters["properties"]["authors"]["items"] == {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "born": {"type": ["integer", "null"]}},
    }


def test_nothing_of_a_body_that_may_be_absent_is_required() -> None:
    assert library()["enrolMember"].parameters["required"] == ["name"]
    assert library()["changeMember"].parameters["required"] == ["memberId"]


def test_the_parts_of_allof_are_one_body() -> None:
    parameters = library()["writeReview"].parameters
    assert set(parameters["properties"]) == {"bookId", "text", "stars", "spoilers"}
    assert set(parameters["required"]) == {"bookId", "text", "stars"}


def test_a_body_that_is_not_an_object_is_one_argument() -> None:
    parameters = library()["reserve"].parameters
    assert parameters["properties"]["body"]["type"] == "array"
    assert parameters["required"] == ["body"]


def test_what_was_lost_of_the_service_is_reported() -> None:
    notes = [str(fault) for fault in import_tools(LIBRARY).lost]
    named = "its description was missing and was made from its name"
    cut = "`#/components/schemas/Subject` refers to itself; it was cut off here"
    assert [line for line in notes if not line.startswith(("replaceBook", "changeMember"))] == [
        f"security: left out; {NO_PLACE}",
        f"servers: left out; {NO_PLACE}",
        "listBooks.parameters.Authorization: the client sets this header, so it was left out",
        "listBooks.parameters.session: it was left out; only path, query, header are supported",
        f"listBooks.parameters.year: null was left out of its types; {ONE}",
        f'listBooks.parameters["X-Request-ID"]: {named}',
        "addBook.parameters.id: it is read-only and was left out",
        f"addBook.parameters.isbn: null was left out of its types; {ONE}",
        f"addBook.parameters.price: anyOf was left out; {ONE}, so the first was used",
        "removeBook.parameters.reason: its type was missing; string was filled in",
        f"changeBook.parameters.body: minProperties was left out; {NO_PLACE}",
        "uploadCover.parameters.file: it is a file and was left out",
        f"enrolMember.parameters.email: {named}",
        f"enrolMember.parameters.guardian: null was left out of oneOf; {ONE}",
        f"enrolMember.parameters.guardian: {named}",
        "removeMember: it is deprecated, which a tool cannot express",
        "lendCopy.parameters.body_memberId: another argument is named `memberId`",
        "return_copy: its name was `return copy!`, which is not a legal name",
        f"return_copy.parameters.body: {named}",
        f"reserve.parameters.body: {named}",
        f"addSubject.parameters.parent: {cut}",
        f"addSubject.parameters.narrower.items: {cut}",
        f"addSubject.parameters.parent: {named}",
        (
            "printLabels.parameters: `https://labels.example/schema.json#/Label` is in another "
            "document, which is not fetched; what it refers to was left out"
        ),
        "printLabels.parameters.body: its type was missing; string was filled in",
        f"printLabels.parameters.body: {named}",
        (
            "importCatalogue.parameters.body: the body is text/csv, neither JSON nor a form, and "
            "was left out"
        ),
    ]


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_the_service_s_tools_come_back_from_each_form(form: Any) -> None:
    tools = import_tools(LIBRARY).tools
    again = import_tools(export_tools(tools, form))
    assert again.tools == tools
    assert again.lost == ()


def test_an_operation_s_parameter_overrides_the_path_s() -> None:
    item = {
        "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
        "get": {
            "parameters": [
                {"name": "a", "in": "query", "description": "Own", "schema": {"type": "integer"}},
                {"name": "a", "in": "header", "description": "H", "schema": {"type": "string"}},
            ]
        },
    }
    imported = import_tools(json.dumps({"openapi": "3.1.0", "paths": {"/x/{id}": item}}))
    assert imported.tools[0].name == "get_x_id"
    assert imported.tools[0].parameters["properties"] == {
        "a": {"type": "integer", "description": "Own"},
        "header_a": {"type": "string", "description": "H"},
    }


def test_keywords_of_3_0_are_translated_to_json_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "A", "minimum": 0, "exclusiveMinimum": True},
            "b": {
                "type": "array",
                "description": "B",
                "xml": {"wrapped": True},
                "items": {"type": "string", "nullable": True},
            },
        },
    }
    parameters, notes = read({"requestBody": {"content": {"application/json": {"schema": schema}}}})
    assert parameters["properties"] == {
        "a": {"type": "integer", "description": "A", "exclusiveMinimum": 0},
        "b": {"type": "array", "description": "B", "items": {"type": ["string", "null"]}},
    }
    assert f"post_x.parameters.b: xml was left out; {NO_PLACE}" in notes


def test_parameters_and_bodies_can_be_references() -> None:
    components = {
        "parameters": {
            "A": {"$ref": "#/components/parameters/B"},
            "B": {"name": "b", "in": "query"},
        },
        "requestBodies": {"R": {"content": {"application/json": {"schema": {"type": "string"}}}}},
    }
    operation = {
        "parameters": [
            {"$ref": "#/components/parameters/A"},
            {"$ref": "#/components/parameters/none"},
            {"$ref": "https://elsewhere.example/p.json"},
            {"in": "query"},
        ],
        "requestBody": {"$ref": "#/components/requestBodies/R"},
    }
    parameters, notes = read(operation, components=components)
    assert set(parameters["properties"]) == {"b", "body"}
    assert any("`#/components/parameters/none` is not in the document" in line for line in notes)
    assert any("is in another document, which is not fetched" in line for line in notes)
    assert "post_x.parameters: a parameter without `name` or `in` was left out" in notes


def test_circular_references_are_left_out() -> None:
    ring = {"A": {"$ref": "#/components/parameters/B"}, "B": {"$ref": "#/components/parameters/A"}}
    operation = {"parameters": [{"$ref": "#/components/parameters/A"}]}
    parameters, notes = read(operation, components={"parameters": ring})
    assert parameters["properties"] == {}
    assert any("its references are circular" in line for line in notes)


PAYMENT = {
    "type": "object",
    "properties": {
        "amount": {"type": "integer", "description": "In cents."},
        "currency": {"type": "string", "description": "Three letters."},
        "memo": {"type": "string", "description": "Free text."},
    },
    "required": ["amount", "currency"],
}
FILE = {"type": "string", "format": "binary"}


@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
    ],
)
def test_the_fields_of_a_form_are_arguments(media_type: str) -> None:
    body = {"required": True, "content": {media_type: {"schema": PAYMENT}}}
    parameters, notes = read({"requestBody": body})
    assert parameters["properties"] == PAYMENT["properties"]
    assert parameters["required"] == ["amount", "currency"]
    assert not [note for note in notes if "parameters" in str(note)]


def test_json_is_taken_where_both_are_offered() -> None:
    json_schema = {"type": "object", "properties": {"j": {"type": "string", "description": "J"}}}
    content = {
        "multipart/form-data": {"schema": PAYMENT},
        "application/json": {"schema": json_schema},
    }
    parameters, _ = read({"requestBody": {"content": content}})
    assert list(parameters["properties"]) == ["j"]


@pytest.mark.parametrize(
    "file",
    [
        FILE,
        {"type": "array", "items": FILE},
        {"type": "string", "contentMediaType": "image/png"},
        {"type": "string", "contentEncoding": "base64"},
        {"contentMediaType": "application/octet-stream"},
    ],
)
def test_a_file_in_a_form_is_left_out_and_reported(file: dict[str, Any]) -> None:
    schema = {**PAYMENT, "properties": {**PAYMENT["properties"], "scan": file}}
    body = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    parameters, notes = read({"requestBody": body})
    assert "scan" not in parameters["properties"]
    assert [note for note in notes if "scan: it is a file and was left out" in note]


def test_encoded_bytes_in_json_are_an_argument() -> None:
    part = {"type": "string", "description": "A scan.", "contentEncoding": "base64"}
    schema = {"type": "object", "properties": {"scan": part}}
    parameters, _ = read({"requestBody": {"content": {"application/json": {"schema": schema}}}})
    assert "scan" in parameters["properties"]
