"""What is too long or no HTTP is refused in the API's shape, and the server goes on."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.dashboards import serving
from tests.desks import small_desk

LONG = 10_000_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    desk = small_desk(tmp_path_factory.mktemp("wired"))
    with serving(desk.root / "store", root=desk.root) as address:
        yield address


def test_a_query_of_ten_megabytes_is_refused_in_one_sentence(address: str) -> None:
    # A client like this one reads no answer before all is sent.
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port)) as client:
        client.sendall(b"GET /api/alerts?entity=" + bytes(LONG).replace(b"\0", b"a"))
        client.sendall(b" HTTP/1.1\r\nhost: localhost\r\n\r\n")
        answer = client.recv(65_536)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ")
    assert json.loads(body) == {
        "error": "request: the address and its headers are over 64 KiB; ask for less at a time"
    }
    assert httpx.get(f"{address}/health/live").json()["status"] == "alive"


def test_what_is_no_http_is_refused_in_one_sentence(address: str) -> None:
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port)) as client:
        client.sendall(b"hello there\r\n\r\n")
        answer = client.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"].startswith("request: it is no")


def test_a_long_address_that_fits_is_answered_by_the_api(address: str) -> None:
    answer = httpx.get(f"{address}/api/raw.prints?price={'9' * 50_000}")

    assert answer.status_code == 422
    assert len(answer.json()["error"]) < 400
