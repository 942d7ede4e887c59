"""The endpoint on the app's port: its configuration, and its defaults."""

import httpx
import pytest
from starlette.applications import Starlette

from backends import endpoint_routes
from tests.coroutines import finished

RUN = f"/client/v4/accounts/{'0' * 32}/ai/run/@cf/google/gemma-3-12b-it"
BODY = {"prompt": "What is a token?", "max_tokens": 5}


def asked(
    environment: dict[str, str], host: str = "127.0.0.1", bearer: str = "any"
) -> httpx.Response:
    """Call the endpoint from another machine."""

    async def ask() -> httpx.Response:
        app = Starlette(routes=endpoint_routes(environment))
        transport = httpx.ASGITransport(app, client=(host, 5000))
        headers = {"Authorization": f"Bearer {bearer}"}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.post(RUN, json=BODY, headers=headers)

    return finished(ask())


def test_without_a_token_the_built_in_model_answers_this_machine() -> None:
    answer = asked({"CLOUDFLARE_API_TOKEN": "operator"})

    assert answer.status_code == 200
    assert answer.json()["result"]["response"].startswith("A token")
    assert answer.headers["x-cabochon-backend"] == "Built-in"


def test_without_a_token_nobody_else_is_answered() -> None:
    assert asked({}, "10.0.0.7").status_code == 403


def test_with_a_token_whoever_has_it_is_answered() -> None:
    environment = {"CABOCHON_ENDPOINT_TOKEN": "mine"}

    assert asked(environment, "10.0.0.7").status_code == 401
    assert asked(environment, "10.0.0.7", "mine").status_code == 200


@pytest.mark.parametrize(
    "environment",
    [
        {"CABOCHON_ENDPOINT_TOKEN": "two words"},
        {"CABOCHON_ENDPOINT_TOKEN": "mine", "CABOCHON_BACKEND": "cloudflare"},
    ],
)
def test_what_is_not_set_up_is_reported_and_not_served(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert endpoint_routes(environment) == []
    assert "The endpoint is not served." in capsys.readouterr().err
