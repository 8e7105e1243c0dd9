"""Only who calls the server by a name of its own, from a page of its own, is answered."""

import asyncio
import json
from typing import Any

import pytest

from leadline.errors import QueryError
from panel_app.guard import Guard


def asked(
    kind: str, *headers: tuple[str, str], names: tuple[str, ...] = (), query: bytes = b""
) -> list[Any]:
    """Return what is sent to who asks with these headers."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": f"{kind}.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": kind, "path": "/", "query_string": query, "headers": raw}
    asyncio.run(Guard(app, names)(scope, None, send))
    return sent


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000", "192.168.1.5", "desk:8000"],
)
def test_a_name_of_ours_and_an_ip_address_are_answered(host: str) -> None:
    assert asked("http", ("host", host), names=("Desk",))[0]["status"] == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_another_name_is_refused(host: str) -> None:
    sent = asked("http", ("host", host))

    assert sent[0]["status"] == 403
    assert sent[1]["body"].decode() == f'{{"error": "host: \'{host}\' is no name of this server"}}'


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:8001", "http://localhost", "null"]
)
def test_a_page_from_elsewhere_opens_no_socket_and_reads_nothing(origin: str) -> None:
    given = (("host", "localhost:8000"), ("origin", origin))

    assert asked("http", *given)[0]["status"] == 403
    assert [message["type"] for message in asked("websocket", *given)] == ["websocket.close"]


def test_a_socket_is_opened_by_our_own_page_only() -> None:
    ours = asked("websocket", ("host", "127.0.0.1:8000"), ("origin", "http://127.0.0.1:8000"))
    nobody = asked("websocket", ("host", "127.0.0.1:8000"))

    assert ours[0]["type"] == "websocket.response.start"
    assert nobody[0]["type"] == "websocket.close"


def test_an_address_that_is_too_long_is_refused() -> None:
    sent = asked("http", ("host", "localhost"), query=b"x" * 10_000_000)

    assert sent[0]["status"] == 414
    assert json.loads(sent[1]["body"]) == {
        "error": "address: it is longer than 65,536 bytes; ask for less at once"
    }


def test_a_browser_is_told_to_ask_nobody_else() -> None:
    headers = dict(asked("http", ("host", "localhost"))[0]["headers"])

    assert headers[b"content-security-policy"].startswith(b"default-src 'self' ")
    assert b"http" not in headers[b"content-security-policy"]


@pytest.mark.parametrize("is_too_late", [False, True])
def test_what_breaks_an_answer_off_is_one_line_of_the_log(
    caplog: pytest.LogCaptureFixture, is_too_late: bool
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        error = QueryError("answer: cut after 3 rows: it broke")
        if is_too_late:  # as Starlette says where it has a handler for it
            raise RuntimeError("Caught handled exception, but response already started.") from error
        raise error

    scope = {"type": "http", "path": "/api/x", "headers": [(b"host", b"localhost")]}
    asyncio.run(Guard(app)(scope, None, None))

    assert caplog.messages == ["/api/x: answer: cut after 3 rows: it broke"]


def test_a_mistake_of_our_own_is_not_hidden() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("a bug")

    scope = {"type": "http", "path": "/api/x", "headers": [(b"host", b"localhost")]}
    with pytest.raises(RuntimeError, match="a bug"):
        asyncio.run(Guard(app)(scope, None, None))
