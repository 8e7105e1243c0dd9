"""One app has the pages, the API, and a guard before both."""

import asyncio
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bokeh.protocol import Protocol
from bokeh.server.connection import ServerConnection
from bokeh.server.protocol_handler import ProtocolHandler
from starlette.testclient import TestClient

from leadline.errors import ConfigError
from leadline.serving import Serving
from leadline.tokens import Tokens
from panel_app import app
from tests.dashboards import NOON, client
from tests.doors import door


def test_a_page_loads_nothing_from_outside(shown: TestClient) -> None:
    page = shown.get("/")

    assert "<title>Overview · leadline</title>" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert "//cdn" not in page.text


def test_a_foreign_name_gets_neither_page_nor_answer(shown: TestClient) -> None:
    for path in ("/", "/api", "/docs", "/assets/frame.css"):
        answer = shown.get(path, headers={"host": "evil.example"})
        assert (answer.status_code, list(answer.json())) == (403, ["error"]), path


def test_no_secret_is_in_any_answer_and_a_session_opens_all(filled: Path) -> None:
    token, password = "leadline_of_a_test_0123456789", "correct horse"
    held = Tokens(None, {"LEADLINE_TOKENS": f"desk={token}"})
    serving = Serving(held, password=lambda: password)
    with client(filled, serving=serving) as asking:
        outside = [asking.get(path) for path in ("/", "/api", "/docs", "/assets/frame.css")]
        came = asking.post("/login", data={"secret": password}, follow_redirects=False)
        told = asking.get("/nothing", headers={"authorization": f"Bearer {token}"})
        inside = [
            asking.get(path)
            for path in ("/", "/api", "/openapi.json", "/metrics", "/api/ops.params?format=csv")
        ]

    assert [answer.status_code for answer in outside] == [401] * 4
    assert [answer.status_code for answer in inside] == [200] * 5
    assert '<a href="/login">Log out</a>' in inside[0].text
    for answer in (*outside, came, told, *inside):
        said = answer.text + str(answer.headers) + str(answer.url)
        assert token not in said
        assert password not in said


@pytest.mark.parametrize("climb", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd"])
def test_no_address_leads_out_of_the_assets(shown: TestClient, climb: str) -> None:
    answer = shown.get(f"/assets/{climb}")

    assert answer.status_code == 404
    assert "import" not in answer.text


def test_it_is_never_open_to_others_without_a_secret(tmp_path: Path) -> None:
    said: list[str] = []
    with door(tmp_path) as warehouse, pytest.raises(ConfigError, match="open to others"):
        app.serve(warehouse, lambda: NOON, "0.0.0.0", 0, said.append)

    assert said == []


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken, door(tmp_path) as warehouse:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as told:
            app.serve(warehouse, lambda: NOON, "127.0.0.1", port, said.append)

    assert str(told.value) == (
        f"--port: {port} on 127.0.0.1 can't be had, address already in use; "
        f"choose another with --port"
    )
    assert said == []


@pytest.mark.parametrize("has_left", [True, False])
def test_what_a_page_says_last_is_no_fault_and_all_else_is_told(
    has_left: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app.hush()
    session = cast(Any, SimpleNamespace(subscribe=lambda _: None, unsubscribe=lambda _: None))
    connection = ServerConnection(Protocol(), cast(Any, None), cast(Any, None), session)
    if has_left:
        connection.detach_session()

    message = Protocol().create("PULL-DOC-REQ")
    answer = asyncio.run(cast(Any, ProtocolHandler()).handle(message, connection))

    assert answer.msgtype == "ERROR"
    assert ["error handling message" in each for each in caplog.messages] == [True] * (not has_left)
