"""The code next to the chat: the next request in each language, without secrets."""

import ast
import io
import zipfile

from components.request.code_view import zip_snippet
from exports import write_snippets
from tests.components.conftest import API_TOKEN
from tests.components.pictures import png
from tests.components.tab import Tab
from workers_ai import ChatRequest, Cloudflare, ImagePart, Message, read_image


def test_the_code_follows_the_controls_and_holds_no_token(cloud: Tab) -> None:
    cloud.session.change_parameters(top_k=7)
    for language in ("curl", "python", "python-requests", "javascript", "worker"):
        cloud.session.show_request = True
        cloud.run()
        cloud.set("selectbox", "code-language", language)
        assert "top_k" in cloud.everything
    assert API_TOKEN not in cloud.sent_to_browser


def test_python_is_python(cloud: Tab) -> None:
    cloud.session.show_request = True
    cloud.run()
    cloud.set("selectbox", "code-language", "python")
    codes = [each.value for each in cloud.at.code if each.value.startswith("import json")]

    ast.parse(codes[0])
    assert "CLOUDFLARE_API_TOKEN" in codes[0]


def test_the_code_for_the_built_in_model_asks_the_endpoint_of_the_app(tab: Tab) -> None:
    tab.session.show_request = True
    tab.run()

    assert "/client/v4/accounts/" in tab.everything


def test_code_can_use_the_endpoint_of_the_app(cloud: Tab) -> None:
    cloud.session.show_request = True
    cloud.run()
    cloud.set("toggle", "code-here", value=True)
    curls = [each.value for each in cloud.at.code if each.value.startswith("curl")]

    assert "0" * 32 in curls[0]


def test_pictures_are_packed_with_the_code() -> None:
    picture = ImagePart.of(read_image(png(600, 400)).data_uri)
    request = ChatRequest(messages=[Message(role="user", content=[picture])])
    written = write_snippets(request, Cloudflare("0" * 32, "token"), images="file")
    snippet = written["python"]
    with zipfile.ZipFile(io.BytesIO(zip_snippet(snippet))) as archive:
        names = archive.namelist()
        assert names == [snippet.file_name, *snippet.files]
        assert archive.read(names[0]).decode() == snippet.code
        assert archive.read(names[1]).startswith(b"\x89PNG")
